/** Each public constructor and factory, handed something that is no props at all. */
import * as library from "../../constructs";
import { TerraformStack, type Construct } from "../../constructs/private/terraform";
import * as stacks from "../../stacks";
import { wrongValues } from "./wrong-types";
import { faultsOf } from "../helpers/faults";
import { newStack } from "../helpers/synth";

type Take = (stack: TerraformStack, value: never) => unknown;
type Class = new (scope: Construct, id: string, props: never) => unknown;

const abstract = ["AttachedNetwork"];
/** Made by the library alone, or with no props. */
const closed = ["ExistingCluster", "ClusterReading"];

const classes = Object.entries({ ...library, ...stacks } as Record<string, unknown>).flatMap(([name, each]) => {
  const isClass = typeof each === "function" && /^class /.test(Function.prototype.toString.call(each));
  const isConstruct = isClass && "isConstruct" in each && ![...abstract, ...closed].includes(name);
  return isConstruct
    ? [[name, ((stack, value) => new (each as unknown as Class)(stack, "X", value)) as Take] as const]
    : [];
});

const group = { port: 5004 };
const factories: [string, Take][] = [
  ["ExistingCluster.fromKubeconfig", (stack, value) => library.ExistingCluster.fromKubeconfig(stack, "X", value)],
  ["OpenShiftCluster.fromKubeconfig", (stack, value) => library.OpenShiftCluster.fromKubeconfig(stack, "X", value)],
  ["Multus.fromCluster", (stack, value) => library.Multus.fromCluster(stack, "X", value)],
  ["fromNamespaceName", (stack, value) => library.MulticastNamespace.fromNamespaceName(stack, "X", value)],
  ["fromNetworkName", (stack, value) => library.NetworkAttachmentDefinition.fromNetworkName(stack, "X", value)],
  ["SshHost.of", (_, value) => library.SshHost.of("192.0.2.1", value)],
  ["SshHost.of(address)", (_, value) => library.SshHost.of(value, value)],
  ["Attachment.of", (_, value) => library.Attachment.of(value)],
  ["DefaultNetwork.of", (_, value) => library.DefaultNetwork.of(value)],
  ["MulticastWay.attached", (_, value) => library.MulticastWay.attached(value)],
  ["MulticastWay.hybrid", (_, value) => library.MulticastWay.hybrid(value)],
  ["NodeNetworkState.vlan", (_, value) => library.NodeNetworkState.vlan(value)],
  ["NodeNetworkState.localnet", (_, value) => library.NodeNetworkState.localnet(value)],
  ["attach", (_, value) => library.attach(value, value)],
  ["interfaceNames", (_, value) => library.interfaceNames(value)],
  ["networksAnnotation", (_, value) => library.networksAnnotation(value)],
  ["providersOf", (stack, value) => library.providersOf(stack, value)],
];

test("there are all constructs and ready stacks", () => expect(classes.length).toBeGreaterThan(20));

test.each([...classes, ...factories])("%s refuses what is no props, by path and field", (_name, take) => {
  for (const [title, value] of Object.entries({ ...wrongValues(), undefined })) {
    if (title === "an empty list") continue;
    const faults = faultsOf(() => take(newStack(), value as never));
    expect({ title, faults }).toEqual({
      title,
      faults: expect.arrayContaining([expect.stringMatching(/^\[.+\] \S.* must /)]),
    });
  }
});

test("a group or an IPAM that is none is refused by the construct that takes it", () => {
  for (const value of Object.values(wrongValues())) {
    expect(() => library.MulticastGroup.of(value as never, group)).not.toThrow();
    expect(() => library.MulticastGroup.of("239.1.1.1", value as never)).not.toThrow();
    for (const make of [library.Ipam.hostLocal, library.Ipam.static, library.Ipam.whereabouts, library.Ipam.custom])
      expect(() => make(value as never)).not.toThrow();
  }
});
