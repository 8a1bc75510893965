import { Greeter, Guestbook } from "../../probe/greeting";
import { key, otherKey } from "./keys";

test("a greeting is believed once, also when it comes late", () => {
  const greeter = new Greeter(key, "b");
  const [first, second] = [greeter.next(), greeter.next()];
  const guests = new Guestbook(key);
  expect([first, second, first, second].map((datagram) => guests.read(datagram))).toEqual([
    "b",
    "b",
    undefined,
    undefined,
  ]);
});

test("a member that starts anew is believed, its earlier run no more", () => {
  const [before, after] = [new Greeter(key, "b"), new Greeter(key, "b")];
  const guests = new Guestbook(key);
  const early = [before.next(), before.next()] as const;
  expect(guests.read(early[0])).toBe("b");
  expect(guests.read(after.next())).toBe("b");
  expect(guests.read(early[1])).toBeUndefined();
  expect(guests.read(after.next())).toBe("b");
});

test.each<[string, (good: Buffer) => Buffer]>([
  ["another deployment's", () => new Greeter(otherKey, "b").next()],
  ["one without a signature", (good) => good.subarray(65)],
  ["one with another name", (good) => Buffer.concat([good, Buffer.from("c")])],
  ["one that was cut", (good) => good.subarray(0, 60)],
  ["the old format", () => Buffer.from('{"check":"media/x","name":"b"}')],
  ["a long one", (good) => Buffer.concat([good, Buffer.alloc(60_000, "b")])],
  ["an empty one", () => Buffer.alloc(0)],
])("%s greets nobody", (_, change) => {
  expect(new Guestbook(key).read(change(new Greeter(key, "b").next()))).toBeUndefined();
});
