import { ExternalStep } from "./external-step";
import type { SshHost } from "../cluster/ssh-host";
import { interfaceAddress } from "../private/ip-rules";
import { addressText, parseSubnet } from "../private/ip-range";
import { dns1123Label, filePath, interfaceName, port } from "../private/rules";
import { Construct, type ITerraformDependable } from "../private/terraform";
import { Faults, type Rule } from "../private/validate";
import { checkShape } from "../private/shape";

/** Props of {@link ExternalEndpoint}. */
export interface ExternalEndpointProps {
  /**
   * The machine, reached by SSH as root or as one who may run `sudo -n`. It must run Linux with systemd; its `nodeName` is
   * what reports call it, a DNS-1123 label here.
   */
  readonly host: SshHost;
  /** Its interface on the network that the pods are attached to. */
  readonly interfaceName: string;
  /**
   * Its addresses on that network, in CIDR form like `198.19.0.10/24`, one for each address family at most. One that the interface
   * does not have is put on it, and taken off by destroy.
   */
  readonly addresses: readonly string[];
  /**
   * First of the TCP ports on those addresses at which the check's verdict asks what the probes there heard, one for each
   * probe; from 1 to 65535.
   *
   * @default 30190
   */
  readonly firstPort?: number;
  /**
   * Node.js 18 or later on the machine, by absolute path.
   *
   * @default that of the machine's PATH; without one, the program that runs on the machine that runs Terraform is lent to it (same architecture)
   */
  readonly nodePath?: string;
}

/**
 * A machine outside the cluster, as one end of checks: a simulator that sends to the pods, a receiver, somebody who must
 * reach them by unicast. Its probes run as a user without rights for as long as the lab. Destroy leaves nothing on the
 * machine, also after an apply that failed or was killed.
 */
export class ExternalEndpoint extends Construct {
  /** The machine. */
  public readonly host: SshHost;
  /** Its interface on the network. */
  public readonly interfaceName: string;
  /** Its addresses there, in CIDR form. */
  public readonly addresses: readonly string[];
  /** What must be applied before a probe can run on it. */
  public readonly ready: ITerraformDependable[];
  private nextPort: number;
  private readonly guard: ExternalStep;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: ExternalEndpointProps) {
    super(scope, id);
    checkShape(this, "ExternalEndpointProps", props);
    this.host = props.host;
    this.interfaceName = props.interfaceName;
    this.addresses = props.addresses.map(asTheKernelWrites);
    this.nextPort = props.firstPort ?? 30190;
    this.checkProps(props);
    const { host } = props;
    // The guard does nothing when it is made, so its destroy step runs whatever happens to what comes after it.
    this.guard = new ExternalStep(this, "Guard", { host, values: {}, destroy: "clean" });
    const values = {
      INTERFACE: props.interfaceName,
      ADDRESSES: this.addresses.map((address) => `${address}\n`).join(""),
      NODE: props.nodePath ?? "",
    };
    const prepared = new ExternalStep(this, "Prepared", { host, values, create: "prepare", identity: this.guard });
    this.ready = [prepared.resource];
  }

  /** @internal identity of the endpoint on its machine, known after its first apply */
  public get identity(): ExternalStep {
    return this.guard;
  }

  /** A port for one more probe. */
  public takePort(): number {
    this.nextPort += 1;
    return this.nextPort - 1;
  }

  /** Its address of a family without the prefix length; nothing where it has none. */
  public addressOf(family: 4 | 6): string | undefined {
    const found = this.addresses.find((address) => parseSubnet(address)?.family === family);
    return found?.split("/")[0];
  }

  private checkProps({ host, interfaceName: name, addresses, firstPort, nodePath }: ExternalEndpointProps): void {
    const faults = new Faults(this)
      .check("interfaceName", name, interfaceName)
      .check("firstPort", firstPort, port)
      .check("nodePath", nodePath, filePath, absolute)
      .check("host.nodeName", host.nodeName, dns1123Label);
    host.addFaultsTo(faults, "host");
    addresses.forEach((address, index) => faults.check(`addresses[${index}]`, address, interfaceAddress));
    if (addresses.length === 0)
      faults.add("addresses", addresses, { must: "name at least one", use: 'a list like ["198.19.0.10/24"]' });
    const families = addresses.map((address) => parseSubnet(address)?.family);
    if (new Set(families).size < families.length)
      faults.add("addresses", addresses, { must: "hold at most one address of each family", use: "one of them" });
    faults.throwIfAny();
  }
}

const absolute: Rule<string> = (value) =>
  value.startsWith("/") ? undefined : { must: "be an absolute path", use: 'a path like "/usr/bin/node"' };

/** `ip` shows an address in one way, by which it is found again. */
function asTheKernelWrites(address: string): string {
  const subnet = parseSubnet(address);
  return subnet ? `${addressText(subnet.family, subnet.address.value)}/${subnet.prefixLength}` : address;
}
