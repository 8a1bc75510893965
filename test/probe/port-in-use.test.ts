import { spawn, type ChildProcess } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { waitUntil } from "../../embedded/system/waiting";
import { BUNDLE_PATH } from "../../probe/bundle";
import type { ProbeConfig, VerdictConfig } from "../../probe/config";
import type { KubeApi } from "../../probe/kube-api";
import { readPodState } from "../../probe/pod-state";
import { verdict } from "../../probe/verdict";
import { key, KEY_TEXTS } from "./keys";
import { describeWith } from "../helpers/needs";
import { config as judging, verdictOn } from "./scene";

const directory = mkdtempSync(path.join(tmpdir(), "vft-port-"));
const bundle = path.join(directory, "probe.cjs");
const keyFile = path.join(directory, "key");
beforeAll(() => {
  chmodSync(directory, 0o755);
  copyFileSync(BUNDLE_PATH, bundle);
  writeFileSync(keyFile, KEY_TEXTS[0]);
});
afterAll(() => rmSync(directory, { recursive: true }));

const destinations = (port: number) => ({
  test: { group: "239.1.1.1", port },
  control: { group: "239.1.129.1", port },
});
const common = { interface: "lo" } as const;
const sending = { ...common, mode: "send", ttl: 1, ratePerSecond: 20, destinations: destinations(5004) } as const;
const answering = { mode: "answer", name: "a", ttl: 1, sends: false } as const;

const programs: ChildProcess[] = [];
afterEach(() => programs.splice(0).forEach((program) => program.kill("SIGKILL")));

/** Starts the probe, by a command that takes its own as the last words. */
function start(config: ProbeConfig, ...by: string[]): ChildProcess {
  const file = path.join(directory, `${JSON.stringify(config).length}.json`);
  writeFileSync(file, JSON.stringify(config));
  const [command = "", ...words] = [...by, process.execPath, bundle, file, keyFile];
  const program = spawn(command, words, { stdio: ["ignore", "ignore", "pipe"] });
  programs.push(program);
  return program;
}

async function endOf(program: ChildProcess): Promise<{ code: number | null; words: string }> {
  let words = "";
  program.stderr?.on("data", (chunk: Buffer) => (words += chunk.toString()));
  const [code] = (await once(program, "close")) as [number | null];
  return { code, words };
}

async function takenUdp(type: "udp4" | "udp6"): Promise<{ port: number; free: () => void }> {
  const socket = createSocket({ type, ipv6Only: type === "udp6" });
  await new Promise<void>((resolve) => socket.bind(0, resolve));
  return { port: socket.address().port, free: () => socket.close() };
}

async function takenTcp(): Promise<{ port: number; free: () => void }> {
  const server = createServer().listen(0);
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, free: () => server.close() };
}

const self = `process ${process.pid} \\(.+\\) has it`;

test.each<[string, string, "udp4" | "udp6" | "tcp", (port: number) => ProbeConfig]>([
  ["receiver", "UDP", "udp4", (port) => ({ ...common, mode: "receive", joins: [], destinations: destinations(port) })],
  [
    "receiver of IPv6",
    "UDP",
    "udp6",
    (port) => ({
      ...common,
      mode: "receive",
      joins: [],
      destinations: { test: { group: "ff15::1:1", port }, control: { group: "ff15::1:8001", port } },
    }),
  ],
  ["sender's roster", "UDP", "udp4", (port) => ({ ...sending, rosterPort: port })],
  ["sender's outlet", "TCP", "tcp", (port) => ({ ...sending, outlet: { address: "127.0.0.1", port } })],
  ["member's group", "UDP", "udp4", (port) => ({ ...answering, port: 0, destination: { group: "239.1.1.1", port } })],
  ["member's Service", "TCP", "tcp", (port) => ({ ...answering, port, destination: { group: "239.1.1.1", port: 0 } })],
])(
  "a taken port of a %s ends the probe with an error that names the port and who has it",
  async (_, protocol, type, configOf) => {
    const { port, free } = type === "tcp" ? await takenTcp() : await takenUdp(type);
    const { code, words } = await endOf(start(configOf(port)));
    free();
    expect(words).toMatch(
      new RegExp(`^${protocol} port \\S+:${port} is taken \\(EADDRINUSE\\): ${self}; choose another port`),
    );
    expect(words.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(3);
  },
);

describeWith(["root"], "in a network of its own", () => {
  test("a port that is forbidden is told apart from a taken one", async () => {
    const user = ["setpriv", "--reuid=65532", "--regid=65532", "--clear-groups", "--bounding-set=-all"];
    const config: ProbeConfig = { ...common, mode: "receive", joins: [], destinations: destinations(81) };
    const { code, words } = await endOf(start(config, "unshare", "--net", ...user));
    expect(words).toMatch(/^UDP port 0.0.0.0:81 is forbidden to this program \(EACCES\): ports below .*=1024 need/);
    expect(code).toBe(3);
  });
});

test("outside the cluster the verdict's reason names the taken port", async () => {
  const { port, free } = await takenUdp("udp4");
  const reserved = await takenTcp();
  const outlet = { address: "127.0.0.1", port: reserved.port };
  reserved.free();
  start({ ...sending, rosterPort: port, outlet });
  await waitUntil(() => accepts(outlet.port), { what: "the program hands out its lines", timeoutMilliseconds: 20_000 });
  const config: VerdictConfig = {
    ...judging,
    sender: { name: "sender", pod: "sender", node: "simulator", outlet },
    receivers: [{ name: "ear", pod: "ear", node: "recorder", outlet, expect: "heard", joins: ["239.1.1.1"] }],
    deadlineSeconds: 2,
  };
  const report = await verdict(config, { retries: 0 } as KubeApi, key);
  free();
  const why = `the sender's program on external host simulator cannot be heard: UDP port 0.0.0.0:${port} is taken`;
  expect(report).toMatchObject({ verdict: "failed", summary: expect.stringContaining(why) as string });
});

test("what a container said last is read from its end, without the probe's own lines and the frames of a stack", async () => {
  const message = '{"role":"receiver"}\nUDP port 0.0.0.0:5004 is taken\n    at node:internal/x:1:1\n\n';
  const status = {
    phase: "Running",
    containerStatuses: [
      { state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: { terminated: { reason: "Error", message } } },
    ],
  };
  const api = { json: () => Promise.resolve({ status }) } as unknown as KubeApi;
  const state = await readPodState(api, "media", "ear");
  expect(state).toMatchObject({ containerReason: "CrashLoopBackOff", lastWords: "UDP port 0.0.0.0:5004 is taken" });
  const { summary } = verdictOn({ states: { ear: state }, mute: ["ear"] });
  expect(summary).toContain(
    "container is in CrashLoopBackOff; its container said last: UDP port 0.0.0.0:5004 is taken",
  );
});

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}
