import { host } from "./hosts";
import type { SshHostOptions } from "../../../constructs/cluster/ssh-host";
import { Faults } from "../../../constructs/private/validate";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";

const faultsWith = (options: Partial<SshHostOptions>) =>
  faultsOf(() => {
    const faults = new Faults(newStack());
    host("192.0.2.11", options).addFaultsTo(faults, "servers[0]");
    faults.throwIfAny();
  });
const label = (key: string, value = "x") => ({ nodeLabels: { [key]: value } });

test.each(["rack", "example.com/rack", "node.kubernetes.io/rack", "topology.kubernetes.io/zone"])(
  "a node may give itself the label %s",
  (key) => expect(faultsWith(label(key))).toEqual([]),
);

const cases: [string, string, Partial<SshHostOptions>][] = [
  [
    "a label is the host name's",
    "nodeLabels must be a label that a node may give itself",
    label("kubernetes.io/hostname"),
  ],
  ["a label is a role", "nodeLabels must be a label that a node may", label("node-role.kubernetes.io/worker")],
  ["a label is k8s.io's", "nodeLabels must be a label that a node may", label("a.k8s.io/b")],
  ["a label's key is none", "nodeLabels must be a qualified name", label("a b")],
  ["a label's value is none", 'nodeLabels["a"] must be a label value', label("a", "b c")],
  ["a taint's key is none", "nodeTaints[0].key must be", { nodeTaints: [{ key: "", effect: "NoSchedule" }] }],
  [
    "a taint's value is none",
    "nodeTaints[0].value must be",
    { nodeTaints: [{ key: "a", value: "b:NoExecute", effect: "NoSchedule" }] },
  ],
  [
    "a taint's effect is unknown",
    "nodeTaints[0].effect must be one of",
    { nodeTaints: [{ key: "a", effect: "Never" as "NoSchedule" }] },
  ],
  ["an address of the node is none", "nodeIps[1] must be an IPv4 or IPv6 address", { nodeIps: ["192.0.2.11", "eth0"] }],
];
test.each(cases)("fails if %s", (_, fault, options) => {
  expect(faultsWith(options)).toEqual([expect.stringContaining(`servers[0].${fault}`)]);
});
