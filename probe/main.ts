import { visibleLines } from "./visible";
import { readFileSync } from "node:fs";
import { answer } from "./answer";
import type { ProbeConfig, ServiceAskConfig, SocatAskConfig, StatusAskConfig, VerdictConfig } from "./config";
import { DeploymentKey } from "./deployment-key";
import { inClusterAccess, KubeApi } from "./kube-api";
import { statusAsk } from "./network-status";
import { PortError } from "./port-in-use";
import { ownPod, publish, signed } from "./publish";
import { receive } from "./receive";
import { send } from "./send";
import type { Report } from "./report";
import { serviceAsk } from "./service-ask";
import { socatAsk, socatListen } from "./socat";
import { verdict } from "./verdict";

/** Runs the job that the config names. @returns the exit code. */
async function run(config: ProbeConfig, key: () => DeploymentKey): Promise<number> {
  switch (config.mode) {
    case "send":
      return send(config, key());
    case "receive":
      return receive(config, key());
    case "socat-listen":
      return socatListen(config);
    case "answer":
      return answer(config, key());
    case "verdict":
    case "socat-ask":
    case "service-ask":
    case "status-ask":
      return conclude(config, new KubeApi(inClusterAccess(process.env)), key);
  }
}

type JudgeConfig = VerdictConfig | SocatAskConfig | ServiceAskConfig | StatusAskConfig;

/** The report goes to the log first, so that it is not lost with the API server. */
async function conclude(config: JudgeConfig, api: KubeApi, key: () => DeploymentKey): Promise<number> {
  const own = ownPod(process.env);
  const report = signed(await judge(config, api, key), own);
  process.stdout.write(`${JSON.stringify(report)}\n${report.summary}\n`);
  await publish(api, config.report, own, report);
  return report.verdict === "passed" ? 0 : 1;
}

function judge(config: JudgeConfig, api: KubeApi, key: () => DeploymentKey): Promise<Report> {
  switch (config.mode) {
    case "verdict":
      return verdict(config, api, key());
    case "socat-ask":
      return socatAsk(config, api, key());
    case "service-ask":
      return serviceAsk(config, api, key());
    case "status-ask":
      return statusAsk(config, api);
  }
}

// The first process of a container has no default action for signals: without this a pod's end takes its whole grace period.
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(130));

const [file, keyFile] = process.argv.slice(2);

/** All but the reader of Multus' annotations share a secret. */
function deploymentKey(): DeploymentKey {
  if (keyFile === undefined) throw new Error("the probe needs the file of the deployment's key as its second argument");
  return DeploymentKey.read(keyFile);
}

if (file === undefined) {
  process.stderr.write("usage: node probe.cjs CONFIG.json [KEYFILE]\n");
  process.exit(2);
}
run(JSON.parse(readFileSync(file, "utf8")) as ProbeConfig, deploymentKey).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${visibleLines(errorText(error))}\n`);
    process.exit(3);
  },
);

// A probe whose sockets are gone has nothing to wait for, and Node.js ends it as if it had done its work.
process.on("beforeExit", () => {
  process.stderr.write("the probe ended before its work was done\n");
  process.exit(3);
});

/** A port that cannot be had needs no stack; the last line of a container's log is what Kubernetes says of its end. */
function errorText(error: unknown): string {
  if (error instanceof PortError || !(error instanceof Error))
    return String(error instanceof Error ? error.message : error);
  return error.stack ?? error.message;
}
