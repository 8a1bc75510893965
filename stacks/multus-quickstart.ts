import { multusOf, type LabMultusProps } from "./lab-multus";
import { keepState } from "./local-state";
import type { ICluster } from "../constructs/cluster/cluster";
import { MulticastNamespace } from "../constructs/namespace/multicast-namespace";
import { Attachment } from "../constructs/network/attachment";
import { Ipam } from "../constructs/network/ipam";
import type { IpamRange } from "../constructs/network/ipam-range";
import { MacvlanNetwork } from "../constructs/network/macvlan-network";
import { TerraformStack, type Construct } from "../constructs/private/terraform";
import { MulticastCheck } from "../constructs/verification/multicast-check";
import { MulticastGroup } from "../constructs/verification/multicast-group";
import { NetworkStatusCheck } from "../constructs/verification/network-status-check";
import { VerificationPod } from "../constructs/verification/verification-pod";
import { checkShape } from "../constructs/private/shape";

/** Props of {@link MultusQuickstart}. */
export interface MultusQuickstartProps extends LabMultusProps {
  /** The cluster, from this app or not. */
  readonly cluster: ICluster;
  /**
   * File that keeps this stack's Terraform state (path on the machine that runs Terraform). A backend of the user's own in the stack,
   * such as `S3Backend`, takes its place.
   *
   * @default - `terraform.<stack>.tfstate` in the current directory, as CDKTF has it
   */
  readonly statePath?: string;
  /** Interface on every node that `macvlan-conf` takes as `master`. */
  readonly master: string;
  /** Addresses of the pods on `master`: five or more. */
  readonly range: IpamRange;
  /**
   * Namespace that is made for the pods, a DNS-1123 label.
   *
   * @default "quickstart"
   */
  readonly namespaceName?: string;
  /** Image of all pods, with Node.js 18 or later, by digest or by a tag other than `latest`. */
  readonly probeImage: string;
}

/**
 * Multus' quick start on plain Kubernetes: the network `macvlan-conf`, `samplepod` with a second interface of it, and
 * `samplepod-twice`, which names the same network twice and gets `net1` and `net2`.
 *
 * The document's network has a default route; this one has none. A pod would keep two default routes, and which of them
 * Services and DNS take would hang on their order.
 *
 * @see https://github.com/k8snetworkplumbingwg/multus-cni/blob/v4.3.0/docs/quickstart.md
 */
export class MultusQuickstart extends TerraformStack {
  /** The document's pod. */
  public readonly samplepod: VerificationPod;
  /** The document's pod with the same network twice. */
  public readonly samplepodTwice: VerificationPod;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: MultusQuickstartProps) {
    super(scope, id);
    checkShape(this, "MultusQuickstartProps", props);
    keepState(this, props.statePath);
    const { cluster, master, probeImage: image } = props;
    const multus = multusOf(this, cluster, props);
    const namespaceName = props.namespaceName ?? "quickstart";
    const namespace = new MulticastNamespace(this, "Namespace", { cluster, namespaceName });
    const network = new MacvlanNetwork(this, "MacvlanConf", {
      multus,
      namespace,
      networkName: "macvlan-conf",
      master,
      ipam: Ipam.hostLocal(props.range),
    });
    const samplepod = (podId: string, podName: string, times: number): VerificationPod =>
      new VerificationPod(this, podId, {
        namespace,
        podName,
        image,
        command: SLEEP,
        attachments: attachedTo(network, times),
      });
    this.samplepod = samplepod("Samplepod", "samplepod", 1);
    this.samplepodTwice = samplepod("SamplepodTwice", "samplepod-twice", 2);
    const pods = [this.samplepod, this.samplepodTwice];
    new NetworkStatusCheck(this, "StatusNamesEachInterface", { namespace, pods, image });
    new MulticastCheck(this, "PodsHearEachOther", {
      network,
      group: MulticastGroup.of("239.1.1.1", { port: 5004 }),
      image,
    });
  }
}

/** What the document's `sleep infinity` does, in an image that may have no shell. */
const SLEEP = [
  "node",
  "--eval",
  "setInterval(() => undefined, 2 ** 31 - 1); process.on('SIGTERM', () => process.exit(0))",
];

/** host-local remembers addresses for each node by itself, so pods that may run on two nodes are given theirs. */
function attachedTo(network: MacvlanNetwork, times: number): Attachment[] {
  return Array.from({ length: times }, () => Attachment.of(network, { ips: network.nextAddresses() }));
}
