/** Reports as the probe's judge writes them about what record.ts has recorded. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { labReport, TARGET_SECONDS, type CheckResult, type LabReport } from "../../../cli/report";
import type { ReceiverLine, SenderLine } from "../../../probe/lines";
import { Observations } from "../../../probe/observations";
import { parseReport, type Report } from "../../../probe/report";
import { judge } from "../../../probe/verdict";
import { judging, pods } from "./checks";

const startedAt = new Date("2026-11-21T12:00:00.000Z");

/** The check as judged at the end of a recording. */
export function streamReport(recording: "healthy" | "data-nic-down"): Report {
  const observations = new Observations(judging);
  let now = 0;
  for (const text of read(`${recording}.jsonl`).trim().split("\n")) {
    const { pod, at, line } = JSON.parse(text) as { pod: string; at: number; line: SenderLine | ReceiverLine };
    observations.add(pod, line, { at, isNews: at >= 500 });
    now = at;
  }
  const states = Object.entries(pods).map(
    ([pod, { node }]) => [pod, { exists: true, phase: "Running", node }] as const,
  );
  return judge({ config: judging, observations, podStates: new Map(states), now }, startedAt, 0);
}

/** The documents' own check. */
export function socatReport(): Report {
  return parseReport(read("socat.json"));
}

/** As the command line hands a report on. */
export function resultOf(report: Report): CheckResult {
  return { checkName: report.check, namespace: report.namespace, report };
}

/** A report on these checks of a lab of three hosts. */
export function labReportOn(...checks: readonly CheckResult[]): LabReport {
  const host = { managementInterface: "eth0", dataInterface: "eth1" };
  return labReport({
    labName: "default",
    createdAt: "2026-11-21T12:00:14.000Z",
    command: "up",
    durationSeconds: 104.3,
    targetSeconds: TARGET_SECONDS.up,
    phases: [
      { name: "hosts", seconds: 9.2 },
      { name: "cluster", seconds: 61.5, targetSeconds: 50 },
      { name: "verdict", seconds: 14.1, targetSeconds: 20 },
    ],
    artifacts: [
      { name: "terraform", kind: "real", origin: "machine", version: "1.11.4" },
      { name: "k3s", kind: "stand-in", origin: "packages", version: "v1.34.4+k3s1-embedded", sha256: "ab".repeat(32) },
      { name: "host-rootfs", kind: "built", origin: "packages", version: "from Debian packages" },
    ],
    hosts: [
      { ...host, name: "server", role: "server", address: "198.18.0.11" },
      { ...host, name: "agent", role: "agent", address: "198.18.0.12" },
      { ...host, name: "external", role: "external", address: "198.18.0.13" },
    ],
    dataSubnet: "198.19.0.0/24",
    versions: { kernel: "6.1.0-28-amd64", kubernetes: "v1.34.4" },
    checks,
  });
}

function read(name: string): string {
  return readFileSync(path.join(__dirname, "recorded", name), "utf8");
}
