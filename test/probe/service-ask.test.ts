import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { AnswerConfig } from "../../probe/config";
import { signAnswer } from "../../probe/answer-text";
import { askOnce, askUntilRight, faultOf, type Reply } from "../../probe/service-ask";
import { waitUntil } from "../../embedded/system/waiting";
import { BUNDLE_PATH } from "../../probe/bundle";
import { key, KEY_TEXTS, otherKey } from "./keys";

const service = { name: "media-6", pod: "media-6", isPod: true, service: "media-6", hears: ["a", "b"] };
const replied = (answer: object): Reply => ({ answer: { name: "media-6", hears: ["a", "b"], ...answer } });

test("an answer of that name that hears exactly those is right", () => {
  expect(faultOf(replied({}), service)).toBeUndefined();
});

test.each<[string, Reply, string]>([
  ["nothing came", { error: "connect ECONNREFUSED" }, "the Service did not answer: connect ECONNREFUSED"],
  ["another pod answers", replied({ name: "media-5" }), '"media-5" answered instead'],
  ["one is not heard", replied({ hears: ["b"] }), "does not hear a"],
  ["one too many is heard", replied({ hears: ["a", "b", "c"] }), "hears c, which it must not"],
  [
    "both, and the pod says why",
    replied({ hears: ["c"], trouble: "Error: send ENETUNREACH" }),
    "does not hear a, b; hears c, which it must not; its last trouble: Error: send ENETUNREACH",
  ],
])("the fault is told when %s", (_, reply, expected) => {
  expect(faultOf(reply, service)).toBe(expected);
});

test("what is not asked is not right: time in which the asker had no processor makes no window", async () => {
  const asking = { services: [service], windowSeconds: 3, deadlineSeconds: 30 };
  let [now, rounds] = [0, 0];
  const clock = jest.spyOn(performance, "now").mockImplementation(() => now);
  try {
    const found = await askUntilRight(asking, () => {
      now += rounds === 0 ? 60_000 : 500;
      rounds += 1;
      return Promise.resolve([replied({})]);
    });
    expect([rounds, found.judgedSeconds]).toEqual([5, 3]);
    const broken = await askUntilRight(asking, () => {
      now += 500;
      rounds += 1;
      return Promise.resolve([rounds % 5 === 0 ? replied({ hears: [] }) : replied({})]);
    });
    expect(broken.judgedSeconds).toBeLessThan(3);
  } finally {
    clock.mockRestore();
  }
});

describe("a member that answers by TCP", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "answer-test-"));
  const port = 20_000 + (process.pid % 20_000);
  let child: ChildProcess;
  const ask = () => askOnce("127.0.0.1", port, key);

  beforeAll(async () => {
    const destination = { group: "239.255.7.7", port: port + 1 };
    const config: AnswerConfig = { mode: "answer", name: "solo", port, destination, ttl: 1, sends: false };
    writeFileSync(path.join(directory, "solo.json"), JSON.stringify(config));
    writeFileSync(path.join(directory, "key"), KEY_TEXTS[0]);
    child = spawn(process.execPath, [BUNDLE_PATH, path.join(directory, "solo.json"), path.join(directory, "key")], {
      stdio: "ignore",
      env: { NODE_NAME: "agent" },
    });
    await waitUntil(async () => "answer" in (await ask()), { what: "an answer", timeoutMilliseconds: 20_000 });
  }, 30_000);
  afterAll(() => {
    child.kill();
    rmSync(directory, { recursive: true });
  });

  test("says its name, what it hears and its node", async () => {
    expect(await ask()).toMatchObject({ answer: { name: "solo", hears: [], node: "agent" } });
  });

  test("of another deployment is not believed", async () => {
    expect(await askOnce("127.0.0.1", port, otherKey)).toMatchObject({
      error: expect.stringContaining("what answers is not of this deployment") as string,
    });
  });

  test("lets strangers neither wait for ever nor keep others away", async () => {
    const strangers = Array.from({ length: 100 }, () =>
      connect({ host: "127.0.0.1", port }).on("error", () => undefined),
    );
    const closed = Promise.all(strangers.map((each) => new Promise((resolve) => each.once("close", resolve))));
    strangers.slice(0, 50).forEach((each) => each.write("x".repeat(200)));
    expect(await ask()).toMatchObject({ answer: { name: "solo" } });
    strangers.slice(50).forEach((each) => each.write("x".repeat(100_000)));
    await closed;
    expect(await ask()).toMatchObject({ answer: { name: "solo" } });
  });
});

describe("a hostile peer in a member's place", () => {
  async function against(peer: (connection: Socket) => void): Promise<Reply> {
    const open = new Set<Socket>();
    const server = createServer((connection) => {
      open.add(connection.on("error", () => undefined));
      peer(connection);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const reply = await askOnce("127.0.0.1", (server.address() as AddressInfo).port, key);
    open.forEach((each) => each.destroy());
    await new Promise((resolve) => server.close(resolve));
    return reply;
  }

  test("that drips is given up after two seconds in all", async () => {
    const startedAt = performance.now();
    const timers: NodeJS.Timeout[] = [];
    const reply = await against((connection) => timers.push(setInterval(() => connection.write("x"), 100)));
    timers.forEach(clearInterval);
    expect(reply).toMatchObject({ error: expect.stringContaining("no end within 2000 ms") as string });
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });

  test("that floods is cut off", async () => {
    const reply = await against((connection) => connection.write("x".repeat(4_000_000)));
    expect(reply).toMatchObject({ error: expect.stringContaining("longer than 262144 bytes") as string });
  });

  test("cannot use an answer that it heard before", async () => {
    const recorded = signAnswer(key, "earlier question", { name: "solo", hears: [] });
    expect(await against((connection) => connection.end(recorded))).toMatchObject({
      error: expect.any(String) as string,
    });
  });

  test("reaches the report in no other way than visibly", async () => {
    const reply = await against((connection) => connection.end("\u001b[2J\u009b1m\u202e\u2066 hello"));
    expect(reply).toEqual({
      error: 'what answers is not of this deployment: "\\u{1b}[2J\\u{9b}1m\\u{202e}\\u{2066} hello"',
    });
  });
});
