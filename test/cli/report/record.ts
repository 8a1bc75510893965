/**
 * Records what the report's tests read: the logs of real probes on macvlan children of two hosts' `eth1`, and the report of
 * a real socat check. Needs root: node --import tsx test/cli/report/record.ts
 */
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { BUNDLE_PATH } from "../../../probe/bundle";
import { KubeApi } from "../../../probe/kube-api";
import { socatAsk } from "../../../probe/socat";
import { ApiServer } from "../../probe/api-server";
import { key } from "../../probe/keys";
import { MacvlanHosts } from "../../probe/macvlan-hosts";
import { asking, nodes, pods } from "./checks";

const RECORDED = path.join(__dirname, "recorded");
const SECONDS = 9;

async function main(): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), "report-probe-"));
  const bundle = path.join(directory, "probe.cjs");
  chmodSync(directory, 0o755);
  copyFileSync(BUNDLE_PATH, bundle);
  const hosts = new MacvlanHosts(bundle);
  try {
    for (const node of nodes) hosts.addHost(node);
    for (const [pod, { node, address, config }] of Object.entries(pods)) {
      hosts.addPod(pod, node, address);
      hosts.start(pod, config);
    }
    const { listener, destination, interface: name } = asking;
    hosts.addPod(listener.pod, "agent", "198.19.0.15/24");
    hosts.start(
      listener.pod,
      { mode: "socat-listen", destination, interface: name },
      { hostname: key.hostName(asking.answer) },
    );
    await recordLogs(hosts, "healthy");
    recordSocat(hosts);
    hosts.inside("agent", "ip", "link", "set", "eth1", "down");
    await recordLogs(hosts, "data-nic-down");
  } finally {
    await hosts.remove();
    rmSync(directory, { recursive: true });
  }
}

/** Lines of all pods from now on, each with the milliseconds since the start. */
async function recordLogs(hosts: MacvlanHosts, name: string): Promise<void> {
  const startedAt = performance.now();
  const lines: string[] = [];
  const stops = Object.keys(pods).map((pod) => {
    let history = true;
    const stop = hosts.follow(pod, (text) => {
      if (history) return;
      lines.push(`{"pod":${JSON.stringify(pod)},"at":${Math.round(performance.now() - startedAt)},"line":${text}}\n`);
    });
    history = false;
    return stop;
  });
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  for (const stop of stops) stop();
  writeFileSync(path.join(RECORDED, `${name}.jsonl`), lines.join(""));
}

/** The question is asked by this program, run again inside the sender's pod. */
function recordSocat(hosts: MacvlanHosts): void {
  const again = [...process.execArgv, __filename, "ask"];
  const report = hosts.inside("plane-sender", process.execPath, ...again);
  writeFileSync(path.join(RECORDED, "socat.json"), report);
}

async function ask(): Promise<void> {
  const running = { spec: { nodeName: "agent" }, status: { phase: "Running" } };
  const server = new ApiServer({ pod: () => running, follow: () => () => undefined });
  const report = await socatAsk(asking, new KubeApi(await server.listen()), key);
  process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  await server.close();
}

void (process.argv[2] === "ask" ? ask() : main());
