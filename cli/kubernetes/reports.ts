import { z } from "zod";
import { parseReport, REPORT_KEY, type Report } from "../../probe/report";
import type { CheckResult } from "../report";
import type { Kubectl } from "./kubectl";
import { CHECK_NAME, COMPONENT, NAME } from "./labels";
import { inNamespace, listed, type Manifest } from "./objects";

/** The ConfigMap that takes a check's report. */
export interface ReportObject extends Manifest {
  readonly data?: Readonly<Record<string, string>>;
}

/** The report of a check, and which run must have written it. */
export interface Awaited {
  readonly checkName: string;
  readonly namespace: string;
  /** UID of the pod that judged. */
  readonly runId: string;
}

/** Every report object in the cluster; those of `wanted` also where their labels were taken off. */
export async function fetchReportObjects(kubectl: Kubectl, wanted: readonly Manifest[]): Promise<ReportObject[]> {
  const selector = `--selector=${NAME}=${CHECK_NAME},${COMPONENT}=report`;
  const { items } = await kubectl.json<{ items: ReportObject[] }>(["get", "configmaps", "--all-namespaces", selector]);
  const unseen = wanted.filter((each) => !items.some((item) => inNamespace(item) === inNamespace(each)));
  // Items of a list of one kind do not say which.
  const found = items.map((item) => ({ ...item, apiVersion: "v1", kind: "ConfigMap" }));
  return [...found, ...(await listed(kubectl, unseen))];
}

/**
 * What a check found, by the report that must be of this run. A report that is missing, empty, damaged, of another check or of
 * another run is none, and the result says so.
 */
export function resultOf(awaited: Awaited, object: ReportObject | undefined): CheckResult {
  const { checkName, namespace } = awaited;
  const report = reportIn(awaited, object);
  return typeof report === "string" ? { checkName, namespace, fault: report } : { checkName, namespace, report };
}

function reportIn({ checkName, namespace, runId }: Awaited, object: ReportObject | undefined): Report | string {
  if (object === undefined) return "no verdict: its report object is gone";
  const name = `ConfigMap ${inNamespace(object)}`;
  const text = object.data?.[REPORT_KEY];
  if (text === undefined) return `no verdict: ${name} holds no ${REPORT_KEY}`;
  if (text.trim() === "") return `no verdict: ${REPORT_KEY} in ${name} is empty`;
  let report: Report;
  try {
    report = parseReport(text);
  } catch (error) {
    return `no verdict: ${REPORT_KEY} in ${name} is no report: ${(error as Error).message}`;
  }
  if (report.check !== checkName || report.namespace !== namespace)
    return `no verdict: ${name} holds the report of another check, ${report.namespace}/${report.check}`;
  if (report.runId !== runId) return `no verdict: ${name} holds the report of another run, judged ${judgedAt(report)}`;
  const fault = shapeFault(report);
  return fault === undefined ? report : `no verdict: ${REPORT_KEY} in ${name} is no whole report: ${fault}`;
}

function judgedAt({ times }: Report): string {
  return typeof times === "object" ? String(times.judgedAt) : "at an unknown time";
}

const count = z.number();
const pod = z.looseObject({ name: z.string(), pod: z.string(), addresses: z.array(z.string()) });
const passed = z.literal("passed");
const receiver = pod.extend({
  expectation: z.string(),
  joins: z.array(z.string()),
  verdict: z.enum(["passed", "failed", "inconclusive"]),
  reason: z.string(),
  numbers: z.looseObject({ sent: count, received: count, lossPercent: count }),
});
/** What a renderer reads; and no verdict is better than the worst of its receivers. */
const whole = z
  .looseObject({
    kind: z.string(),
    group: z.string(),
    port: count,
    ttl: count,
    interface: z.string(),
    image: z.string(),
    network: z.looseObject({ kind: z.string() }),
    verdict: z.enum(["passed", "failed"]),
    summary: z.string(),
    sender: pod,
    receivers: z.array(receiver),
    times: z.looseObject({ startedAt: z.string(), judgedAt: z.string(), judgedSeconds: count }),
  })
  .refine(
    ({ verdict, receivers }) =>
      verdict === "failed" || receivers.every((each) => passed.safeParse(each.verdict).success),
    {
      message: "it says passed, and one of its receivers did not",
    },
  )
  .refine(({ verdict, receivers }) => verdict === "failed" || receivers.length > 0, {
    message: "it says passed, and it has no receivers",
  });

function shapeFault(report: Report): string | undefined {
  const { error } = whole.safeParse(report);
  if (error === undefined) return undefined;
  return error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": ")).join("; ");
}
