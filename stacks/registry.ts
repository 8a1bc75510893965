import * as path from "node:path";
import { K3sMedia } from "./k3s-media";
import type { LabExternal } from "./lab-external";
import { LabStack } from "./lab-stack";
import { rangeOn, type LabSite } from "./lab-site";
import { MultusQuickstart } from "./multus-quickstart";
import { nearest } from "../constructs/private/nearest";
import { OfflinePlanes } from "./offline-planes";
import { OpenShiftDedicated } from "./openshift-dedicated";
import { OpenShiftMulticast, type OpenShiftMulticastProps } from "./openshift-multicast";
import type { Construct, TerraformStack } from "../constructs/private/terraform";

/** The hosts of an embedded lab. */
export interface NeededHosts {
  /** K3s servers. */
  readonly servers: number;
  /** K3s agents. */
  readonly agents: number;
  /** Machines outside the cluster. */
  readonly externals: number;
  /** How many data networks, each with an interface of every host. */
  readonly planes: number;
  /** Whether the hosts may reach anything but each other; images must come from archives where not. */
  readonly internet: boolean;
}

/** A stack that `./lab up --lab NAME` puts on the embedded lab. */
export interface RegisteredStack {
  /** What it shows, in one line of `--help`. */
  readonly summary: string;
  /** The hosts that it needs. */
  readonly hosts: NeededHosts;
  /**
   * What must carry the pods.
   *
   * @default - any network
   */
  readonly clusterNetwork?: "ovn-kubernetes";
  /** Makes the stack; `id` is its name in the registry. */
  readonly make: (scope: Construct, id: string, site: LabSite) => TerraformStack;
}

/** The stack that a lab gets when none is named. */
export const DEFAULT_STACK = "lab";

const usualHosts: NeededHosts = { servers: 1, agents: 1, externals: 1, planes: 1, internet: true };

/** Every stack by its name; a name is API. */
export const STACKS: Readonly<Record<string, RegisteredStack>> = {
  [DEFAULT_STACK]: {
    summary: "one macvlan network, the matrix of receivers and the documents' socat check",
    hosts: usualHosts,
    make: (scope, id, site) =>
      new LabStack(scope, id, {
        ...common(id, site),
        external: externalOf(site),
        // The upper addresses; the lower ones stay free for the hosts outside the cluster.
        range: rangeOn(site, 50, 199),
      }),
  },
  "k3s-media": {
    summary: "six pods with Services on each of three nodes, of which one multicasts with its peers, in three ways",
    hosts: { ...usualHosts, agents: 2 },
    make: (scope, id, site) =>
      new K3sMedia(scope, id, {
        ...common(id, site),
        external: externalOf(site),
        otherWays: ["attached", "hostNetwork"],
        range: rangeOn(site, 50, 199),
      }),
  },
  "offline-planes": {
    summary: "two network planes on hosts that reach nothing else, and a Deployment that joins one",
    hosts: { ...usualHosts, planes: 2, internet: false },
    make: (scope, id, site) => {
      const { master, ...rest } = common(id, site);
      const [, otherMaster = master] = site.masters;
      return new OfflinePlanes(scope, id, {
        ...rest,
        external: externalOf(site, 130, "upper half"),
        planes: [
          { networkName: "macvlan-conf", master, range: rangeOn(site, 200, 216, "upper half") },
          { networkName: "macvlan-apart", master: otherMaster, range: rangeOn(site, 50, 99, "lower half") },
        ],
      });
    },
  },
  "multus-quickstart": {
    summary: "samplepod with a second interface, and the same network twice in one pod",
    hosts: usualHosts,
    make: (scope, id, site) =>
      new MultusQuickstart(scope, id, {
        ...common(id, site),
        range: rangeOn(site, 200, 216),
      }),
  },
  "openshift-multicast": {
    summary: "multicast on the pods' own network; needs --cluster-network ovn-kubernetes",
    hosts: usualHosts,
    clusterNetwork: "ovn-kubernetes",
    make: (scope, id, site) => new OpenShiftMulticast(scope, id, onDefaultNetwork(id, site)),
  },
  "openshift-dedicated": {
    summary: "who hears whom there, under a deny-all policy too; needs --cluster-network ovn-kubernetes",
    hosts: usualHosts,
    clusterNetwork: "ovn-kubernetes",
    make: (scope, id, site) => new OpenShiftDedicated(scope, id, { ...onDefaultNetwork(id, site), switching: true }),
  },
};

/** What stacks on the pods' own network take from the site. */
function onDefaultNetwork(id: string, { cluster, stateDirectory, images }: LabSite): OpenShiftMulticastProps {
  return {
    cluster,
    statePath: path.join(stateDirectory, `${id}.tfstate`),
    probeImage: images.probe,
    // Open vSwitch forwards in user space there, and competes with all else on the machine for its processors.
    maxLossPercent: 5,
  };
}

/** The first machine outside the cluster, with an address that no pod gets. */
function externalOf(site: LabSite, octet = 10, part?: Parameters<typeof rangeOn>[3]): LabExternal | undefined {
  const [external] = site.externals;
  const dataInterface = external?.dataInterfaces[0];
  if (external === undefined || dataInterface === undefined) return undefined;
  const { subnet, rangeStart } = rangeOn(site, octet, octet, part);
  return { ssh: external.ssh, dataInterface, address: `${rangeStart}/${subnet.split("/")[1]}` };
}

/** What every stack takes from the site. */
function common(id: string, { cluster, stateDirectory, masters: [master], images }: LabSite) {
  return {
    cluster,
    statePath: path.join(stateDirectory, `${id}.tfstate`),
    master,
    probeImage: images.probe,
    multusImage: images.multus,
  };
}

/**
 * The stack of a name.
 *
 * @throws Error with the nearest name and all that there are.
 */
export function registeredStack(name: string): RegisteredStack {
  const names = Object.keys(STACKS);
  const found = names.includes(name) ? STACKS[name] : undefined;
  if (found !== undefined) return found;
  throw new Error(
    `there is no lab ${JSON.stringify(name)}; did you mean "${nearest(name, names)}"? There are ${names.join(", ")}`,
  );
}
