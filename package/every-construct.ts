import { everyOpenShift } from "./every-openshift-construct";
import * as constructs from "../constructs";
import { App, TerraformStack, type Construct } from "../constructs/private/terraform";
import { ClusterStack } from "../stacks";
import type { LabSite } from "../stacks/lab-site";
import { registeredStack, STACKS } from "../stacks/registry";

const {
  AdoptedNamespace,
  Attachment,
  BridgeNetwork,
  Ipam,
  IpvlanNetwork,
  MacvlanNetwork,
  MulticastCheck,
  MulticastGroup,
  MulticastNamespace,
  Multus,
  NetworkAttachmentDefinition,
  NetworkStatusCheck,
  SocatCheck,
  SshHost,
  VerificationPod,
} = constructs;

const image = "example.org/probe:1";
const group = MulticastGroup.of("239.1.1.1", { port: 5004 });
const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)}`;
const access = { user: "lab", privateKeyPath: "/key", hostKey };

/** Every construct and every stack that the package exports, with all that makes a part of the construct tree. */
export function everyConstruct(outdir: string): TerraformStack[] {
  const app = new App({ outdir });
  const cluster = clusterStack(app);
  return [
    cluster,
    new Constructs(app, "constructs", cluster.cluster),
    ...everyOpenShift(app),
    ...Object.keys(STACKS).map((name) => aloneOnItsCluster(outdir, name)),
  ];
}

/** A stack of the registry as on the embedded lab. */
function aloneOnItsCluster(outdir: string, name: string): TerraformStack {
  const app = new App({ outdir });
  const { clusterNetwork: type, make } = registeredStack(name);
  const cluster = clusterStack(app).cluster;
  return make(app, name, site(type === undefined ? cluster : onNetwork(app, cluster, type)));
}

/** The same cluster, with pods that something else carries. */
function onNetwork(
  scope: Construct,
  { kubeconfigPath, nodes }: constructs.ICluster,
  type: constructs.ClusterNetworkType,
): constructs.ICluster {
  const clusterCidrs = ["10.42.0.0/16"];
  const attributes = { kubeconfigPath, nodes, clusterCidrs, clusterNetwork: { type } };
  return constructs.ExistingCluster.fromKubeconfig(scope, "OnNetwork", attributes);
}

function clusterStack(scope: Construct): ClusterStack {
  const file = { path: "/cni.tgz", sha256: "a".repeat(64) };
  return new ClusterStack(scope, "cluster", {
    statePath: "cluster.tfstate",
    servers: [SshHost.of("192.0.2.11", { ...access, nodeName: "server" })],
    agents: [SshHost.of("192.0.2.12", { ...access, nodeName: "agent" })],
    cniPlugins: file,
    imageArchives: [{ ...file, path: "/images.tar" }],
    stateDirectory: "/var/lib/lab",
  });
}

/** What `./lab up` would tell the stacks of the registry. */
function site(cluster: constructs.ICluster): LabSite {
  return {
    cluster,
    stateDirectory: "/var/lib/lab",
    masters: ["eth1", "eth2", "eth3", "eth4"],
    dataSubnet: "10.30.0.0/24",
    images: { probe: image, multus: "example.org/multus:1" },
    externals: [
      { name: "external", ssh: SshHost.of("192.0.2.13", access), dataInterfaces: ["eth1", "eth2", "eth3", "eth4"] },
    ],
  };
}

class Constructs extends TerraformStack {
  public constructor(scope: Construct, id: string, cluster: constructs.ICluster) {
    super(scope, id);
    const multus = new Multus(this, "Multus", { cluster });
    const namespace = new MulticastNamespace(this, "Media", { cluster, namespaceName: "every" });
    new AdoptedNamespace(this, "Adopted", {
      cluster,
      namespaceName: "adopted",
      labels: { a: "b" },
      annotations: { a: "b" },
    });
    const common = { multus, namespace };
    const network = new MacvlanNetwork(this, "Plane", {
      ...common,
      master: "eth1",
      ipam: Ipam.hostLocal({ subnet: "10.20.0.0/24" }),
    });
    new MacvlanNetwork(this, "Groups", {
      ...common,
      master: [
        { master: "eth1", nodes: ["server"] },
        { master: "ens4", nodes: ["agent"] },
      ],
      ipam: Ipam.hostLocal({ subnet: "10.21.0.0/24" }),
    });
    new IpvlanNetwork(this, "Ipvlan", { ...common, master: "eth2", ipam: Ipam.hostLocal({ subnet: "10.22.0.0/24" }) });
    new BridgeNetwork(this, "Bridge", { ...common, bridge: "lab0", ipam: Ipam.hostLocal({ subnet: "10.23.0.0/24" }) });
    new NetworkAttachmentDefinition(this, "Definition", { ...common, config: { type: "dummy" } });
    new MulticastCheck(this, "Check", { network, group });
    new SocatCheck(this, "Socat", { network, image });
    const pod = new VerificationPod(this, "Pod", {
      namespace,
      command: ["sleep", "1"],
      attachments: [Attachment.of(network)],
    });
    new NetworkStatusCheck(this, "Status", { namespace, pods: [pod], image });
  }
}
