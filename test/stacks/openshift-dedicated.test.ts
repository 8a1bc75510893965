import { OpenShiftCluster } from "../../constructs/openshift/openshift-cluster";
import { Testing } from "../../constructs/private/terraform";
import { OpenShiftDedicated, type OpenShiftDedicatedProps } from "../../stacks/openshift-dedicated";
import { configsOf } from "../constructs/verification/check-objects";
import { synthStack } from "../helpers/synth";

function stack(props: Partial<OpenShiftDedicatedProps> = {}): OpenShiftDedicated {
  const cluster = OpenShiftCluster.fromKubeconfig(Testing.app(), "cluster", {
    kubeconfigPath: "/etc/kubeconfig",
    nodes: [
      { name: "node-1", role: "agent" },
      { name: "node-2", role: "agent" },
    ],
    version: "4.18",
  });
  const probeImage = "registry.example.com/probe:1";
  return new OpenShiftDedicated(Testing.app(), "dedicated", { cluster, statePath: "/state", probeImage, ...props });
}

test("the project is switched on, and both checks are on the cluster's network; the proxy is left as it is", () => {
  const made = stack();
  const result = synthStack(made);
  expect(result.only("kubernetes_namespace_v1").metadata).toMatchObject({
    annotations: { "k8s.ovn.org/multicast-enabled": "true" },
  });
  expect(configsOf(result)).toMatchObject({
    "mlistener.json": { interface: "eth0", destination: { group: "224.1.0.1", port: 30102 } },
    "sender.json": { interface: "eth0", ttl: 64 },
  });
  expect(result.all("terraform_data")).toEqual([]);
  expect(made.proxy).toBeUndefined();
});

test("the proxy of the document: both URLs, exceptions and the bundle", () => {
  const proxy = {
    httpProxy: "http://proxy.example.com:3128",
    httpsProxy: "http://proxy.example.com:3129",
    noProxy: [".example.com"],
    trustBundlePath: "/etc/ssl/bundle.pem",
  };
  const result = synthStack(stack({ proxy, adoptNamespace: true, namespaceName: "media" }));
  const manifests = result.all("terraform_data").map(({ input }) => (input as Record<string, string>).LAB_MANIFEST);
  expect(JSON.parse(manifests.find((text) => text !== undefined) ?? "{}")).toMatchObject({
    kind: "Proxy",
    spec: { httpProxy: proxy.httpProxy, httpsProxy: proxy.httpsProxy, noProxy: ".example.com" },
  });
  expect(result.only("kubernetes_annotations")).toMatchObject({ metadata: { name: "media" } });
});
