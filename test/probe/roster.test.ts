import { createSocket } from "node:dgram";
import { openRoster, RosterReader, RosterWriter } from "../../probe/roster";
import { waitUntil } from "../../embedded/system/waiting";
import { key, otherKey } from "./keys";

const RUN = "00112233aabbccdd";
const readerOf = (size = 3): RosterReader => new RosterReader(key, RUN, () => true, size);

test("a roster is believed once, by the run that it was written for", () => {
  const writer = new RosterWriter(key);
  const [first, second] = [writer.next(RUN, ["10.42.0.3"]), writer.next(RUN, ["10.42.0.4", "fd00::4"])];
  const reader = readerOf();
  expect([second, first, second].map((each) => reader.read(each))).toEqual([
    ["10.42.0.4", "fd00::4"],
    undefined,
    undefined,
  ]);
  expect(readerOf().read(writer.next("ffffffffffffffff", ["10.42.0.3"]))).toBeUndefined();
  // Two verdicts that judge at the same time do not keep each other out.
  expect(reader.read(new RosterWriter(key).next(RUN, ["10.42.0.5"]))).toEqual(["10.42.0.5"]);
});

test.each<[string, Buffer]>([
  ["the old format", Buffer.from("198.51.100.1\n".repeat(64))],
  ["another deployment's", new RosterWriter(otherKey).next(RUN, ["198.51.100.1"])],
  [
    "one that was added to",
    Buffer.concat([new RosterWriter(key).next(RUN, ["10.42.0.3"]), Buffer.from(",198.51.100.1")]),
  ],
  [
    "a long one",
    new RosterWriter(key).next(
      RUN,
      Array.from({ length: 2000 }, () => "198.51.100.1"),
    ),
  ],
  ["an empty one", Buffer.alloc(0)],
])("%s tells nothing", (_, datagram) => {
  expect(readerOf().read(datagram)).toBeUndefined();
});

test("only pods' addresses are taken, and no more than there are receivers", () => {
  const told = [
    "224.0.0.1",
    "255.255.255.255",
    "127.0.0.1",
    "0.0.0.0",
    "::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "10.1",
    "",
  ];
  expect(readerOf().read(new RosterWriter(key).next(RUN, [...told, "10.42.0.3"]))).toEqual(["10.42.0.3"]);
  const many = Array.from({ length: 64 }, (_, index) => `10.42.0.${index + 1}`);
  expect(readerOf(2).read(new RosterWriter(key).next(RUN, many))).toEqual(["10.42.0.1", "10.42.0.2"]);
});

test("a sender's port takes a verdict's word, and no stranger's", async () => {
  const port = 20_000 + (process.pid % 20_000);
  const destination = { group: "239.1.1.1", port: 5004 };
  const sending = { destinations: { test: destination, control: destination }, rosterPort: port, rosterSize: 4 };
  const roster = await openRoster(sending as never, key, RUN);
  const socket = createSocket("udp4");
  const writer = new RosterWriter(key);
  try {
    const say = (datagram: Buffer): Promise<void> =>
      new Promise((resolve) => socket.send(datagram, port, "127.0.0.1", () => resolve()));
    await say(Buffer.from("198.51.100.1"));
    await say(writer.next(RUN, ["10.42.0.3"]));
    await waitUntil(() => Promise.resolve(roster().length > 0), { what: "the roster", timeoutMilliseconds: 5000 });
    expect(roster()).toEqual(["10.42.0.3"]);
  } finally {
    socket.close();
  }
});
