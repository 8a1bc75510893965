import { AttachedNetwork, type AttachedNetworkProps } from "./attached-network";
import type { Ipam } from "./ipam";
import { IpvlanMode } from "./ipvlan-mode";
import { checkMaster, type MasterProps } from "./master";
import { linksOf, type NodeGroup } from "./node-group";
import { oneOf } from "../private/rules";
import type { Construct } from "../private/terraform";
import type { Faults } from "../private/validate";

/** Props of {@link IpvlanNetwork}. */
export interface IpvlanNetworkProps extends AttachedNetworkProps, MasterProps {
  /**
   * What the interfaces do with packets. Only `L2` carries multicast.
   *
   * @default IpvlanMode.L2
   */
  readonly mode?: IpvlanMode;
}

/**
 * A network of ipvlan interfaces on one interface of the nodes: like macvlan, but all with the MAC address of their master,
 * for links that let one address pass only, as hypervisors and access ports often do. Node and pods on the same
 * master never hear each other. An attachment may not choose its `mac`.
 *
 * @see https://www.cni.dev/plugins/current/main/ipvlan/
 */
export class IpvlanNetwork extends AttachedNetwork {
  /** Interface on the nodes that the pods' interfaces sit on, or that of each group of nodes. */
  public readonly master: string | readonly NodeGroup[];

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: IpvlanNetworkProps) {
    super(scope, id, props, {
      props: "IpvlanNetworkProps",
      // Read once the props are checked.
      get carriesMulticast() {
        return modeOf(props) === IpvlanMode.L2;
      },
      acceptsMac: false,
      links: (networkName) => linksOf(networkName, props.master),
      plugin: (master) => ({
        type: "ipvlan",
        capabilities: { ips: true },
        master,
        mode: modeOf(props),
        mtu: props.mtu,
        linkInContainer: props.linkInContainer,
      }),
      validate: (faults) => {
        checkMaster(faults, props, "ipvlan");
        faults.check("mode", props.mode, oneOf(Object.values(IpvlanMode)));
        if (modeOf(props) !== IpvlanMode.L2 && props.multicastRoute)
          faults.add("multicastRoute", true, { must: `be false in mode ${modeOf(props)}`, use: "IpvlanMode.L2" });
        if (props.tuning?.mac !== undefined) faults.add("tuning.mac", props.tuning.mac, ownMac);
        checkIpam(faults, props.ipam);
      },
    });
    this.master = props.master;
  }
}

const ownMac = { must: "be left out: all ipvlan interfaces have the master's", use: "a MacvlanNetwork" };

/** The plugin fails without an address, and a DHCP server would tell the pods by their one MAC address (https://www.cni.dev/plugins/current/main/ipvlan/#notes). */
function checkIpam(faults: Faults, ipam: Ipam): void {
  if (["none", "dhcp"].includes(ipam.name))
    faults.add("ipam", ipam.name, { must: "give each pod an address on ipvlan", use: "Ipam.hostLocal or Ipam.static" });
}

function modeOf({ mode = IpvlanMode.L2 }: IpvlanNetworkProps): IpvlanMode {
  return mode;
}
