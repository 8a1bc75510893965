import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { AnswerConfig } from "../../probe/config";
import { faultOf, type Reply } from "../../probe/service-ask";
import { waitUntil } from "../../embedded/system/waiting";
import { BUNDLE_PATH } from "../../probe/bundle";

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

test("the probe answers on TCP with its name, what it hears and its node", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "answer-test-"));
  const port = 20_000 + (process.pid % 20_000);
  const destination = { group: "239.255.7.7", port: port + 1 };
  const config: AnswerConfig = { mode: "answer", check: "c", name: "solo", port, destination, ttl: 1, sends: false };
  writeFileSync(path.join(directory, "solo.json"), JSON.stringify(config));
  const child = spawn(process.execPath, [BUNDLE_PATH, path.join(directory, "solo.json")], {
    stdio: "ignore",
    env: { NODE_NAME: "agent" },
  });
  try {
    let answer = "";
    await waitUntil(async () => (answer = await ask(port)) !== "", { what: "an answer", timeoutMilliseconds: 10_000 });
    expect(JSON.parse(answer)).toMatchObject({ name: "solo", hears: [], node: "agent" });
  } finally {
    child.kill();
    rmSync(directory, { recursive: true });
  }
});

function ask(port: number): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const connection = connect({ host: "127.0.0.1", port });
    connection.on("data", (chunk) => (text += String(chunk)));
    connection.on("error", () => undefined);
    connection.on("close", () => resolve(text));
  });
}
