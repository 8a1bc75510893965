import type { Kubectl } from "../cli/kubernetes/kubectl";
import { GROUPS, groupOf, type Group, type LiveObject } from "./lab-objects";

const TIMEOUT_SECONDS = 240;

/** Seconds of each group, and of all. */
export type GroupSeconds = Readonly<Record<Group | "total", number>>;

/** A lab's objects, put in and taken out by kubectl as somebody careful does it: what the next step needs is waited for. */
export class ByKubectl {
  public constructor(
    private readonly kubectl: Kubectl,
    private readonly objects: readonly LiveObject[],
  ) {}

  /** Applies group after group, each until it is usable; ends with the verdicts. */
  public async apply(): Promise<GroupSeconds> {
    const seconds: Record<string, number> = {};
    for (const group of GROUPS) seconds[group] = await timed(() => this.applyGroup(group));
    const total = Object.values(seconds).reduce((sum, each) => sum + each, 0);
    return { ...seconds, total } as GroupSeconds;
  }

  /** Deletes everything in the opposite order, and waits until it is gone. */
  public async delete(): Promise<number> {
    return timed(async () => {
      const daemonSets = this.objects.filter(({ kind }) => kind === "DaemonSet");
      const rest = this.of("multus").filter((object) => !daemonSets.includes(object));
      const pods = [...this.of("verdict"), ...this.of("pods")];
      // Multus cleans up on the nodes as it goes, for which it still needs its account.
      for (const part of [pods, this.of("network"), daemonSets, rest]) await this.deletePart(part);
    });
  }

  private of(group: Group): LiveObject[] {
    return this.objects.filter((object) => groupOf(object) === group);
  }

  private async applyGroup(group: Group): Promise<void> {
    const objects = this.of(group);
    // Within one list kubectl keeps the order: a namespace comes before what lies in it.
    const first = objects.filter(({ kind }) => kind === "Namespace");
    await this.run(["apply", "--filename=-"], [...first, ...objects.filter((object) => !first.includes(object))]);
    await Promise.all(objects.map((object) => this.untilUsable(group, object)));
  }

  private async untilUsable(group: Group, { kind, metadata: { name, namespace = "" } }: LiveObject): Promise<void> {
    const timeout = `--timeout=${TIMEOUT_SECONDS}s`;
    const wait = (condition: string): Promise<void> =>
      this.run(["wait", `${kind.toLowerCase()}/${name}`, `--namespace=${namespace}`, `--for=${condition}`, timeout]);
    if (kind === "CustomResourceDefinition") return wait("condition=Established");
    if (kind === "DaemonSet") return this.run(["rollout", "status", `ds/${name}`, `--namespace=${namespace}`, timeout]);
    if (group === "pods") return wait("condition=Ready");
    if (group === "verdict") return wait("jsonpath={.status.phase}=Succeeded");
  }

  private async deletePart(objects: readonly LiveObject[]): Promise<void> {
    await this.run(["delete", "--filename=-", "--cascade=foreground", "--wait", "--ignore-not-found"], objects);
  }

  private async run(args: readonly string[], objects?: readonly LiveObject[]): Promise<void> {
    const input = objects && JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    await this.kubectl.text(args, { input, timeoutMilliseconds: TIMEOUT_SECONDS * 1000 });
  }
}

/** Seconds that something took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
