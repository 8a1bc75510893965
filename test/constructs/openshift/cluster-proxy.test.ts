import { ClusterProxy, type ClusterProxyProps } from "../../../constructs/openshift/cluster-proxy";
import type { Distribution } from "../../../constructs/cluster/cluster";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack, type Block } from "../../helpers/synth";
import { TestCluster } from "../../helpers/test-cluster";

const url = "http://proxy.example.com:3128";

function proxy(props: Partial<ClusterProxyProps>, distribution: Distribution = "openshift") {
  const stack = newStack();
  const cluster = new TestCluster(stack, "Cluster", distribution);
  const made = new ClusterProxy(stack, "Proxy", { cluster, ...props });
  return { made, result: synthStack(stack) };
}

/** What the steps get by the environment. */
function inputs({ result }: ReturnType<typeof proxy>) {
  const steps = result.all("terraform_data") as (Block & { input: Record<string, string> })[];
  const apply = steps.find(({ input }) => "LAB_MANIFEST" in input)!;
  return { apply, withdraw: steps.find((step) => step !== apply)! };
}

test("one proxy sets one field, and takes it away on destroy", () => {
  const { apply, withdraw } = inputs(proxy({ httpProxy: url }));
  const identity = { apiVersion: "config.openshift.io/v1", kind: "Proxy", metadata: { name: "cluster" } };
  expect(JSON.parse(apply.input.LAB_MANIFEST!)).toEqual({ ...identity, spec: { httpProxy: url } });
  expect(apply.input.LAB_TAKEN_WHEN_EMPTY).toBe("{.spec.httpProxy}");
  expect(JSON.parse(withdraw.input.LAB_WITHDRAWN!)).toEqual({ ...identity, spec: {} });
  expect(withdraw.provisioner).toMatchObject([{ "local-exec": { when: "destroy", command: "withdraw" } }]);
});

test("a change is set in place: only the step that sets runs again", () => {
  const { apply, withdraw } = inputs(proxy({ httpProxy: url }));
  expect(apply.triggers_replace).toEqual(apply.input);
  expect(withdraw.triggers_replace).toBeUndefined();
  expect(apply.depends_on).toEqual([expect.stringContaining("Withdraw")]);
});

test("every prop is used, and of the bundle only its certificates", () => {
  const all: Required<Omit<ClusterProxyProps, "cluster">> = {
    httpProxy: url,
    httpsProxy: "https://[2001:db8::1]:443",
    noProxy: [".example.com", "192.0.2.7", "10.0.0.0/16"],
    trustBundlePath: "/etc/ssl/a ${b}.pem",
  };
  const made = proxy(all);
  const { apply, withdraw } = inputs(made);
  const map = made.result.only("kubernetes_config_map_v1") as {
    metadata: { name: string };
    data: Record<string, string>;
  };
  expect(JSON.parse(apply.input.LAB_MANIFEST!)).toMatchObject({
    spec: {
      httpsProxy: all.httpsProxy,
      noProxy: ".example.com,192.0.2.7,10.0.0.0/16",
      trustedCA: { name: map.metadata.name },
    },
  });
  expect(map.metadata).toMatchObject({ namespace: "openshift-config" });
  expect(map.data["ca-bundle.crt"]).toBe(
    '${join("\\n", regexall("(?s)-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", file("/etc/ssl/a $${b}.pem")))}',
  );
  expect(JSON.parse(withdraw.input.LAB_WITHDRAWN!)).toMatchObject({ spec: { trustedCA: { name: "" } } });
});

test.each<[string, Partial<ClusterProxyProps>, string]>([
  [
    "a password would stand in the state",
    { httpProxy: "http://user:secret@proxy:3128" },
    "httpProxy must hold no user",
  ],
  ["the URL is none", { httpsProxy: "proxy:3128" }, "httpsProxy must be the URL of a proxy"],
  ["the port is none", { httpProxy: "http://proxy:99999" }, "httpProxy must be the URL of a proxy"],
  ["an exception is none", { httpProxy: url, noProxy: ["a b"] }, "noProxy[0] must be a domain"],
  ["everything is excepted, and more", { httpProxy: url, noProxy: ["*", ".example.com"] }, "noProxy must hold * alone"],
  ["no proxy is given", { noProxy: [".example.com"] }, "httpProxy must be given, or httpsProxy"],
  ["the path is an option", { httpProxy: url, trustBundlePath: "-x" }, "trustBundlePath must be a file path"],
])("fails if %s", (_, props, fault) => {
  expect(faultsOf(() => proxy(props))).toEqual([expect.stringContaining(`[lab/Proxy] ${fault}`)]);
});

test("fails if the cluster is no OpenShift", () => {
  expect(faultsOf(() => proxy({ httpProxy: url }, "k3s")).join()).toContain("cluster must be an OpenShift");
});
