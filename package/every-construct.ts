import * as constructs from "../constructs";
import { App, TerraformStack, type Construct } from "../constructs/private/terraform";
import * as stacks from "../stacks";

const {
  AdoptedNamespace,
  Attachment,
  BridgeNetwork,
  ExistingCluster,
  Ipam,
  IpvlanNetwork,
  MacvlanNetwork,
  MulticastCheck,
  MulticastGroup,
  MulticastNamespace,
  Multus,
  NetworkAttachmentDefinition,
  SocatCheck,
  SshHost,
  VerificationPod,
} = constructs;

const image = "example.org/probe:1";
const group = MulticastGroup.of("239.1.1.1", { port: 5004 });
const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)}`;

/** An app with every construct and every stack that the package exports, with all that makes a part of the construct tree. */
export function everyConstruct(outdir: string): App {
  const app = new App({ outdir });
  const hosts = clusterStack(app);
  new Constructs(app, "constructs", hosts.cluster);
  new OldOpenShift(app, "old-openshift");
  const common = { cluster: hosts.cluster, master: "eth1", probeImage: image };
  new stacks.LabStack(app, "lab", { ...common, statePath: "lab.tfstate", range: { subnet: "10.31.0.0/24" } });
  new stacks.MultusQuickstart(app, "multus-quickstart", {
    ...common,
    statePath: "multus-quickstart.tfstate",
    range: { subnet: "10.32.0.0/24" },
  });
  return app;
}

function clusterStack(scope: Construct): InstanceType<typeof stacks.ClusterStack> {
  const access = { user: "lab", privateKeyPath: "/key", hostKey };
  const file = { path: "/file", sha256: "a".repeat(64) };
  return new stacks.ClusterStack(scope, "cluster", {
    statePath: "cluster.tfstate",
    servers: [SshHost.of("192.0.2.11", { ...access, nodeName: "server" })],
    agents: [SshHost.of("192.0.2.12", { ...access, nodeName: "agent" })],
    cniPlugins: file,
    imageArchives: [{ ...file, path: "/images.tar" }],
    stateDirectory: "/var/lib/lab",
  });
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
      multicastSwitch: "ovn-kubernetes",
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
    new VerificationPod(this, "Pod", { namespace, command: ["sleep", "1"], attachments: [Attachment.of(network)] });
  }
}

/** OpenShift 3.11, whose switch for multicast is not on the namespace. */
class OldOpenShift extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const cluster = ExistingCluster.fromKubeconfig(this, "Cluster", {
      kubeconfigPath: "/kubeconfig",
      distribution: "openshift",
      clusterNetwork: { type: "openshift-sdn" },
      nodes: [{ name: "node-1", role: "server" }],
    });
    new MulticastNamespace(this, "Media", { cluster, namespaceName: "media" });
    new AdoptedNamespace(this, "Adopted", { cluster, namespaceName: "adopted" });
  }
}
