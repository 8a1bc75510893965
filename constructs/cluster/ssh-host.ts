import * as net from "node:net";
import { checkRegistration, type NodeTaint } from "./node-registration";
import { ipAddress } from "../private/ip-rules";
import { dns1123Subdomain, filePath, interfaceName, port } from "../private/rules";
import type { Faults, Rule } from "../private/validate";
import { checkShape } from "../private/shape";

/** How a host is reached by SSH, and what it is called in the cluster. */
export interface SshHostOptions {
  /** User who logs in: root, or one who may run `sudo -n` for anything. */
  readonly user: string;
  /**
   * TCP port of the SSH server.
   *
   * @default 22
   */
  readonly port?: number;
  /** Private key on the machine that runs Terraform, not encrypted; `~/` stands for the home directory. Only the path is stored. */
  readonly privateKeyPath: string;
  /**
   * The host's public key, as `/etc/ssh/ssh_host_ed25519_key.pub` there has it, without the comment: `ssh-ed25519 AAAA…`.
   * A host with another key is refused before anything is sent.
   */
  readonly hostKey: string;
  /**
   * Name of the Kubernetes node, a DNS-1123 subdomain.
   *
   * @default - the address: a host name as it is, `node-` and the digits of an IP address
   */
  readonly nodeName?: string;
  /**
   * Interface that carries the cluster on this host. No macvlan network may take it as `master`, flannel uses it.
   *
   * @default - the one with the host's default route, and nothing is checked against it
   */
  readonly managementInterface?: string;
  /**
   * The node's own IP addresses, IPv4 first; a dual-stack cluster needs one of each family on every host.
   *
   * @default - the address, where it is one; else K3s takes the one of the default route
   */
  readonly nodeIps?: readonly string[];
  /**
   * Labels that the node registers with. K3s sets them once, at the node's first start; after that they are changed by kubectl
   * (https://docs.k3s.io/cli/agent#node-labels-and-taints-for-agents).
   *
   * @default {}
   */
  readonly nodeLabels?: Readonly<Record<string, string>>;
  /**
   * Taints that the node registers with, once as the labels.
   *
   * @default []
   */
  readonly nodeTaints?: readonly NodeTaint[];
}

/** A machine that is reached by SSH with a pinned host key. */
export class SshHost {
  /**
   * Describes a host; the construct that uses it checks it.
   *
   * @param address IP address or DNS name, from the machine that runs Terraform and from the other hosts.
   */
  public static of(address: string, options: SshHostOptions): SshHost {
    checkShape("SshHost.of", "SshHost.of(address)", address, "address");
    checkShape("SshHost.of", "SshHostOptions", options);
    return new SshHost(address, options);
  }

  /** User who logs in. */
  public readonly user: string;
  /** TCP port of the SSH server. */
  public readonly port: number;
  /** Path of the private key on the machine that runs Terraform. */
  public readonly privateKeyPath: string;
  /** The pinned public key, `TYPE BASE64`. */
  public readonly hostKey: string;
  /** Name of the Kubernetes node. */
  public readonly nodeName: string;
  /** Interface that carries the cluster on this host, where told. */
  public readonly managementInterface?: string;
  /** The node's own IP addresses, where known. */
  public readonly nodeIps: readonly string[];
  /** Labels that the node registers with. */
  public readonly nodeLabels: Readonly<Record<string, string>>;
  /** Taints that the node registers with. */
  public readonly nodeTaints: readonly NodeTaint[];

  private constructor(
    /** IP address or DNS name. */
    public readonly address: string,
    options: SshHostOptions,
  ) {
    this.user = options.user;
    this.port = options.port ?? 22;
    this.privateKeyPath = options.privateKeyPath;
    this.hostKey = options.hostKey;
    this.nodeName = options.nodeName ?? nameOfAddress(address);
    this.managementInterface = options.managementInterface;
    this.nodeIps = options.nodeIps ?? (net.isIP(address) === 0 ? [] : [address]);
    this.nodeLabels = options.nodeLabels ?? {};
    this.nodeTaints = options.nodeTaints ?? [];
  }

  /** The address as it stands in a URL: IPv6 in brackets. */
  public get urlAddress(): string {
    return net.isIPv6(this.address) ? `[${this.address}]` : this.address;
  }

  /**
   * Records what is wrong with this host.
   *
   * @param field Name of the prop that holds it, e.g. `servers[0]`.
   * @internal
   */
  public addFaultsTo(faults: Faults, field: string): void {
    faults
      .check(`${field}.address`, this.address, hostAddress)
      .check(`${field}.user`, this.user, userName)
      .check(`${field}.port`, this.port, port)
      .check(`${field}.privateKeyPath`, this.privateKeyPath, filePath)
      .check(`${field}.hostKey`, this.hostKey, publicKey)
      .check(
        `${field}.nodeName`,
        this.nodeName === nameOfAddress(this.address) ? undefined : this.nodeName,
        dns1123Subdomain,
      )
      .check(`${field}.managementInterface`, this.managementInterface, interfaceName);
    this.nodeIps.forEach((ip, index) => {
      if (ip !== this.address) faults.check(`${field}.nodeIps[${index}]`, ip, ipAddress);
    });
    checkRegistration(faults, field, this.nodeLabels, this.nodeTaints);
  }
}

function nameOfAddress(address: string): string {
  if (net.isIP(address) === 0) return address.toLowerCase();
  return `node-${address.replace(/[^0-9a-f]+/gi, "-").replace(/^-|-$/g, "")}`.toLowerCase();
}

/** IP address or DNS name. */
export const hostAddress: Rule<string> = (value) =>
  net.isIP(value) !== 0 || (!/^[0-9.]*$/.test(value) && !dns1123Subdomain(value.toLowerCase()))
    ? undefined
    : {
        must: "be an IP address or a DNS name",
        use: 'an address like "192.0.2.11", "2001:db8::11" or "k3s-1.example.com"',
      };

/** The portable names of useradd(8). */
export const userName: Rule<string> = (value) =>
  /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/.test(value)
    ? undefined
    : {
        must: "be a user name (1 to 32 of letters, digits, dot, - and _, starting with a letter or _)",
        use: 'a name like "root" or "lab"',
      };

/** `TYPE BASE64` of sshd(8), the type repeated at the start of the key's own bytes (RFC 4253, 6.6). */
export const publicKey: Rule<string> = (value) => {
  const [, type = "", key = ""] =
    /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) ([A-Za-z0-9+/]{40,}={0,2})$/.exec(value) ?? [];
  const bytes = Buffer.from(key, "base64");
  return type !== "" && bytes.length > 4 && bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString("latin1") === type
    ? undefined
    : {
        must: "be an SSH public key: type, blank, base64",
        use: "the first two words of /etc/ssh/ssh_host_ed25519_key.pub on the host",
      };
};
