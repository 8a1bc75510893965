import { nearest } from "../private/nearest";
import { oneLine } from "../private/rules";
import type { Faults, Rule, Violation } from "../private/validate";

/** A value of K3s' configuration file (https://docs.k3s.io/installation/configuration#configuration-file). */
export type K3sConfigValue = string | number | boolean | readonly string[];

/** What a key takes: `--key`, `--key VALUE`, or `--key VALUE` any number of times. */
type Kind = "flag" | "text" | "list";
type Keys = Readonly<Record<Kind, string>>;

/** Keys of agents and, since a server runs an agent as well, of servers (https://docs.k3s.io/cli/agent). */
const keysOfNodes: Keys = {
  flag:
    "debug alsologtostderr selinux protect-kernel-defaults prefer-bundled-bin enable-pprof nonroot-devices " +
    "disable-default-registry-endpoint",
  text:
    "v vmodule log lb-server-port default-runtime pause-image snapshotter resolv-conf flannel-conf flannel-cni-conf bind-address " +
    "container-runtime-endpoint image-service-endpoint image-credential-provider-bin-dir image-credential-provider-config vpn-auth-file",
  list: "kubelet-arg kube-proxy-arg node-external-ip node-internal-dns node-external-dns airgap-extra-registry",
};

const keysOfAgents: Keys = { flag: "disable-apiserver-lb", text: "", list: "" };

/** Keys of servers alone (https://docs.k3s.io/cli/server). */
const keysOfServers: Keys = {
  flag:
    "tls-san-security flannel-ipv6-masq flannel-external-ip secrets-encryption disable-scheduler disable-cloud-controller " +
    "disable-helm-controller embedded-registry supervisor-metrics etcd-expose-metrics etcd-disable-snapshots etcd-snapshot-compress " +
    "etcd-s3 etcd-s3-skip-ssl-verify etcd-s3-insecure",
  text:
    "advertise-address advertise-port service-node-port-range cluster-domain egress-selector-mode servicelb-namespace " +
    "write-kubeconfig-group helm-job-image agent-token-file etcd-snapshot-name etcd-snapshot-schedule-cron " +
    "etcd-snapshot-reconcile-interval etcd-snapshot-retention etcd-snapshot-dir etcd-s3-endpoint etcd-s3-endpoint-ca etcd-s3-bucket " +
    "etcd-s3-bucket-lookup-type etcd-s3-region etcd-s3-folder etcd-s3-proxy etcd-s3-config-secret etcd-s3-timeout etcd-s3-retention " +
    "default-local-storage-path system-default-registry secrets-encryption-provider",
  list: "cluster-dns etcd-arg kube-apiserver-arg kube-controller-manager-arg kube-scheduler-arg kube-cloud-controller-manager-arg",
};

/** The first minor line with a release that has the key: K3s brings new keys to all lines that it still keeps up. The others are older. */
const firstMinor: ReadonlyMap<string, number> = new Map([
  ["write-kubeconfig-group", 27],
  ["supervisor-metrics", 27],
  ["default-runtime", 27],
  ["etcd-s3-proxy", 27],
  ["etcd-s3-config-secret", 27],
  ["nonroot-devices", 28],
  ["node-internal-dns", 28],
  ["node-external-dns", 28],
  ["etcd-snapshot-reconcile-interval", 29],
  ["secrets-encryption-provider", 30],
  ["etcd-s3-bucket-lookup-type", 31],
  ["etcd-s3-retention", 31],
]);

const secret = "not stand in a configuration, which Terraform's state holds";
const whole = "be left out: every server runs the whole control plane and a node";
const relied = "be left as K3s has it: installing, fetching the kubeconfig and taking off rely on it";

/** Keys that are set otherwise, or that would break what the construct relies on, with what to write instead. */
const ownKeys: ReadonlyMap<string, Violation> = new Map([
  ...refuse("be left to the construct", {
    "the host's nodeName": "node-name",
    "the host's nodeIps": "node-ip",
    "the host's nodeLabels": "node-label",
    "the host's nodeTaints": "node-taint",
    flannelInterface: "flannel-iface",
    flannelBackend: "flannel-backend",
    clusterCidrs: "cluster-cidr",
    serviceCidrs: "service-cidr",
    disable: "disable",
    tlsSans: "tls-san",
    disableKubeProxy: "disable-kube-proxy",
    disableNetworkPolicy: "disable-network-policy",
    registries: "private-registry",
    "servers and agents": "server cluster-init",
  }),
  ...refuse(relied, {
    "no such key":
      "data-dir https-listen-port write-kubeconfig write-kubeconfig-mode with-node-id rootless docker config token-file cluster-reset " +
      "cluster-reset-restore-path",
  }),
  ...refuse(whole, {
    "agents for the pods": "disable-agent disable-apiserver disable-controller-manager disable-etcd",
  }),
  ...refuse(secret, {
    "the token in the state directory": "token agent-token",
    "embedded etcd": "datastore-endpoint datastore-cafile datastore-certfile datastore-keyfile",
    "etcd-s3-config-secret": "etcd-s3-access-key etcd-s3-secret-key etcd-s3-session-token",
    "vpn-auth-file": "vpn-auth",
  }),
]);

function refuse(must: string, keysByUse: Readonly<Record<string, string>>): [string, Violation][] {
  return Object.entries(keysByUse).flatMap(([use, keys]) =>
    keys.split(" ").map((key): [string, Violation] => [key, { must, use }]),
  );
}

function knownKeys(role: "server" | "agent", minor: number): ReadonlyMap<string, Kind> {
  const tables = [keysOfNodes, role === "server" ? keysOfServers : keysOfAgents];
  const pairs = tables.flatMap((table) =>
    (["flag", "text", "list"] as const).flatMap((kind) => table[kind].split(" ").map((key) => [key, kind] as const)),
  );
  return new Map(pairs.filter(([key]) => key !== "" && minor >= (firstMinor.get(key) ?? 0)));
}

const rules: Readonly<Record<Kind, Rule<K3sConfigValue>>> = {
  flag: (value) => (typeof value === "boolean" ? undefined : { must: "be a flag", use: "true or false" }),
  text: (value) =>
    typeof value === "number" || isPlainText(value)
      ? undefined
      : { must: "be one value", use: "one line of text or a number" },
  list: (value) =>
    isPlainText(value) || (Array.isArray(value) && value.every(isPlainText))
      ? undefined
      : { must: "be one value or a list of them", use: 'texts of one line each, like ["max-pods=50"]' },
};

function isPlainText(value: unknown): value is string {
  return typeof value === "string" && !oneLine(value);
}

/**
 * Records what is wrong with configuration keys of the user's own.
 *
 * @param field Name of the prop.
 * @param version Release that reads them, like `v1.36.2+k3s1`.
 */
export function checkConfigKeys(
  faults: Faults,
  field: string,
  config: Readonly<Record<string, K3sConfigValue>>,
  role: "server" | "agent",
  version: string,
): void {
  const known = knownKeys(role, Number(/^v1\.(\d+)\./.exec(version)?.[1] ?? Infinity));
  for (const [key, value] of Object.entries(config)) {
    const own = ownKeys.get(key);
    const kind = known.get(key);
    if (own) faults.add(`${field}.${key}`, value, own);
    else if (kind) faults.check(`${field}.${key}`, value, rules[kind]);
    else faults.add(field, key, unknownKey(key, role, version, [...known.keys()]));
  }
}

function unknownKey(key: string, role: "server" | "agent", version: string, known: readonly string[]): Violation {
  const near = nearest(key, known);
  return {
    must: `hold keys that \`k3s ${role}\` of ${version} knows (https://docs.k3s.io/cli/${role})`,
    use: near ? `"${near}"` : "one of those",
  };
}
