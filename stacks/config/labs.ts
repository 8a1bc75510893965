import type { IpamRange } from "../../constructs/network/ipam-range";
import { cidr, ipAddress } from "../../constructs/private/ip-rules";
import { dns1123Label, imageReference, interfaceName } from "../../constructs/private/rules";
import { LabStack, type LabStackProps } from "../lab-stack";
import { MultusQuickstart, type MultusQuickstartProps } from "../multus-quickstart";
import { text } from "./leaves";
import { objectOf } from "./plain";
import { readyLab, type KeysOf, type ReadyLab } from "./ready-lab";

const range = objectOf<IpamRange>()({
  subnet: text(cidr),
  rangeStart: text(ipAddress).optional(),
  rangeEnd: text(ipAddress).optional(),
  gateway: text(ipAddress).optional(),
});

const lab = readyLab<LabStackProps>(
  LabStack,
  () =>
    objectOf<KeysOf<LabStackProps>>()({
      master: text(interfaceName),
      range,
      probeImage: text(imageReference),
      multusImage: text(imageReference).optional(),
    }),
  (basics, keys) => ({ ...basics, ...keys }),
);

const multusQuickstart = readyLab<MultusQuickstartProps>(
  MultusQuickstart,
  () =>
    objectOf<KeysOf<MultusQuickstartProps>>()({
      master: text(interfaceName),
      range,
      namespaceName: text(dns1123Label).optional(),
      probeImage: text(imageReference),
      multusImage: text(imageReference).optional(),
    }),
  (basics, keys) => ({ ...basics, ...keys }),
);

/** The stacks that a configuration file can name, by the name they have in the registry. */
export const READY_LABS: Readonly<Record<string, ReadyLab>> = {
  lab,
  "multus-quickstart": multusQuickstart,
};
