import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { openSink } from "../../probe/outlet";
import { followOutlet } from "../../probe/outlet-follower";
import type { ProbeLine } from "../../probe/lines";
import { key, otherKey } from "./keys";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const line = (at: number) => ({ role: "receiver", at }) as ProbeLine;

test("who comes later gets the last lines first, marked as old, then each new one", async () => {
  const outlet = { address: "127.0.0.1", port: await freePort() };
  const print = await openSink(outlet, key);
  for (let at = 1; at <= 40; at += 1) print(line(at));
  const stop = new AbortController();
  const read: number[] = [];
  const old: number[] = [];
  await new Promise<void>((resolve) => {
    const onLine = (text: string, isNews: boolean): void => {
      if (!isNews) old.push(read.length);
      read.push((JSON.parse(text) as { at: number }).at);
      if (read.length === 30) print(line(41));
      if (read.length === 31) resolve();
    };
    void followOutlet(outlet, key, onLine, () => undefined, stop.signal);
  });
  stop.abort();
  expect([read[0], read.at(-1)]).toEqual([11, 41]);
  expect(old).toHaveLength(30);
});

test("an outlet that nobody opened is complained about, and found once it is there", async () => {
  const outlet = { address: "127.0.0.1", port: await freePort() };
  const stop = new AbortController();
  const complaints: (string | undefined)[] = [];
  const found = new Promise<void>((resolve) => {
    const onComplaint = (complaint: string | undefined): void => {
      complaints.push(complaint);
      if (complaint === undefined) resolve();
      else if (complaints.length === 1) void openSink(outlet, key);
    };
    void followOutlet(outlet, key, () => undefined, onComplaint, stop.signal);
  });
  await found;
  stop.abort();
  expect(complaints[0]).toMatch(/^no connection to TCP 127\.0\.0\.1:\d+ \(.*ECONNREFUSED/);
});

/** Follows a server that does what `peer` says until something was complained of. */
async function complaintAgainst(peer: (connection: Socket) => void, read: string[]): Promise<string> {
  const open = new Set<Socket>();
  const server = createServer((connection) => {
    open.add(connection.on("error", () => undefined));
    peer(connection);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = new AbortController();
  const complaint = await new Promise<string>((resolve) => {
    const onComplaint = (text: string | undefined): void => {
      if (text !== undefined) resolve(text);
    };
    void followOutlet({ address: "127.0.0.1", port }, key, (text) => read.push(text), onComplaint, stop.signal);
  });
  stop.abort();
  open.forEach((each) => each.destroy());
  await new Promise((resolve) => server.close(resolve));
  return complaint;
}

describe("what is no probe of this deployment", () => {
  const malformed = '{"role":"receiver"}\n';
  const number = `${"0".repeat(32)}\n`;
  test.each<[string, (connection: Socket) => void, string]>([
    ["a malformed line", (peer) => peer.write(malformed), "no probe of this deployment"],
    ["a malformed line behind a number", (peer) => peer.write(number + malformed), "no probe of this deployment"],
    [
      "a line with a signature of its own",
      (peer) => peer.write(`${number}${"0".repeat(64)} ${malformed}`),
      "no probe of this",
    ],
    ["no end of one line", (peer) => peer.write("x".repeat(2_000_000)), "a line that is too long"],
    ["a byte now and then", (peer) => setInterval(() => peer.write("0"), 200).unref(), "no answer"],
    ["nothing", () => undefined, "no answer"],
  ])(
    "is not believed when it says %s",
    async (_, peer, complaint) => {
      const read: string[] = [];
      expect(await complaintAgainst(peer, read)).toContain(complaint);
      expect(read).toEqual([]);
    },
    15_000,
  );

  test("gets no line, and cannot keep the verdict away", async () => {
    const outlet = { address: "127.0.0.1", port: await freePort() };
    const print = await openSink(outlet, key);
    print(line(1));
    const heard: string[] = [];
    const strangers = Array.from({ length: 80 }, () =>
      connect({ host: outlet.address, port: outlet.port }).on("error", () => undefined),
    );
    strangers.forEach((each, index) => {
      each.on("data", (chunk) => heard.push(String(chunk)));
      each.write(index % 2 === 0 ? "x".repeat(100_000) : `${"0".repeat(32)} ${"0".repeat(64)}\n`);
    });
    const stop = new AbortController();
    await new Promise<void>(
      (resolve) =>
        void followOutlet(
          outlet,
          key,
          () => resolve(),
          () => undefined,
          stop.signal,
        ),
    );
    stop.abort();
    strangers.forEach((each) => each.destroy());
    expect(heard.join("")).not.toContain("role");
    const foreign = new AbortController();
    const complaint = await new Promise<string | undefined>(
      (resolve) => void followOutlet(outlet, otherKey, () => undefined, resolve, foreign.signal),
    );
    foreign.abort();
    expect(complaint).toContain("has ended");
  }, 20_000);
});
