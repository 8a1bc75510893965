/** `./lab up` on a lab that runs: what is deployed, and that each verdict is of this run. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Deployment, DeployFailed } from "../../cli/deployment";
import type { Manifest } from "../../cli/kubernetes/objects";
import { Progress } from "../../cli/progress/progress";
import type { CheckResult } from "../../cli/report";
import type { DeclaredLab, ResourcePlace } from "../../cli/terraform/declared";
import type { Artifacts } from "../../embedded/artifacts";
import type { Lab } from "../../embedded/hosts";
import { clusterWith, declare, verdictPod, writes } from "./fake-checks";
import type { FakeCluster } from "./kubernetes/fake-cluster";

const formerCache = process.env.LAB_CACHE;
const directory = mkdtempSync(path.join(tmpdir(), "deployment-"));
mkdirSync(path.join(directory, "state"));
writeFileSync(path.join(directory, "state/kubeconfig"), "");
const lab = { name: "test", home: directory, directory, hosts: [] } as unknown as Lab;
const artifacts = { kubectl: { path: "/bin/false" } } as unknown as Artifacts;
const sender: ResourcePlace = { directory, address: "kubernetes_pod_v1.Sender" };
const plane: Manifest = {
  apiVersion: "k8s.cni.cncf.io/v1",
  kind: "NetworkAttachmentDefinition",
  metadata: { name: "plane", namespace: "media" },
  spec: { config: "{}" },
};
const checks = [declare("documents"), declare("plane")];
const release = { directory, address: "helm_release.Plane", name: "nad-plane", namespace: "media" };
const declared: DeclaredLab = { checks, pods: [], releases: [{ ...release, objects: [plane], usedBy: [sender] }] };

/** The cluster as it was deployed. */
function running(): FakeCluster {
  const cluster = clusterWith(checks);
  cluster.releases.push("media/nad-plane");
  const annotations = { "meta.helm.sh/release-name": "nad-plane", "meta.helm.sh/release-namespace": "media" };
  const labels = { "app.kubernetes.io/managed-by": "Helm" };
  cluster.add({ defaulted: true, ...plane, metadata: { ...plane.metadata, labels, annotations } });
  return cluster;
}

interface Scene {
  readonly cluster: FakeCluster;
  readonly plan?: () => boolean;
  readonly deploy?: () => void;
  readonly isNew?: boolean;
}

function deploymentOn({ cluster, plan = () => false, deploy = () => undefined, isNew = false }: Scene) {
  const done: string[] = [];
  const terraform = {
    hasChanges: async () => plan(),
    deploy: async () => void (done.push("deploy"), deploy()),
    remake: async ({ address }: ResourcePlace) => void done.push(`remake ${address}`),
  };
  const stacks = [{ name: "lab", directory, dependencies: [] }];
  const progress = new Progress({ isTTY: false, write: () => true } as never);
  const tools = {
    terraform,
    kubectl: cluster.kubectl,
    progress,
    interruption: { stops: <T>(work: Promise<T>) => work },
  };
  const deployable = { lab, artifacts, stacks, declared, deployed: isNew ? undefined : declared };
  return { done, deployment: new Deployment(deployable, tools) };
}

/** UIDs of the pods that judged, by check. */
const runsIn = (results: readonly CheckResult[]) => results.map(({ report }) => report?.runId);
const uidsOf = (cluster: FakeCluster) =>
  cluster.objects.filter(({ kind }) => kind === "Pod").map(({ metadata }) => metadata.uid);

/** As a deploy does: another verdict pod, which judges. */
function remakeVerdict(cluster: FakeCluster, checkName: string): void {
  cluster.remove(verdictPod(checkName, "media"));
  writes()(cluster.add(verdictPod(checkName, "media")), cluster);
}

// Progress keeps there how long phases took.
beforeAll(() => (process.env.LAB_CACHE = directory));
afterAll(() => {
  if (formerCache === undefined) delete process.env.LAB_CACHE;
  else process.env.LAB_CACHE = formerCache;
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

test("with nothing to change nothing is deployed, and every check judges again", async () => {
  const cluster = running();
  const before = uidsOf(cluster);
  const { deployment, done } = deploymentOn({ cluster });
  const found = await deployment.run();
  expect([found.changed, done]).toEqual([false, []]);
  expect(runsIn(found.checks)).toHaveLength(2);
  for (const run of runsIn(found.checks)) expect(before).not.toContain(run);
});

test("a check that the deploy has judged is not judged twice, and the others are", async () => {
  const cluster = running();
  const before = uidsOf(cluster);
  const deploy = () => remakeVerdict(cluster, "plane");
  const { deployment } = deploymentOn({ cluster, plan: () => true, deploy });
  const { changed, checks: results } = await deployment.run();
  expect(changed).toBe(true);
  expect(results[1]?.report?.runId).toBe(cluster.find(verdictPod("plane", "media"))?.metadata.uid);
  expect(before).not.toContain(results[0]?.report?.runId);
  expect(results.map(({ report }) => report?.verdict)).toEqual(["passed", "passed"]);
});

test("what a deploy leaves as it was judges again: an old report is none of this run", async () => {
  const cluster = running();
  const before = uidsOf(cluster);
  const { deployment } = deploymentOn({ cluster, plan: () => true });
  for (const run of runsIn((await deployment.run()).checks)) expect(before).not.toContain(run);
});

test("what the plan does not see is put right, and what used it is made again", async () => {
  const cluster = running();
  Object.assign(cluster.find(plane)!, { spec: { config: "" } });
  const { deployment, done } = deploymentOn({ cluster });
  const { changed, notes, faults } = await deployment.run();
  expect([changed, done]).toEqual([true, ["remake kubernetes_pod_v1.Sender", "deploy"]]);
  expect(notes).toEqual([
    expect.stringMatching(/^put right: NetworkAttachmentDefinition media\/plane .* spec\.config is empty/),
  ]);
  expect(faults).toEqual([]);
  expect(cluster.find(plane)?.spec).toEqual({ config: "{}" });
});

test("what is changed again at once is a fault of the lab", async () => {
  const cluster = running();
  const change = () => void Object.assign(cluster.find(plane)!, { spec: { config: "" } });
  change();
  const { deployment } = deploymentOn({ cluster, deploy: change });
  expect((await deployment.run()).faults).toEqual([expect.stringContaining("spec.config is empty")]);
});

test("a plan that fails is no end: the deploy tells", async () => {
  const plan = (): boolean => {
    throw new Error("plan of lab failed: connection refused");
  };
  const { deployment, done } = deploymentOn({ cluster: running(), plan });
  expect((await deployment.run()).changed).toBe(true);
  expect(done).toEqual(["deploy"]);
});

test("fails if the cluster cannot be asked and the plan is empty: nothing would be compared", async () => {
  const cluster = running();
  jest.spyOn(cluster, "text").mockRejectedValue(new Error("connection refused"));
  await expect(deploymentOn({ cluster }).deployment.run()).rejects.toThrow("connection refused");
});

test("on hosts that are new the deploy itself has judged everything", async () => {
  const cluster = running();
  const { deployment, done } = deploymentOn({ cluster, isNew: true });
  const { checks: results } = await deployment.run();
  expect(done).toEqual(["deploy"]);
  expect(cluster.calls.filter(({ args }) => args[0] === "create")).toEqual([]);
  expect(results.map(({ report }) => report?.verdict)).toEqual(["passed", "passed"]);
});

test("a deploy that fails leaves no verdict of an earlier run", async () => {
  const cluster = running();
  const deploy = (): void => {
    remakeVerdict(cluster, "plane");
    throw new Error("deploy failed:\nError: no route to host\n(all output: deploy.log)");
  };
  const failure = await deploymentOn({ cluster, plan: () => true, deploy })
    .deployment.run()
    .catch((error: unknown) => error as DeployFailed);
  expect(failure).toBeInstanceOf(DeployFailed);
  const { found } = failure as DeployFailed;
  expect(found.faults).toEqual(["the deploy failed: Error: no route to host"]);
  expect(found.checks.map(({ checkName, report, fault }) => [checkName, report?.verdict ?? fault])).toEqual([
    ["documents", "no verdict in this run: the deploy failed before"],
    ["plane", "passed"],
  ]);
});
