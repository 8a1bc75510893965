import { addressText, parseAddress, parseSubnet, rangeText } from "../../../constructs/private/ip-range";

test.each(["10.20.0.50", "0.0.0.0", "255.255.255.255", "::", "fd00:20::50", "ff3e::1", "::ffff:10.0.0.1"])(
  "%s is an address",
  (text) => expect(parseAddress(text)).toBeDefined(),
);

test.each([
  "",
  " 10.0.0.1",
  "10.0.0",
  "10.0.0.256",
  "010.0.0.1",
  "10.0.0.1/24",
  "fe80::1%eth0",
  "fd00:::1",
  "g::",
  "1",
])("%j is no address", (text) => expect(parseAddress(text)).toBeUndefined());

test.each([
  "10.0.0.0",
  "10.0.0.0/33",
  "10.0.0.0/",
  "10.0.0.0/-1",
  "10.0.0.0/24 ",
  "fd00::/129",
  "fe80::1%a/64",
  "/24",
  "0x1/8",
])("%j is no network", (text) => expect(parseSubnet(text)).toBeUndefined());

test.each([
  ["10.20.0.0/24", "10.20.0.1 to 10.20.0.254", false],
  ["10.20.0.7/30", "10.20.0.5 to 10.20.0.6", true],
  ["fd00:20::/64", "fd00:20::1 to fd00:20::ffff:ffff:ffff:ffff", false],
  ["fd00:20::5/126", "fd00:20::5 to fd00:20::7", true],
])("the hosts of %s are %s", (text, hosts, hasHostBits) => {
  const subnet = parseSubnet(text)!;
  expect(rangeText(subnet.hosts)).toBe(hosts);
  expect(subnet.hasHostBits).toBe(hasHostBits);
});

test.each([
  ["10.0.0.0/8", "10.255.255.0/24", true],
  ["10.0.0.0/24", "10.0.1.0/24", false],
  ["10.0.0.0/24", "10.0.0.255/32", true],
  ["0.0.0.0/0", "::/0", false],
  ["fd00::/32", "fd00:0:1::/48", true],
])("%s overlaps %s: %s, either way round", (one, other, expected) => {
  const [a, b] = [parseSubnet(one)!, parseSubnet(other)!];
  expect([a.overlaps(b), b.overlaps(a)]).toEqual([expected, expected]);
});

test("an address is contained from first to last, in its own family", () => {
  const subnet = parseSubnet("10.0.0.0/30")!;
  const inside = ["9.255.255.255", "10.0.0.0", "10.0.0.3", "10.0.0.4", "::a00:1"].map((text) =>
    subnet.contains(parseAddress(text)!),
  );
  expect(inside).toEqual([false, true, true, false, false]);
});

test("an address comes back as text", () => {
  for (const text of ["10.20.0.50", "fd00:20::50"]) {
    const { family, value } = parseAddress(text)!;
    expect(addressText(family, value)).toBe(text);
  }
});
