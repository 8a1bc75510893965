/**
 * How the macvlan interfaces of one master reach each other; the kernel's own words
 * (https://www.cni.dev/plugins/current/main/macvlan/, ip-link(8)).
 */
export enum MacvlanMode {
  /** Interfaces on one node talk directly to each other. */
  BRIDGE = "bridge",
  /** Interfaces on one node never hear each other. */
  PRIVATE = "private",
  /** All frames go out to the switch, which must send back those for another interface on the same port (IEEE 802.1Qbg). */
  VEPA = "vepa",
  /** One pod on each node takes the whole master; a second one fails to start. */
  PASSTHRU = "passthru",
}
