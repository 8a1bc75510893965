import { PacketCodec } from "../../probe/packet";
import { key, otherKey } from "./keys";
import { Tally } from "../../probe/tally";

const packet = { stream: "control" as const, incarnation: "00112233aabbccdd", block: 70_000, index: 999 };

test("a datagram comes back as it was sent", () => {
  const codec = new PacketCodec(key);
  expect(codec.decode(codec.encode(packet))).toEqual(packet);
});

test("a datagram of another deployment, a changed one and a short one are foreign", () => {
  const codec = new PacketCodec(key);
  const changed = codec.encode(packet);
  changed[15] = (changed[15] ?? 0) ^ 1;
  const others = [
    new PacketCodec(otherKey).encode(packet),
    changed,
    Buffer.from("mlp1"),
    Buffer.alloc(35),
    Buffer.alloc(0),
  ];
  expect(others.map((datagram) => codec.decode(datagram))).toEqual(others.map(() => undefined));
});

test("a block's datagrams are counted once; repeated and late ones are told apart", () => {
  const tally = new Tally();
  for (const index of [0, 1, 3, 2, 3, 3]) tally.add({ ...packet, index });
  const counted = { sender: packet.incarnation, stream: "control", block: 70_000 };
  expect(tally.takeChanges()).toEqual([{ ...counted, received: 4, duplicates: 2, outOfOrder: 1 }]);
  expect(tally.takeChanges()).toEqual([]);
  tally.add({ ...packet, index: 4 });
  expect(tally.takeChanges()).toEqual([{ ...counted, received: 5, duplicates: 2, outOfOrder: 1 }]);
});

test("old blocks are forgotten, so that a receiver can run for years", () => {
  const tally = new Tally();
  for (let block = 0; block < 100; block += 1) {
    tally.add({ ...packet, block });
    tally.takeChanges();
  }
  tally.add({ ...packet, block: 0 });
  expect(tally.takeChanges()[0]).toMatchObject({ block: 0, received: 1, duplicates: 0 });
});
