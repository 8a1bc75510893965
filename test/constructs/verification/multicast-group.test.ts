import { MulticastGroup } from "../../../constructs/verification/multicast-group";
import { Faults } from "../../../constructs/private/validate";
import { visible } from "../../../probe/visible";
import { faultsOf } from "../../helpers/faults";
import { hostileTexts } from "../../helpers/hostile-texts";
import { newStack } from "../../helpers/synth";

const faults = (group: MulticastGroup) =>
  faultsOf(() => {
    const found = new Faults(newStack());
    group.validate(found, "group");
    found.throwIfAny();
  });

test.each(["224.0.1.0", "224.1.0.1", "232.1.1.1", "239.255.255.255", "ff02::1:3", "ff3e::4321:1234", "ff15::1"])(
  "%s is a group",
  (address) => {
    expect(faults(MulticastGroup.of(address, { port: 5004 }))).toEqual([]);
  },
);

test.each([
  "223.255.255.255",
  "240.0.0.0",
  "10.1.1.1",
  "fe80::1",
  "239.1.1",
  "239.1.1.1/32",
  "239.1.1.01",
  ...hostileTexts,
])("fails if the group is %j", (address) => {
  expect(faults(MulticastGroup.of(address, { port: 5004 }))).toEqual([
    `[lab] group.address must be a multicast group of 224.0.0.0/4 or ff00::/8, got ${visible(JSON.stringify(address))}; ` +
      'use a group of the administratively scoped block, like "239.1.1.1" or "ff15::1:1"',
  ]);
});

test.each(["224.0.0.1", "224.0.0.251"])("fails if the group %s is flooded without a join", (address) => {
  expect(faults(MulticastGroup.of(address, { port: 5004 }))).toEqual([
    expect.stringContaining("not lie in 224.0.0.0/24"),
  ]);
});

test.each([
  [{ port: 0 }, "group.port"],
  [{ port: 65536 }, "group.port"],
  [{ port: 1.5 }, "group.port"],
  [{ port: Number.NaN }, "group.port"],
  [{ port: 5004, ttl: 0 }, "group.ttl"],
  [{ port: 5004, ttl: 256 }, "group.ttl"],
])("fails if a number is out of bounds: %j", (props, field) => {
  expect(faults(MulticastGroup.of("239.1.1.1", props))).toEqual([expect.stringContaining(`${field} must`)]);
});

test("fails with all faults at once", () => {
  expect(faults(MulticastGroup.of("10.0.0.1", { port: -1, ttl: 1000 }))).toHaveLength(3);
});

test.each([
  ["239.1.1.1", "239.1.129.1", "239.1.1.2"],
  ["239.255.200.255", "239.255.72.255", "239.255.200.254"],
  ["224.0.1.9", "224.0.129.9", "224.0.1.10"],
  // The flipped bit would lead into 224.0.0.0/24.
  ["224.0.128.7", "224.0.192.7", "224.0.128.8"],
  ["ff15::1:3", "ff15::1:8003", "ff15::1:4"],
  // …and here onto the Ethernet addresses of 224.0.0.0/24, and of all nodes.
  ["239.0.128.5", "239.0.192.5", "239.0.128.6"],
  ["239.128.128.5", "239.128.192.5", "239.128.128.6"],
  ["ff15::8001", "ff15::c001", "ff15::8002"],
])("%s has the control group %s and the neighbour %s, both valid", (address, control, neighbour) => {
  const group = MulticastGroup.of(address, { port: 5004, ttl: 7 });
  expect([group.control().address, group.neighbour().address]).toEqual([control, neighbour]);
  expect(group.control()).toMatchObject({ port: 5004, ttl: 7 });
  expect([...faults(group.control()), ...faults(group.neighbour())]).toEqual([]);
});

test("no control group shares its Ethernet address with the test group or with one that is flooded", () => {
  const bits = ({ address }: MulticastGroup) => {
    const [, second = 0, third = 0, fourth = 0] = address.split(".").map(Number);
    return ((second & 127) << 16) | (third << 8) | fourth;
  };
  for (let third = 0; third < 256; third += 1)
    for (const start of ["224.1", "239.0", "239.128", "239.1"]) {
      const group = MulticastGroup.of(`${start}.${third}.7`, { port: 5004 });
      const control = group.control();
      expect([control.isFlooded, bits(control) >> 8 === 0, bits(control) === bits(group)]).toEqual([
        false,
        false,
        false,
      ]);
    }
});

test.each(["239.0.0.5", "239.128.0.5", "225.0.0.1", "ff15::1"])("%s is known to be flooded on Ethernet", (address) => {
  expect(MulticastGroup.of(address, { port: 5004 }).isFlooded).toBe(true);
});
