/** Times every phase of a lab, and the part that kubectl can do as well beside kubectl doing it, in one run. */
import path from "node:path";
import { parseArgs } from "node:util";
import type { LabReport } from "../cli/report";
import type { Teardown } from "../cli/teardown";
import { run } from "../embedded/system/commands";
import { lab, labEnvironment, seconds } from "./commands";
import { kubectlOn, readObjects, type Kubectl, type KubernetesObject, type LabObjects } from "./objects";

const NETWORK_CRD = "network-attachment-definitions.k8s.cni.cncf.io";

type Times = Readonly<Record<string, number>>;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { name: { type: "string", default: "bench" } } });
  const { name } = values;
  await lab(name, "down");
  try {
    await measure(name);
  } finally {
    const teardown = JSON.parse(await lab(name, "down", "--json")) as Teardown;
    print("down", teardown.phases);
  }
}

async function measure(name: string): Promise<void> {
  const first = await up(name);
  print("up, from no hosts", { ...phasesOf(first), total: first.durationSeconds });
  process.stdout.write(
    `first packet ${firstPacketMilliseconds(first)} ms after its receiver joined (worst receiver)\n`,
  );
  print("second up, nothing to change but judged again", { total: await seconds(() => lab(name, "up")) });
  print("verify", { total: await seconds(() => lab(name, "verify")) });

  const env = await labEnvironment(name);
  const kubectl = await kubectlOn(name);
  const objects = await readObjects(kubectl);
  print("Kubernetes objects destroyed", { total: await seconds(() => destroyObjects(env)) });
  // Multus' own CRD outlives it (docs/adr/0024-what-counts-as-ours.md), and kubectl is to make it too.
  await kubectl(["delete", "customresourcedefinition", NETWORK_CRD, "--ignore-not-found", "--timeout=60s"]);
  const byKubectl = await applyByKubectl(kubectl, objects);
  await removeByKubectl(kubectl, objects);
  compare(phasesOf(await up(name)), byKubectl);
}

async function up(name: string): Promise<LabReport> {
  return JSON.parse(await lab(name, "up", "--json")) as LabReport;
}

function phasesOf({ phases }: LabReport): Times {
  return Object.fromEntries(phases.map(({ name, seconds: taken }) => [name, taken]));
}

function firstPacketMilliseconds({ checks }: LabReport): number {
  const receivers = checks.flatMap(({ report }) => report?.receivers ?? []);
  return Math.max(...receivers.flatMap(({ numbers }) => numbers.firstHeardAfterMs ?? []));
}

/**
 * The lab stack's Kubernetes objects alone, on a cluster that stays. So do the probes on the machine outside the cluster: the verdicts
 * wait for what they hear and send, and kubectl could not start them.
 */
async function destroyObjects(env: Readonly<Record<string, string>>): Promise<void> {
  const directory = path.join(env.CDKTF_OUTDIR ?? "", "stacks/lab");
  const terraform = async (...args: string[]): Promise<string> => {
    const words = [`-chdir=${directory}`, ...args];
    const { stdout } = await run(env.TERRAFORM_BINARY_NAME ?? "terraform", words, {
      env,
      timeoutMilliseconds: 300_000,
    });
    return stdout;
  };
  const resources = (await terraform("state", "list")).split("\n").filter(Boolean);
  const objects = resources.filter((address) => !/^(data|terraform_data)\./.test(address));
  await terraform("destroy", "-auto-approve", "-input=false", ...objects.map((address) => `-target=${address}`));
}

/** The same objects in the same order, each step waited for as the stack does. */
async function applyByKubectl(kubectl: Kubectl, objects: LabObjects): Promise<Times> {
  const apply = (list: readonly KubernetesObject[]): Promise<string> =>
    kubectl(["create", "--filename=-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: list }));
  const wait = (list: readonly KubernetesObject[], condition: string): Promise<string> =>
    kubectl(["wait", "--namespace=media", `--for=${condition}`, "--timeout=180s", ...podNames(list)]);
  return {
    multus: await seconds(async () => {
      await apply(objects.multus.filter(({ kind }) => kind !== "Pod"));
      await kubectl(["rollout", "status", "--namespace=multus", "daemonset/multus", "--timeout=180s"]);
      const gates = objects.multus.filter(({ kind }) => kind === "Pod");
      await apply(gates);
      const ended = "--for=jsonpath={.status.phase}=Succeeded";
      await kubectl(["wait", "--namespace=multus", ended, "--timeout=180s", ...podNames(gates)]);
    }),
    network: await seconds(() => apply(objects.network)),
    pods: await seconds(async () => {
      await apply(objects.pods);
      await wait(objects.pods, "condition=Ready");
    }),
    verdict: await seconds(async () => {
      await apply(objects.verdicts);
      await wait(objects.verdicts, "jsonpath={.status.phase}=Succeeded");
    }),
  };
}

function podNames(list: readonly KubernetesObject[]): string[] {
  return list.map(({ metadata }) => `pod/${metadata.name}`);
}

/** Pods first: without Multus nobody would give their addresses back. */
async function removeByKubectl(kubectl: Kubectl, objects: LabObjects): Promise<void> {
  const pods = [...objects.pods, ...objects.verdicts];
  const wide = objects.multus.filter(({ metadata }) => metadata.namespace === undefined);
  for (const items of [pods, wide]) {
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    await kubectl(["delete", "--filename=-", "--ignore-not-found", "--timeout=180s"], list);
  }
}

function print(title: string, times: Times): void {
  const lines = Object.entries(times).map(
    ([phase, taken]) => `  ${phase.padEnd(24)} ${taken.toFixed(1).padStart(7)} s`,
  );
  process.stdout.write(`${title}\n${lines.join("\n")}\n`);
}

function compare(ours: Times, kubectl: Times): void {
  const phases = Object.keys(kubectl);
  const sum = (times: Times): number => phases.reduce((total, phase) => total + (times[phase] ?? 0), 0);
  const row = (phase: string, own: number, other: number): string => {
    const cells = [own, other].map((taken) => `${taken.toFixed(1).padStart(7)} s`);
    return `  ${phase.padEnd(24)} ${cells.join(" ")} ${(own / other).toFixed(2).padStart(6)}`;
  };
  const rows = phases.map((phase) => row(phase, ours[phase] ?? 0, kubectl[phase] ?? 0));
  const sums = [
    row("total", sum(ours), sum(kubectl)),
    // Both stacks: start, init, plan, and what Terraform makes beside these phases.
    row("all of cdktf deploy", ours.deploy ?? NaN, sum(kubectl)),
  ];
  process.stdout.write(
    `the same objects on the same cluster: cdktf deploy, kubectl, ratio\n${[...rows, ...sums].join("\n")}\n`,
  );
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
