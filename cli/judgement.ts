import type { Kubectl } from "./kubernetes/kubectl";
import { INSTANCE } from "./kubernetes/labels";
import { inNamespace, sameObject, type Manifest } from "./kubernetes/objects";
import { fetchReportObjects, resultOf, type ReportObject } from "./kubernetes/reports";
import {
  fetchPods,
  isCopy,
  isVerdict,
  judgeAgain,
  removeCopies,
  type JudgementRun,
  type Patience,
  type PodObject,
} from "./kubernetes/verdicts";
import type { CheckResult } from "./report";
import type { DeclaredCheck } from "./terraform/declared";

/** What the checks of a lab found in one run of a command. */
export interface Judgement {
  /** One for each check that is declared or found, whether it could judge or not. */
  readonly checks: readonly CheckResult[];
  /** What else there is to know of them. */
  readonly notes: readonly string[];
}

/** Seconds for a check that no stack of the lab declares; the verdict has a shorter deadline of its own. */
const STRANGERS_TIMEOUT_SECONDS = 1200;

/** A pod starts in 2 to 5 s; on a machine that is busy it takes much longer. */
export const START_SECONDS = 90;

/** A check that judges now. */
interface Sitting {
  readonly checkName: string;
  readonly namespace: string;
  readonly run?: JudgementRun;
  /** Why it could not judge. */
  readonly fault?: string;
}

/**
 * Judges every check anew: those that the stacks declare, and those that are in the cluster besides.
 *
 * @param judged - checks that have judged in this run already; they are not asked again
 * @param startSeconds - what a verdict pod may take to start
 */
export async function judge(
  kubectl: Kubectl,
  declared: readonly DeclaredCheck[],
  judged: readonly CheckResult[] = [],
  startSeconds = Promise.resolve(START_SECONDS),
): Promise<Judgement> {
  const open = declared.filter((check) => !judged.some((each) => titleOf(each) === titleOf(check)));
  const wanted = open.map(({ reportObject }) => reportObject);
  const reports = async (): Promise<ReportObject[]> => (wanted.length === 0 ? [] : fetchReportObjects(kubectl, wanted));
  const [pods, objects] = await Promise.all([fetchPods(kubectl), reports()]);
  if (pods.some(isCopy)) await removeCopies(kubectl);
  const { strangers, notes } = undeclared(pods, declared);
  const sittings = await Promise.all([
    ...open.map((check) => sit(kubectl, check, pods, objects, startSeconds)),
    ...strangers.map((pod) =>
      runOf(kubectl, checkOfPod(pod), pod, { startSeconds, timeoutSeconds: STRANGERS_TIMEOUT_SECONDS }),
    ),
  ]);
  const after = sittings.length === 0 ? [] : await fetchReportObjects(kubectl, wanted);
  const results = sittings.map((sitting) => resultOfSitting(sitting, declared, after));
  return { checks: [...judged, ...results].sort(byName), notes };
}

/**
 * What the verdict pods found that are not among `before`, which a deploy has thus made; a check that has not judged since is
 * left out.
 */
export async function judgedSince(
  kubectl: Kubectl,
  declared: readonly DeclaredCheck[],
  before: ReadonlySet<string>,
): Promise<CheckResult[]> {
  const wanted = declared.map(({ reportObject }) => reportObject);
  const [pods, objects] = await Promise.all([fetchPods(kubectl), fetchReportObjects(kubectl, wanted)]);
  const results = declared.map((check) => {
    const runId = podOf(check, pods)?.metadata.uid;
    if (runId === undefined || before.has(runId)) return undefined;
    return resultOf({ ...check, runId }, sameObject(objects, check.reportObject));
  });
  return results.filter((result) => result?.report !== undefined).filter((result) => result !== undefined);
}

/** UIDs of the verdict pods that are there. Copies that a killed run has left go: the next verdict pod takes their addresses. */
export async function verdictIds(kubectl: Kubectl): Promise<ReadonlySet<string>> {
  const pods = await fetchPods(kubectl);
  if (pods.some(isCopy)) await removeCopies(kubectl);
  return new Set(pods.filter(isVerdict).flatMap(({ metadata }) => metadata.uid ?? []));
}

/** All declared checks; those that have not judged say why. */
export function completed(
  declared: readonly DeclaredCheck[],
  judged: readonly CheckResult[],
  fault: string,
): CheckResult[] {
  const missing = declared.filter((check) => !judged.some((each) => titleOf(each) === titleOf(check)));
  return [...judged, ...missing.map(({ checkName, namespace }) => ({ checkName, namespace, fault }))].sort(byName);
}

async function sit(
  kubectl: Kubectl,
  check: DeclaredCheck,
  pods: readonly PodObject[],
  objects: readonly ReportObject[],
  startSeconds: Promise<number>,
): Promise<Sitting> {
  const { checkName, namespace, verdictPod, reportObject, timeoutSeconds } = check;
  const pod = podOf(check, pods);
  const hasObject = sameObject(objects, reportObject) !== undefined;
  // The verdict may write to that object, and not make it.
  const made = !hasObject && (await make(kubectl, reportObject));
  const lacks = [
    ...(pod === undefined ? [`its verdict pod ${namespace}/${verdictPod} is gone`] : []),
    ...(hasObject ? [] : [`its report object, ConfigMap ${inNamespace(reportObject)}, was gone`]),
  ];
  if (pod !== undefined && hasObject) return runOf(kubectl, check, pod, { startSeconds, timeoutSeconds });
  const next =
    made && pod !== undefined ? "the object was made again, so the next run can judge" : '"./lab up" puts that right';
  return { checkName, namespace, fault: `no verdict: ${lacks.join(", and ")}; ${next}` };
}

async function make(kubectl: Kubectl, object: Manifest): Promise<boolean> {
  return kubectl.text(["create", "--filename=-"], { input: JSON.stringify(object) }).then(
    () => true,
    // Its namespace is gone too, for instance; the result says what is missing.
    () => false,
  );
}

async function runOf(
  kubectl: Kubectl,
  check: Pick<Sitting, "checkName" | "namespace">,
  pod: PodObject,
  patience: Patience,
): Promise<Sitting> {
  const { checkName, namespace } = check;
  try {
    return { checkName, namespace, run: await judgeAgain(kubectl, pod, patience) };
  } catch (error) {
    return { checkName, namespace, fault: `no verdict: ${(error as Error).message}` };
  }
}

function resultOfSitting(
  { checkName, namespace, run, fault }: Sitting,
  declared: readonly DeclaredCheck[],
  objects: readonly ReportObject[],
): CheckResult {
  if (run === undefined) return { checkName, namespace, fault };
  const check = declared.find((each) => titleOf(each) === `${namespace}/${checkName}`);
  const object = check ? sameObject(objects, check.reportObject) : labelled(objects, namespace, checkName);
  const result = resultOf({ checkName, namespace, runId: run.runId }, object);
  if (result.fault === undefined || run.lastWords === undefined) return result;
  return { ...result, fault: `${result.fault}; its verdict pod ended: ${run.lastWords}` };
}

/** Verdict pods that no stack of this lab declares. */
function undeclared(pods: readonly PodObject[], declared: readonly DeclaredCheck[]) {
  const all = pods.filter(isVerdict).filter((pod) => !declared.some((check) => podOf(check, [pod]) !== undefined));
  const rivals = all.filter((pod) => declared.some((check) => titleOf(check) === titleOf(checkOfPod(pod))));
  const strangers = all.filter((pod) => !rivals.includes(pod));
  const notes = [
    ...strangers.map(
      (pod) => `check ${titleOf(checkOfPod(pod))} is in the cluster, and no stack of this lab declares it`,
    ),
    ...rivals.map(
      (pod) =>
        `pod ${inNamespace(pod)} says that it judges for ${titleOf(checkOfPod(pod))}, and is not its verdict pod; it was left alone`,
    ),
  ];
  return { strangers, notes };
}

function checkOfPod({ metadata: { name, namespace, labels = {} } }: PodObject): {
  checkName: string;
  namespace: string;
} {
  return { checkName: labels[INSTANCE] ?? name, namespace };
}

function podOf({ namespace, verdictPod }: DeclaredCheck, pods: readonly PodObject[]): PodObject | undefined {
  return pods.find(({ metadata }) => metadata.namespace === namespace && metadata.name === verdictPod);
}

function labelled(objects: readonly ReportObject[], namespace: string, checkName: string): ReportObject | undefined {
  return objects.find(({ metadata }) => metadata.namespace === namespace && metadata.labels?.[INSTANCE] === checkName);
}

function titleOf({ namespace, checkName }: { readonly namespace: string; readonly checkName: string }): string {
  return `${namespace}/${checkName}`;
}

function byName(left: CheckResult, right: CheckResult): number {
  return left.checkName.localeCompare(right.checkName) || left.namespace.localeCompare(right.namespace);
}
