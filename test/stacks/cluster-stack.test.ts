import { Testing } from "../../constructs/private/terraform";
import { ClusterStack } from "../../stacks/cluster-stack";
import { host } from "../constructs/cluster/hosts";

test("keeps its state in the given file and shows its cluster", () => {
  const stack = new ClusterStack(Testing.app(), "cluster", {
    statePath: "/var/lib/lab/cluster.tfstate",
    servers: [host("192.0.2.11", { nodeName: "server" })],
    stateDirectory: "/var/lib/lab",
  });
  const { terraform } = JSON.parse(Testing.synth(stack, true)) as { terraform: { backend: unknown } };
  expect(terraform.backend).toEqual({ local: { path: "/var/lib/lab/cluster.tfstate" } });
  expect(stack.cluster).toMatchObject({ kubeconfigPath: "/var/lib/lab/kubeconfig", nodes: [{ name: "server" }] });
});
