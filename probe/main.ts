import { readFileSync } from "node:fs";
import type { ProbeConfig, SocatAskConfig, VerdictConfig } from "./config";
import { inClusterAccess, KubeApi } from "./kube-api";
import { ownPod, publish } from "./publish";
import { receive } from "./receive";
import { send } from "./send";
import { socatAsk, socatListen } from "./socat";
import { verdict } from "./verdict";

/** Runs the job that the config names. @returns the exit code. */
async function run(config: ProbeConfig): Promise<number> {
  switch (config.mode) {
    case "send":
      return send(config);
    case "receive":
      return receive(config);
    case "socat-listen":
      return socatListen(config);
    case "verdict":
    case "socat-ask":
      return conclude(config, new KubeApi(inClusterAccess(process.env)));
  }
}

/** The report goes to the log first, so that it is not lost with the API server. */
async function conclude(config: VerdictConfig | SocatAskConfig, api: KubeApi): Promise<number> {
  const report = await (config.mode === "verdict" ? verdict(config, api) : socatAsk(config, api));
  process.stdout.write(`${JSON.stringify(report)}\n${report.summary}\n`);
  await publish(api, config.report, ownPod(process.env), report);
  return report.verdict === "passed" ? 0 : 1;
}

// The first process of a container has no default action for signals: without this a pod's end takes its whole grace period.
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(130));

const file = process.argv[2];
if (file === undefined) {
  process.stderr.write("usage: node probe.cjs CONFIG.json\n");
  process.exit(2);
}
run(JSON.parse(readFileSync(file, "utf8")) as ProbeConfig).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(3);
  },
);
