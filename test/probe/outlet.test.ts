import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { openSink } from "../../probe/outlet";
import { followOutlet } from "../../probe/outlet-follower";
import type { ProbeLine } from "../../probe/lines";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const line = (at: number) => ({ role: "receiver", at }) as ProbeLine;

test("who comes later gets the last lines first, then each new one", async () => {
  const outlet = { address: "127.0.0.1", port: await freePort() };
  const print = await openSink(outlet);
  for (let at = 1; at <= 40; at += 1) print(line(at));
  const stop = new AbortController();
  const read: number[] = [];
  await new Promise<void>((resolve) => {
    const onLine = (text: string): void => {
      read.push((JSON.parse(text) as { at: number }).at);
      if (read.length === 30) print(line(41));
      if (read.length === 31) resolve();
    };
    void followOutlet(outlet, onLine, () => undefined, stop.signal);
  });
  stop.abort();
  expect([read[0], read.at(-1)]).toEqual([11, 41]);
});

test("an outlet that nobody opened is complained about, and found once it is there", async () => {
  const outlet = { address: "127.0.0.1", port: await freePort() };
  const stop = new AbortController();
  const complaints: (string | undefined)[] = [];
  const found = new Promise<void>((resolve) => {
    const onComplaint = (complaint: string | undefined): void => {
      complaints.push(complaint);
      if (complaint === undefined) resolve();
      else if (complaints.length === 1) void openSink(outlet);
    };
    void followOutlet(outlet, () => undefined, onComplaint, stop.signal);
  });
  await found;
  stop.abort();
  expect(complaints[0]).toMatch(/^no connection to TCP 127\.0\.0\.1:\d+ \(.*ECONNREFUSED/);
});
