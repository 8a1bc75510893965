import type { Progress } from "../progress/progress";

/** What a line of Terraform's output says of the lab's phases. */
export interface PhaseEvent {
  readonly phase: string;
  readonly event: "begin" | "note" | "end";
  readonly note?: string;
}

interface DeployPhase {
  readonly id: string;
  readonly title: string;
  /** Addresses of its resources. */
  readonly address: RegExp;
}

/** In the order in which they begin; of those that fit an address the first counts. */
const PHASES: readonly DeployPhase[] = [
  { id: "baseline", title: "baseline of the hosts", address: /^terraform_data\..*Guard/ },
  { id: "upload", title: "files to the hosts", address: /^terraform_data\..*Files/ },
  { id: "install", title: "install", address: /^terraform_data\..*(Install|Join|Agents)/ },
  { id: "node-ready", title: "nodes ready", address: /^terraform_data\./ },
  { id: "multus", title: "Multus ready", address: /^[a-z0-9_]+\.Multus_/ },
  { id: "network", title: "network attachment usable", address: /^helm_release\./ },
  { id: "verdict", title: "first packets and verdict", address: /^kubernetes_pod_v1\..*Verdict/ },
  { id: "pods", title: "verification pods", address: /^kubernetes_pod_v1\./ },
];

/** Reads one line of the output of `cdktf deploy`; most say nothing of a phase. */
export function phaseEvent(line: string): PhaseEvent | undefined {
  const [, address = "", path = "", rest = ""] = /([a-z0-9_]+\.[\w-]+)( \([^)]*\))?(.*)$/.exec(line) ?? [];
  const phase = PHASES.find((entry) => entry.address.test(address))?.id;
  if (phase === undefined) return undefined;
  if (/^(\[[^\]]*\])?: Creating\.\.\./.test(rest)) return { phase, event: "begin" };
  if (/^(\[[^\]]*\])?: Creation complete/.test(rest)) return { phase, event: "end" };
  const told = /lab-phase: host=(\S+) phase=(.+)$/.exec(`${path}${rest}`);
  return told ? { phase, event: "note", note: `${told[1]}: ${told[2]}` } : undefined;
}

interface OpenPhase {
  resources: number;
  lastEnd: number;
}

/** Follows a deploy. A phase may have resources that begin after others have ended, so it ends with the next phase's begin. */
export class DeployPhases {
  private readonly open = new Map<string, OpenPhase>();

  public constructor(private readonly progress: Progress) {}

  /** Takes one line of output. */
  public line(text: string): void {
    const found = phaseEvent(text);
    if (found === undefined) return;
    const { phase, event, note } = found;
    if (event === "note") this.progress.note(phase, note ?? "");
    else if (event === "begin") this.begin(phase);
    else this.end(phase);
  }

  /** Ends the phases of which all resources are made. */
  public close(): void {
    for (const [id, { resources, lastEnd }] of this.open) {
      if (resources > 0) continue;
      this.progress.end(id, "done", lastEnd);
      this.open.delete(id);
    }
  }

  private begin(id: string): void {
    if (!this.open.has(id)) this.close();
    const phase = this.open.get(id) ?? { resources: 0, lastEnd: 0 };
    phase.resources += 1;
    this.open.set(id, phase);
    this.progress.begin(id, PHASES.find((entry) => entry.id === id)?.title ?? id);
  }

  private end(id: string): void {
    const phase = this.open.get(id);
    if (phase === undefined) return;
    phase.resources -= 1;
    phase.lastEnd = performance.now();
  }
}

/** Ends an error that has no frame, as cdktf prints them. */
const AFTER_ERROR = /^(Warning: |\d+ Stacks? |Invoking Terraform CLI |[a-z0-9_]+\.[\w-]+.*: \w+)/;
/** Where in the synthesised JSON: of no use to a reader. */
const PLACE = /^(on cdk\.tf\.json line \d+|\d+:\s*[{}]?\s*$)/;

/** The errors in the output of Terraform or cdktf, each once, without frames and without the stack's name before a line. */
export function terraformErrors(lines: readonly string[]): string[] {
  const errors: string[][] = [];
  let current: string[] | undefined;
  for (const line of lines) {
    const text = line
      .replace(/^[\w-]+ {2}/, "")
      .replace(/[╷│╵]/, "")
      .trim();
    if (text.startsWith("Error: ")) errors.push((current = [text]));
    else if (AFTER_ERROR.test(text) || line.includes("╵")) current = undefined;
    else if (!PLACE.test(text)) current?.push(text);
  }
  const texts = errors.map((error) =>
    error
      .join("\n")
      .replace(/\n{2,}/g, "\n")
      .trim(),
  );
  return [...new Set(texts)];
}
