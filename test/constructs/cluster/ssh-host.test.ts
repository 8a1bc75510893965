import { host, HOST_KEY, HOSTILE_TEXTS } from "./hosts";
import { SshHost, type SshHostOptions } from "../../../constructs/cluster/ssh-host";
import { Faults } from "../../../constructs/private/validate";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";

function faultsOfHost(checked: SshHost): readonly string[] {
  return faultsOf(() => {
    const faults = new Faults(newStack());
    checked.addFaultsTo(faults, "servers[0]");
    faults.throwIfAny();
  });
}

test("the required options are enough: port 22, a node name made from the address, no interface", () => {
  const made = host("192.0.2.11");
  expect(made).toMatchObject({ port: 22, nodeName: "node-192-0-2-11", managementInterface: undefined });
  expect(faultsOfHost(made)).toEqual([]);
});

test("all options are kept", () => {
  const options: Required<SshHostOptions> = {
    user: "lab",
    port: 2222,
    privateKeyPath: "~/.ssh/lab",
    hostKey: HOST_KEY,
    nodeName: "k3s-1",
    managementInterface: "eth0",
    nodeIps: ["192.0.2.11", "2001:db8::11"],
    nodeLabels: { "node.kubernetes.io/rack": "b", zone: "" },
    nodeTaints: [{ key: "example.com/media", value: "yes", effect: "NoExecute" }],
  };
  const made = SshHost.of("k3s-1.example.com", options);
  expect(made).toMatchObject({ address: "k3s-1.example.com", ...options });
  expect(faultsOfHost(made)).toEqual([]);
});

test.each([
  ["k3s-1.Example.com", "k3s-1.example.com"],
  ["2001:db8::11", "node-2001-db8-11"],
  ["fe80::", "node-fe80"],
])("the node of %s is called %s unless told otherwise", (address, nodeName) => {
  expect(host(address).nodeName).toBe(nodeName);
  expect(faultsOfHost(host(address))).toEqual([]);
});

test("an IPv6 address stands in brackets in a URL", () => {
  expect(host("2001:db8::11").urlAddress).toBe("[2001:db8::11]");
  expect(host("192.0.2.11").urlAddress).toBe("192.0.2.11");
});

test.each([
  ["address", host("192.0.2.256")],
  ["address", host("host_1")],
  ["address", host("1.2.3")],
  ["user", host("192.0.2.11", { user: "-l" })],
  ["port", host("192.0.2.11", { port: 0 })],
  ["port", host("192.0.2.11", { port: 65536 })],
  ["privateKeyPath", host("192.0.2.11", { privateKeyPath: "-key" })],
  ["hostKey", host("192.0.2.11", { hostKey: "AAAAC3NzaC1lZDI1NTE5AAAAIKjb" })],
  ["hostKey", host("192.0.2.11", { hostKey: HOST_KEY.replace("ssh-ed25519", "ssh-rsa") })],
  ["hostKey", host("192.0.2.11", { hostKey: `${HOST_KEY}\n@cert-authority * ${HOST_KEY}` })],
  ["nodeName", host("192.0.2.11", { nodeName: "Node" })],
  ["managementInterface", host("192.0.2.11", { managementInterface: "interface-too-long" })],
])("fails if %s is not one", (field, made) => {
  expect(faultsOfHost(made)).toEqual([expect.stringContaining(`[lab] servers[0].${field} must `)]);
});

const allowedInPaths = (text: string) => !/[^ -~]/.test(text) && /^[A-Za-z0-9.]/.test(text);

describe.each(["address", "user", "hostKey", "nodeName", "managementInterface"] as const)(
  "hostile text as %s",
  (field) => {
    test.each(HOSTILE_TEXTS)("fails if it is %j", (text) => {
      const made = field === "address" ? host(text, { nodeName: "a" }) : host("192.0.2.11", { [field]: text });
      expect(faultsOfHost(made)).toEqual([expect.stringContaining(`servers[0].${field} must `)]);
    });
  },
);

test.each(HOSTILE_TEXTS.filter((text) => !allowedInPaths(text)))("fails if privateKeyPath is %j", (text) => {
  expect(faultsOfHost(host("192.0.2.11", { privateKeyPath: text }))).toHaveLength(1);
});

test("all faults of a host are told at once", () => {
  const made = SshHost.of("", {
    user: "",
    port: 0,
    privateKeyPath: "",
    hostKey: "",
    nodeName: "-",
    managementInterface: "",
  });
  expect(faultsOfHost(made)).toHaveLength(7);
});
