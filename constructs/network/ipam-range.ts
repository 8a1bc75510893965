/** A route that IPAM puts into the pod, out of the attached interface. */
export interface IpamRoute {
  /** Destination network in CIDR notation. */
  readonly dst: string;
  /**
   * Address of the next hop.
   *
   * @default the gateway of the range in the same address family; host-local takes the subnet's first address where
   * the range names none
   */
  readonly gw?: string;
  /**
   * Number of the pod's routing table that the route is put into, from 1 to 4294967295. Needs CNI plugins 1.6.0.
   *
   * @default the main table, 254
   */
  readonly table?: number;
  /**
   * Metric of the route, from 0 to 4294967295: the lowest wins. Needs CNI plugins 1.6.0.
   *
   * @default the kernel's
   */
  readonly priority?: number;
}

/** A part of one subnet that pods' addresses are taken from. */
export interface IpamRange {
  /** The subnet in CIDR notation. */
  readonly subnet: string;
  /**
   * First address, inside the subnet.
   *
   * @default the subnet's first host address
   */
  readonly rangeStart?: string;
  /**
   * Last address, inside the subnet.
   *
   * @default the subnet's last host address
   */
  readonly rangeEnd?: string;
  /**
   * Address of the gateway, inside the subnet; no pod gets it.
   *
   * @default the subnet's first host address, as the host-local plugin takes it
   */
  readonly gateway?: string;
}
