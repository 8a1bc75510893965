/** An app of somebody else's, as an npm project of its own sees the package: every asset of the library is used once. */
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  attach,
  Attachment,
  ClusterProxy,
  ExistingCluster,
  Ipam,
  MacvlanMode,
  MacvlanNetwork,
  MulticastCheck,
  MulticastGroup,
  MulticastNamespace,
  Multus,
  OpenShiftCluster,
  providersOf,
  SshHost,
  ValidationError,
  type ICluster,
} from "multicast-lab";
import { ClusterStack, LabStack } from "multicast-lab/stacks";

const access = {
  user: "lab",
  privateKeyPath: "key",
  hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
};

class Media extends TerraformStack {
  public constructor(scope: Construct, id: string, cluster: ICluster) {
    super(scope, id);
    const multus = new Multus(this, "Multus", { cluster });
    const namespace = new MulticastNamespace(this, "Media", { cluster, namespaceName: "studio" });
    const network = new MacvlanNetwork(this, "Plane", {
      multus,
      namespace,
      master: "eth1",
      mode: MacvlanMode.BRIDGE,
      ipam: Ipam.hostLocal({ subnet: "10.20.0.0/24", rangeStart: "10.20.0.50", rangeEnd: "10.20.0.99" }),
    });
    new MulticastCheck(this, "PlaneCarriesMulticast", {
      network,
      group: MulticastGroup.of("239.1.1.1", { port: 5004 }),
    });
    const labels = { app: "player" };
    const player = new DeploymentV1(this, "Player", {
      provider: providersOf(this, cluster).kubernetes,
      metadata: { name: "player", namespace: namespace.namespaceName },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { container: [{ name: "player", image: "example.org/player:1" }] } },
      },
    });
    attach(player, [Attachment.of(network)]);
  }
}

class OpenShift4 extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const cluster = OpenShiftCluster.fromKubeconfig(this, "Cluster", {
      kubeconfigPath: "kubeconfig",
      nodes: [{ name: "worker-1", role: "agent" }],
    });
    new ClusterProxy(this, "Proxy", { cluster, httpProxy: "http://192.0.2.1:3128" });
  }
}

class OpenShift3 extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const cluster = ExistingCluster.fromKubeconfig(this, "Cluster", {
      kubeconfigPath: "kubeconfig",
      distribution: "openshift",
      clusterNetwork: { type: "openshift-sdn" },
      nodes: [{ name: "node-1", role: "server" }],
    });
    new MulticastNamespace(this, "Media", { cluster, namespaceName: "media" });
  }
}

const app = new App();
const hosts = new ClusterStack(app, "cluster", {
  statePath: "cluster.tfstate",
  servers: [SshHost.of("192.0.2.11", access)],
  agents: [SshHost.of("192.0.2.12", access)],
});
new Media(app, "media", hosts.cluster);
new LabStack(app, "lab", {
  cluster: hosts.cluster,
  statePath: "lab.tfstate",
  master: "eth1",
  range: { subnet: "10.21.0.0/24" },
  probeImage: "example.org/probe:1",
});
new OpenShift3(app, "openshift-3");
new OpenShift4(app, "openshift-4");
// The class that the package exports is the one that its constructs throw.
if (!isRefused(() => ExistingCluster.fromKubeconfig(app, "Refused", { kubeconfigPath: "", nodes: [] }))) {
  throw new Error("a cluster without a kubeconfig was accepted");
}
app.synth();

function isRefused(build: () => unknown): boolean {
  try {
    build();
    return false;
  } catch (error) {
    return error instanceof ValidationError;
  }
}
