/** A cluster that `kubectl` is asked about: it keeps objects, runs verdict pods at once, and knows nothing of a namespace. */
import type { Kubectl, PodEnd } from "../../../cli/kubernetes/kubectl";
import type { LiveObject, Manifest } from "../../../cli/kubernetes/objects";

interface Call {
  readonly args: readonly string[];
  readonly objects: readonly Manifest[];
}

/** What a verdict pod does when it runs; what it gives is how it ends. */
export type OnRun = (pod: LiveObject, cluster: FakeCluster) => PodEnd | "never" | Promise<PodEnd>;

/** What an API server fills in. */
const FILLED_IN = { defaulted: true };

/** Stands for {@link Kubectl}. */
export class FakeCluster {
  public readonly calls: Call[] = [];
  public readonly objects: LiveObject[] = [];
  /** What the cluster warns of a pod. */
  public readonly warnings: string[] = [];
  /** Helm's records, as `NAMESPACE/NAME`. */
  public readonly releases: string[] = [];
  /** Kinds that the API server does not know. */
  public readonly unknown: string[] = [];
  private made = 0;

  public constructor(private readonly onRun: OnRun = () => "succeeded") {}

  public get kubectl(): Kubectl {
    return this as unknown as Kubectl;
  }

  public add(object: Manifest): LiveObject {
    const metadata = { ...object.metadata, uid: `uid-${++this.made}` };
    const live = { ...object, metadata } as LiveObject;
    this.objects.push(live);
    return live;
  }

  public find({ kind, metadata }: Pick<Manifest, "kind" | "metadata">): LiveObject | undefined {
    return this.objects.find(
      (each) =>
        each.kind === kind && each.metadata.name === metadata.name && each.metadata.namespace === metadata.namespace,
    );
  }

  public remove(object: Pick<Manifest, "kind" | "metadata">): void {
    const found = this.find(object);
    if (found !== undefined) this.objects.splice(this.objects.indexOf(found), 1);
  }

  public async json<T>(args: readonly string[]): Promise<T> {
    return JSON.parse(await this.text([...args, "--output=json"])) as T;
  }

  public async text(args: readonly string[], { input = "" }: { readonly input?: string } = {}): Promise<string> {
    const objects = input === "" ? [] : itemsOf(JSON.parse(input) as Manifest);
    this.calls.push({ args, objects });
    const verb = args[0] ?? "";
    if (objects.some(({ kind }) => this.unknown.includes(kind))) throw new Error("no matches for kind");
    if (verb === "get") return this.get(args, objects);
    if (verb === "create") return JSON.stringify(objects.map((each) => this.create(each))[0]);
    if (verb === "replace") return this.replace(objects, args.includes("--dry-run=server"));
    if (verb === "delete") return "";
    if (verb === "wait") return "";
    throw new Error(`the fake cluster knows no ${verb}`);
  }

  public waitForEnd(namespace: string, name: string, _timeout: number, givenUp: Promise<never>): Promise<PodEnd> {
    const pod = this.find({ kind: "Pod", metadata: { namespace, name } });
    if (pod === undefined) return Promise.resolve("gone");
    const end = this.onRun(pod, this);
    return end === "never" ? givenUp : Promise.race([end, givenUp]);
  }

  private get(args: readonly string[], objects: readonly Manifest[]): string {
    if (objects.length > 0)
      return objects
        .map((each) => this.find(each))
        .filter(Boolean)
        .map(pretty)
        .join("\n");
    if (args[1] === "events") return JSON.stringify({ items: this.warnings.map((message) => ({ message })) });
    if (args[1] === "secrets") return this.releases.join("\n");
    const kind = { pods: "Pod", pod: "Pod", configmaps: "ConfigMap" }[args[1] ?? ""];
    const all = this.objects.filter((each) => each.kind === kind);
    if (args[1] === "pod") return JSON.stringify(all.find(({ metadata }) => metadata.name === args[2]));
    const selector = args.find((each) => each.startsWith("--selector="))?.slice("--selector=".length) ?? "";
    const items = all.filter(({ metadata }) =>
      selector
        .split(",")
        .filter(Boolean)
        .every((term) => metadata.labels?.[term.split("=")[0]!] === term.split("=")[1]),
    );
    return JSON.stringify({ items });
  }

  private create(object: Manifest): LiveObject {
    if (this.find(object) !== undefined) throw new Error(`"${object.metadata.name}" already exists`);
    return this.add({ ...FILLED_IN, ...object });
  }

  private replace(objects: readonly Manifest[], isDry: boolean): string {
    return objects
      .map((object) => {
        const found = this.find(object);
        if (found === undefined) throw new Error("not found");
        const live = { ...FILLED_IN, ...object, metadata: { ...object.metadata, uid: found.metadata.uid } };
        if (!isDry) this.objects[this.objects.indexOf(found)] = live;
        return pretty(live);
      })
      .join("\n");
  }
}

function itemsOf(value: Manifest): Manifest[] {
  return value.kind === "List" ? (value.items as Manifest[]) : [value];
}

function pretty(value: unknown): string {
  return JSON.stringify(value, undefined, 4);
}
