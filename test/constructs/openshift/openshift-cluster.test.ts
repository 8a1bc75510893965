import * as path from "node:path";
import { parse } from "yaml";
import { OpenShiftCluster, type OpenShiftClusterProps } from "../../../constructs/openshift/openshift-cluster";
import { faultsOf } from "../../helpers/faults";
import { newStack, stored, synthStack, type Block } from "../../helpers/synth";

const minimal: OpenShiftClusterProps = {
  version: "4.18.9",
  baseDomain: "example.com",
  clusterName: "lab",
  platform: { none: {} },
  pullSecretPath: "/secrets/pull",
};

function install(props: Partial<OpenShiftClusterProps> = {}) {
  const stack = newStack();
  const cluster = new OpenShiftCluster(stack, "Cluster", { ...minimal, ...props });
  const steps = synthStack(stack).all("terraform_data") as (Block & { input: Record<string, string> })[];
  const [guard, step] = [steps.find(({ depends_on: on }) => !on)!, steps.find(({ depends_on: on }) => on)!];
  const values = Object.fromEntries(Object.entries(step.input).map(([name, value]) => [name, stored(value)]));
  const config = parse(values.LAB_INSTALL_CONFIG!) as Record<string, unknown>;
  return { cluster, guard, step, values, config };
}

test("the required props give an installation with the installer's own defaults, on machines of the user's", () => {
  const { cluster, config, values } = install();
  expect(cluster).toMatchObject({
    distribution: "openshift",
    kubeconfigPath: path.resolve(".lab/lab/install/auth/kubeconfig"),
    nodes: [],
    clusterCidrs: ["10.128.0.0/14"],
    serviceCidrs: ["172.30.0.0/16"],
    clusterNetwork: { type: "ovn-kubernetes", openshiftVersion: "4.18.9", joinSubnets: undefined },
  });
  expect(config).toEqual({
    apiVersion: "v1",
    baseDomain: "example.com",
    metadata: { name: "lab" },
    networking: {
      networkType: "OVNKubernetes",
      machineNetwork: [{ cidr: "10.0.0.0/16" }],
      clusterNetwork: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
      serviceNetwork: ["172.30.0.0/16"],
    },
    controlPlane: { name: "master", replicas: 3 },
    compute: [{ name: "worker", replicas: 0 }],
    platform: { none: {} },
  });
  expect(values).toMatchObject({
    LAB_NETWORK_MANIFEST: "",
    LAB_USER_PROVISIONED: "true",
    LAB_INSTALLER: "openshift-install",
  });
});

test("every prop is used, and of files only the paths", () => {
  const all: Required<OpenShiftClusterProps> = {
    ...minimal,
    platform: { aws: { region: "eu-west-1", userTags: { note: "${note}" } } },
    platformPath: undefined as never,
    sshPublicKeyPath: "/secrets/key.pub",
    machineNetwork: ["192.0.2.0/24"],
    clusterNetwork: [{ cidr: "10.0.0.0/14", hostPrefix: 24 }],
    serviceNetwork: ["172.31.0.0/16"],
    internalJoinSubnet: "100.65.0.0/16",
    internalTransitSwitchSubnet: "100.89.0.0/16",
    internalMasqueradeSubnet: "169.254.168.0/29",
    controlPlaneReplicas: 1,
    computeReplicas: 2,
    proxy: { httpProxy: "http://proxy.example.com:3128", noProxy: [".example.com", "192.0.2.0/24"] },
    trustBundlePath: "/secrets/ca.pem",
    more: { fips: true },
    installerPath: "/opt/openshift-install",
    nodes: [{ name: "node-1", role: "server" }],
    managementInterfaces: ["ens3"],
    stateDirectory: "/var/lab",
  };
  const { cluster, guard, config, values } = install(all);
  expect(cluster).toMatchObject({
    nodes: all.nodes,
    managementInterfaces: ["ens3"],
    kubeconfigPath: "/var/lab/install/auth/kubeconfig",
    clusterNetwork: {
      joinSubnets: ["100.65.0.0/16"],
      transitSubnets: ["100.89.0.0/16"],
      masqueradeSubnets: ["169.254.168.0/29"],
    },
  });
  expect(config).toMatchObject({
    platform: all.platform,
    networking: { machineNetwork: [{ cidr: "192.0.2.0/24" }], clusterNetwork: all.clusterNetwork },
    proxy: { httpProxy: "http://proxy.example.com:3128", noProxy: ".example.com,192.0.2.0/24" },
    controlPlane: { replicas: 1 },
    compute: [{ replicas: 2 }],
    fips: true,
  });
  expect(parse(values.LAB_NETWORK_MANIFEST!)).toMatchObject({
    kind: "Network",
    spec: {
      defaultNetwork: {
        ovnKubernetesConfig: {
          ipv4: { internalJoinSubnet: "100.65.0.0/16", internalTransitSwitchSubnet: "100.89.0.0/16" },
          gatewayConfig: { ipv4: { internalMasqueradeSubnet: "169.254.168.0/29" } },
        },
      },
    },
  });
  expect(values).toMatchObject({
    LAB_STATE_DIRECTORY: "/var/lab",
    LAB_INSTALLER: "/opt/openshift-install",
    LAB_USER_PROVISIONED: "false",
    LAB_PULL_SECRET_PATH: "/secrets/pull",
    LAB_SSH_PUBLIC_KEY_PATH: "/secrets/key.pub",
    LAB_TRUST_BUNDLE_PATH: "/secrets/ca.pem",
  });
  expect(guard.provisioner).toMatchObject([
    { "local-exec": { when: "create", command: "check" } },
    { "local-exec": { when: "destroy", command: "destroy" } },
  ]);
  expect(guard.triggers_replace).toEqual({ directory: "/var/lab" });
});

test.each<[string, Partial<OpenShiftClusterProps>, string]>([
  ["the version is not exact", { version: "4.18" }, "version must be an exact version"],
  ["the domain is none", { baseDomain: "-x" }, "baseDomain must"],
  ["the name is none", { clusterName: "a.b" }, "clusterName must"],
  ["no platform is given", { platform: undefined }, "platform must be given once"],
  ["two platforms are given", { platform: { none: {}, aws: { region: "x" } } }, "platform must name one platform"],
  ["the platform is given twice", { platformPath: "/p" }, "platform must be given once"],
  [
    "a password would stand in the state",
    { platform: { vsphere: { vcenters: [{ password: "x" }] } } },
    "platform must hold no password",
  ],
  ["a path is an option", { pullSecretPath: "-x" }, "pullSecretPath must"],
  ["a machine network is none", { machineNetwork: ["x"] }, "machineNetwork[0] must"],
  ["pods and Services share addresses", { serviceNetwork: ["10.129.0.0/16"] }, "serviceNetwork[0] must not overlap"],
  ["the join network is the machines'", { internalJoinSubnet: "10.0.4.0/24" }, "internalJoinSubnet must not overlap"],
  [
    "the transit network is IPv6",
    { internalTransitSwitchSubnet: "fd00::/64" },
    "internalTransitSwitchSubnet must be an IPv4",
  ],
  [
    "the masquerade network is too small",
    { internalMasqueradeSubnet: "169.254.9.0/31" },
    "internalMasqueradeSubnet must be",
  ],
  [
    "a node would get all pods",
    { clusterNetwork: [{ cidr: "10.128.0.0/14", hostPrefix: 14 }] },
    "clusterNetwork[0].hostPrefix",
  ],
  ["etcd could not agree", { controlPlaneReplicas: 2 }, "controlPlaneReplicas must be 1, 3, 4 or 5"],
  ["there are less than no machines", { computeReplicas: -1 }, "computeReplicas must"],
  ["the proxy is none", { proxy: { httpProxy: "x" } }, "proxy.httpProxy must"],
  ["a key is set twice", { more: { pullSecret: "x" } }, "more must not be a key"],
  ["a node has no name", { nodes: [{ name: "", role: "server" }] }, "nodes[0].name must"],
  ["an interface is none", { managementInterfaces: ["a/b"] }, "managementInterfaces[0] must"],
])("fails if %s", (_, props, fault) => {
  expect(faultsOf(() => install(props)).join("\n")).toContain(`[lab/Cluster] ${fault}`);
});
