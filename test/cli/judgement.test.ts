import { setTimeout as delay } from "node:timers/promises";
import { completed, judge, judgedSince, verdictIds } from "../../cli/judgement";
import type { CheckResult } from "../../cli/report";
import { clusterWith, declare, healthy, store, verdictPod, writes } from "./fake-checks";
import { FakeCluster, type OnRun } from "./kubernetes/fake-cluster";

const plane = declare("plane");
const documents = declare("documents");
const both = [plane, documents];
const told = (checks: readonly CheckResult[]) =>
  checks.map(({ namespace, checkName, report, fault }) => [`${namespace}/${checkName}`, report?.verdict ?? fault]);

test("every declared check judges anew", async () => {
  const { checks, notes } = await judge(clusterWith(both).kubectl, both);
  expect(told(checks)).toEqual([
    ["media/documents", "passed"],
    ["media/plane", "passed"],
  ]);
  expect(notes).toEqual([]);
});

test("a check that has judged in this run already is not asked again", async () => {
  const cluster = clusterWith(both);
  const done = { checkName: "plane", namespace: "media", report: healthy };
  const { checks } = await judge(cluster.kubectl, both, [done]);
  expect(checks[1]).toBe(done);
  const made = cluster.calls.filter(({ args }) => args[0] === "create").flatMap(({ objects }) => objects);
  expect(made.map(({ metadata }) => metadata.labels?.["app.kubernetes.io/instance"])).toEqual(["documents"]);
});

test.each<[string, OnRun, RegExp]>([
  ["none that is new", () => "succeeded", /holds the report of another run, judged/],
  ["an empty one", (pod, cluster) => (store(cluster, "plane", "media", ""), "succeeded"), /report\.json .* is empty/],
  [
    "none at all",
    (pod, cluster) => (store(cluster, "plane", "media", undefined), "succeeded"),
    /holds no report\.json/,
  ],
  ["half of one", (pod, cluster) => (store(cluster, "plane", "media", '{"schema'), "succeeded"), /is no report/],
  ["null", (pod, cluster) => (store(cluster, "plane", "media", "null"), "succeeded"), /schemaVersion must be 1/],
  ["one of another version", writes((report) => ({ ...report, schemaVersion: 2 })), /schemaVersion must be 1, got 2/],
  ["one of another check", writes((report) => ({ ...report, check: "other" })), /of another check, media\/other/],
  ["one of another namespace", writes((report) => ({ ...report, namespace: "x" })), /of another check, x\/plane/],
  ["one of another run", writes((report) => ({ ...report, runId: "uid-0" })), /of another run/],
  ["one that does not say of which run", writes((report) => ({ ...report, runId: undefined })), /of another run/],
  ["one without its receivers' numbers", writes((report) => ({ ...report, receivers: [{}] })), /is no whole report/],
  ["one that is passed and has no receivers", writes((report) => ({ ...report, receivers: [] })), /has no receivers/],
  [
    "one that is passed where a receiver failed",
    writes((report) => ({
      ...report,
      receivers: healthy.receivers.map((receiver) => ({ ...receiver, verdict: "failed" })),
    })),
    /says passed, and one of its receivers did not/,
  ],
  [
    "one whose object goes",
    (pod, cluster) => (cluster.remove(plane.reportObject), "succeeded"),
    /report object is gone/,
  ],
])("a check that brings %s has no verdict, and says why", async (_, onRun, fault) => {
  const { checks } = await judge(clusterWith([plane], onRun).kubectl, [plane]);
  expect(told(checks)).toEqual([["media/plane", expect.stringMatching(/^no verdict: /)]]);
  expect(checks[0]?.fault).toMatch(fault);
});

test("a report that was emptied or damaged before is healed by the next judgement", async () => {
  const cluster = clusterWith(both);
  store(cluster, "plane", "media", "");
  store(cluster, "documents", "media", "{");
  expect(told((await judge(cluster.kubectl, both)).checks)).toEqual([
    ["media/documents", "passed"],
    ["media/plane", "passed"],
  ]);
});

test("a report object that is gone fails its check by name, and is made again for the next run", async () => {
  const cluster = clusterWith(both);
  cluster.remove(plane.reportObject);
  expect(told((await judge(cluster.kubectl, both)).checks)).toEqual([
    ["media/documents", "passed"],
    [
      "media/plane",
      "no verdict: its report object, ConfigMap media/plane-report, was gone; the object was made again, so the next run can judge",
    ],
  ]);
  expect(told((await judge(cluster.kubectl, both)).checks).map(([, verdict]) => verdict)).toEqual(["passed", "passed"]);
});

test("a report object without its labels still takes the report", async () => {
  const cluster = clusterWith([plane]);
  cluster.remove(plane.reportObject);
  cluster.add({ ...plane.reportObject, metadata: { name: "plane-report", namespace: "media" } });
  expect(told((await judge(cluster.kubectl, [plane])).checks)).toEqual([["media/plane", "passed"]]);
});

test("a verdict pod that is gone fails its check by name", async () => {
  const cluster = clusterWith(both);
  cluster.remove(verdictPod("plane", "media"));
  const { checks } = await judge(cluster.kubectl, both);
  expect(told(checks)[1]).toEqual([
    "media/plane",
    'no verdict: its verdict pod media/plane-verdict is gone; "./lab up" puts that right',
  ]);
});

test("with everything of them gone, all checks are failed", async () => {
  const { checks } = await judge(new FakeCluster().kubectl, both);
  expect(checks.map(({ fault }) => fault)).toEqual([
    expect.stringMatching(/verdict pod media\/documents-verdict is gone, and its report object, .* was gone/),
    expect.stringMatching(/verdict pod media\/plane-verdict is gone/),
  ]);
});

test("two checks of one name in two namespaces are two checks", async () => {
  const twins = [plane, declare("plane", "studio")];
  const cluster = clusterWith(twins);
  cluster.remove(twins[1]!.reportObject);
  expect(told((await judge(cluster.kubectl, twins)).checks)).toEqual([
    ["media/plane", "passed"],
    ["studio/plane", expect.stringContaining("ConfigMap studio/plane-report, was gone")],
  ]);
});

test("a check that no stack declares judges too, and is told", async () => {
  const stranger = declare("stranger");
  const { checks, notes } = await judge(clusterWith([plane, stranger]).kubectl, [plane]);
  expect(told(checks)).toEqual([
    ["media/plane", "passed"],
    ["media/stranger", "passed"],
  ]);
  expect(notes).toEqual(["check media/stranger is in the cluster, and no stack of this lab declares it"]);
});

test("a second pod with the labels of a declared check does not judge in its place", async () => {
  const cluster = clusterWith([plane]);
  cluster.add({
    ...verdictPod("plane", "media"),
    metadata: { ...verdictPod("plane", "media").metadata, name: "green" },
  });
  const { checks, notes } = await judge(cluster.kubectl, [plane]);
  expect(told(checks)).toEqual([["media/plane", "passed"]]);
  expect(notes).toEqual([
    "pod media/green says that it judges for media/plane, and is not its verdict pod; it was left alone",
  ]);
});

test("one check that cannot judge does not end the others", async () => {
  const cluster = clusterWith(both, (pod, all) => {
    if (pod.metadata.name.startsWith("plane")) throw new Error("pod media/plane did not end in 60 s");
    return writes()(pod, all);
  });
  expect(told((await judge(cluster.kubectl, both)).checks)).toEqual([
    ["media/documents", "passed"],
    ["media/plane", "no verdict: pod media/plane did not end in 60 s"],
  ]);
});

test("a verdict pod that failed without a report leaves its last words", async () => {
  const cluster = clusterWith([plane], (pod) => {
    const terminated = { exitCode: 3, message: "first\nprobe: connect ECONNREFUSED 10.43.0.1:443\n" };
    (pod as { status?: unknown }).status = { phase: "Failed", initContainerStatuses: [{ state: { terminated } }] };
    return "failed";
  });
  const { checks } = await judge(cluster.kubectl, [plane]);
  expect(checks[0]?.fault).toMatch(/its verdict pod ended: exit code 3: probe: connect ECONNREFUSED 10\.43\.0\.1:443$/);
});

test("a verdict pod that does not start is given up, with what the cluster says of it", async () => {
  const cluster = clusterWith(both, (pod, all) =>
    pod.metadata.name.startsWith("plane") ? "never" : writes()(pod, all),
  );
  cluster.warnings.push("Failed to create pod sandbox: plugin type=multus: no network configuration");
  const { checks } = await judge(cluster.kubectl, both, [], Promise.resolve(0));
  expect(told(checks)).toEqual([
    ["media/documents", "passed"],
    [
      "media/plane",
      "no verdict: its verdict pod did not start in 0 s: Failed to create pod sandbox: plugin type=multus: no network configuration",
    ],
  ]);
});

test("a verdict pod that has started is waited for", async () => {
  const start: OnRun = (pod, cluster) => {
    (pod as { status?: unknown }).status = { phase: "Pending", initContainerStatuses: [{ state: { running: {} } }] };
    return delay(100).then(() => (writes()(pod, cluster), "succeeded" as const));
  };
  const { checks } = await judge(clusterWith([plane], start).kubectl, [plane], [], Promise.resolve(0));
  expect(told(checks)).toEqual([["media/plane", "passed"]]);
});

test("a deploy has judged what its own verdict pods reported, and nothing else", async () => {
  const cluster = clusterWith(both);
  const before = await verdictIds(cluster.kubectl);
  cluster.remove(verdictPod("plane", "media"));
  const pod = cluster.add(verdictPod("plane", "media"));
  // Made anew, and not at its report yet: the one that is there is of the pod before it.
  expect(await judgedSince(cluster.kubectl, both, before)).toEqual([]);
  writes()(pod, cluster);
  expect(told(await judgedSince(cluster.kubectl, both, before))).toEqual([["media/plane", "passed"]]);
});

test("what has not judged is failed, and no check is left out", () => {
  const done = { checkName: "plane", namespace: "media", report: healthy };
  expect(told(completed(both, [done], "no verdict in this run"))).toEqual([
    ["media/documents", "no verdict in this run"],
    ["media/plane", "passed"],
  ]);
});
