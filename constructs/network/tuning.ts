import type { CniPluginConfig } from "./cni-config";
import { unicastMac } from "../private/ip-rules";
import { mtu, wholeNumber } from "../private/rules";
import type { Faults, Rule } from "../private/validate";

/**
 * What is set on each pod's interface after it was made, by the CNI plugin `tuning`
 * (https://www.cni.dev/plugins/current/meta/tuning/).
 */
export interface Tuning {
  /**
   * Kernel settings of the pod's network namespace by name; `IFNAME` in a name stands for the attached interface, as in
   * `net.ipv4.conf.IFNAME.rp_filter`. A node that has a file /etc/cni/tuning/allowlist.conf, as OpenShift's have, takes those alone that match it.
   *
   * @default none
   */
  readonly sysctls?: Readonly<Record<string, string>>;
  /**
   * Whether the interface takes frames of all multicast groups, joined or not.
   *
   * @default false
   */
  readonly allmulti?: boolean;
  /**
   * Whether the interface takes all frames.
   *
   * @default false
   */
  readonly promisc?: boolean;
  /**
   * MAC address of every pod's interface whose attachment names none: for networks with one such pod on a link.
   *
   * @default the one that the interface was made with
   */
  readonly mac?: string;
  /**
   * Largest packet in bytes, from 68 (1280 with IPv6) up to the network's own `mtu`.
   *
   * @default the network's
   */
  readonly mtu?: number;
  /**
   * Length in packets of the interface's sending queue, from 0 to 4294967295.
   *
   * @default the kernel's 1000
   */
  readonly txQLen?: number;
}

/** The plugin's own rule for names: below /proc/sys/net after dots became slashes, `IFNAME` once (plugins/meta/tuning `getSysctlFilename`). */
const sysctlName: Rule<string> = (value) =>
  /^net([./][A-Za-z0-9_-]+)+$/.test(value) && value.split("IFNAME").length <= 2
    ? undefined
    : {
        must: "be the name of a kernel setting of the network, with IFNAME once at most",
        use: 'a name like "net.ipv4.conf.IFNAME.rp_filter"',
      };

const sysctlValue: Rule<string> = (value) =>
  /^[\x20-\x7e]+$/.test(value)
    ? undefined
    : { must: "be one line of printable ASCII", use: 'a value like "0" or "4096 87380 6291456"' };

/** Adds what is wrong with the values; `mtuRules` are those of the network. */
export function checkTuning(faults: Faults, tuning: Tuning, mtuRules: readonly Rule<number>[]): void {
  for (const [name, value] of Object.entries(tuning.sysctls ?? {}))
    faults
      .check("tuning.sysctls", name, sysctlName)
      .check(`tuning.sysctls[${JSON.stringify(name)}]`, value, sysctlValue);
  faults
    .check("tuning.mac", tuning.mac, unicastMac)
    .check("tuning.mtu", tuning.mtu, mtu, ...mtuRules)
    .check("tuning.txQLen", tuning.txQLen, wholeNumber(0, 4294967295));
}

/** The plugin's place in a chain. */
export function tuningPlugin({ sysctls, ...rest }: Tuning): CniPluginConfig {
  return {
    type: "tuning",
    // The MAC of an attachment would else be overwritten by the one for all.
    ...(rest.mac !== undefined && { capabilities: { mac: true } }),
    ...rest,
    sysctl: sysctls,
  };
}
