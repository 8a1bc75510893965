/**
 * What the ipvlan interfaces of one master do with packets; the kernel's own words
 * (https://docs.kernel.org/networking/ipvlan.html#operating-modes).
 */
export enum IpvlanMode {
  /** Pods talk to each other and to the link as a switch would let them; multicast and broadcast included. */
  L2 = "l2",
  /** The node routes for its pods, which neither send nor receive multicast and broadcast. */
  L3 = "l3",
  /** As `L3`, with the node's connection tracking in between. */
  L3S = "l3s",
}
