/** Fields that take a Terraform token hand it on as a reference; docs/guide-apps.md lists them. */
import {
  AdoptedNamespace,
  BridgeNetwork,
  Ipam,
  MacvlanNetwork,
  Multus,
  NetworkAttachmentDefinition,
  VerificationPod,
} from "../../../constructs";
import { TerraformVariable, type TerraformStack } from "../../../constructs/private/terraform";
import { newStack, synthStack } from "../../helpers/synth";
import { surroundings, TestCluster } from "../../helpers/test-cluster";

const ipam = Ipam.hostLocal({ subnet: "10.20.0.0/24", routes: [{ dst: "10.9.0.0/16" }] });

const rows: [string, (stack: TerraformStack, text: string, number: number) => unknown][] = [
  ["master", (stack, master) => new MacvlanNetwork(stack, "Plane", { ...surroundings(stack), master, ipam })],
  [
    "master, a part of it",
    (stack, nic) => new MacvlanNetwork(stack, "Plane", { ...surroundings(stack), master: `${nic}.120`, ipam }),
  ],
  ["mtu", (stack, _, mtu) => new MacvlanNetwork(stack, "Plane", { ...surroundings(stack), master: "eth1", ipam, mtu })],
  ["bridge", (stack, bridge) => new BridgeNetwork(stack, "Plane", { ...surroundings(stack), bridge, ipam })],
  [
    "tuning",
    (stack, mac) =>
      new MacvlanNetwork(stack, "Plane", { ...surroundings(stack), master: "eth1", ipam, tuning: { mac } }),
  ],
  [
    "config",
    (stack, device) =>
      new NetworkAttachmentDefinition(stack, "Nad", {
        ...surroundings(stack),
        config: { type: "vrf", more: { device } },
      }),
  ],
  ["Multus.image", (stack, image) => new Multus(stack, "Multus", { cluster: new TestCluster(stack), image })],
  [
    "labels",
    (stack, team) =>
      new AdoptedNamespace(stack, "Old", { cluster: new TestCluster(stack), namespaceName: "old", labels: { team } }),
  ],
  [
    "env",
    (stack, TEXT) =>
      new VerificationPod(stack, "Pod", { namespace: surroundings(stack).namespace, command: ["true"], env: { TEXT } }),
  ],
];

test.each(rows)("%s", (_title, build) => {
  const stack = newStack();
  const text = new TerraformVariable(stack, "later", { type: "string" });
  build(stack, text.stringValue, text.numberValue);
  const json = JSON.stringify(synthStack(stack).json.resource);
  expect(json).toContain("${var.later}");
  expect(json).not.toMatch(/\$\$\{var\.later|TfToken/);
});
