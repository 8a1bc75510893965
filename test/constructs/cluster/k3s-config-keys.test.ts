import { host } from "./hosts";
import { digest } from "./steps";
import { K3sCluster } from "../../../constructs/cluster/k3s-cluster";
import type { K3sClusterProps } from "../../../constructs/cluster/k3s-cluster-props";
import type { K3sConfigValue } from "../../../constructs/cluster/k3s-config-keys";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";

const faultsWith = (props: Partial<K3sClusterProps>) =>
  faultsOf(() => new K3sCluster(newStack(), "Cluster", { servers: [host("192.0.2.11")], ...props }));
const release = (version: string) => ({ version, binary: { path: "/k3s", sha256: digest("a") } });

test("keys of the release are taken, on servers those of agents too", () => {
  const serverConfig = {
    "etcd-snapshot-retention": 3,
    "secrets-encryption": true,
    "kubelet-arg": ["max-pods=50"],
    "kube-apiserver-arg": "v=2",
    "node-internal-dns": ["a.example.com"],
  };
  expect(faultsWith({ serverConfig, agentConfig: { "kubelet-arg": ["max-pods=50"] } })).toEqual([]);
});

const servers: [string, string, string, K3sConfigValue][] = [
  ["a key is misspelt", "serverConfig must hold keys that `k3s server` of v1.36.2+k3s1 knows", "kubelet-args", ["a=b"]],
  ["a key is another prop's", "serverConfig.cluster-cidr must be left to the construct", "cluster-cidr", "10.1.0.0/16"],
  ["a key is relied on", "serverConfig.data-dir must be left as K3s has it", "data-dir", "/data"],
  ["a server would be no node", "serverConfig.disable-agent must be left out", "disable-agent", true],
  ["a key holds a secret", "serverConfig.token must not stand in a configuration", "token", "x"],
  ["a flag has a text", "serverConfig.secrets-encryption must be a flag", "secrets-encryption", "yes"],
  ["a text has a list", "serverConfig.cluster-domain must be one value", "cluster-domain", ["a"]],
  ["a list has a flag", "serverConfig.etcd-arg must be one value or a list", "etcd-arg", true],
  ["a text has two lines", "serverConfig.cluster-domain must be one value", "cluster-domain", "a\nb"],
  ["a list holds two lines", "serverConfig.etcd-arg must be one value or a list", "etcd-arg", ["a\nb"]],
];
test.each(servers)("fails if %s", (_, fault, key, value) => {
  expect(faultsWith({ serverConfig: { [key]: value } })).toEqual([expect.stringContaining(`[lab/Cluster] ${fault}`)]);
});

test("an unknown key is told with the nearest known one", () => {
  expect(faultsWith({ serverConfig: { "kubelet-args": ["a=b"] } })[0]).toContain('use "kubelet-arg"');
  expect(faultsWith({ agentConfig: { "secrets-encryption": true } })[0]).toContain("`k3s agent`");
});

test.each([
  ["nonroot-devices", "v1.27.16+k3s1", "v1.28.16+k3s1"],
  ["secrets-encryption-provider", "v1.29.15+k3s1", "v1.32.4+k3s1"],
])("%s is no key of %s, but one of %s", (key, older, newer) => {
  const serverConfig = { [key]: key === "nonroot-devices" ? true : "secretbox" };
  expect(faultsWith({ serverConfig, release: release(older) })).toEqual([expect.stringContaining(`of ${older} knows`)]);
  expect(faultsWith({ serverConfig, release: release(newer) })).toEqual([]);
});
