import { Testing } from "../../constructs/private/terraform";
import { ClusterStack } from "../../stacks/cluster-stack";
import { host } from "../constructs/cluster/hosts";
import { synthStack } from "../helpers/synth";

test("keeps its state in the given file and shows its cluster", () => {
  const stack = new ClusterStack(Testing.app(), "cluster", {
    statePath: "/var/lib/lab/cluster.tfstate",
    servers: [host("192.0.2.11", { nodeName: "server" })],
    stateDirectory: "/var/lib/lab",
  });
  expect(synthStack(stack).json).toMatchObject({
    terraform: { backend: { local: { path: "/var/lib/lab/cluster.tfstate" } } },
  });
  expect(stack.cluster).toMatchObject({ kubeconfigPath: "/var/lib/lab/kubeconfig", nodes: [{ name: "server" }] });
});
