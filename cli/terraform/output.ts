import type { Progress } from "../progress/progress";

/** What a line of Terraform's output says of the lab's phases. */
export interface PhaseEvent {
  readonly phase: string;
  readonly title: string;
  readonly event: "begin" | "note" | "end";
  readonly note?: string;
}

interface PhaseOfResource {
  readonly address: RegExp;
  readonly phase: string;
  readonly title: string;
}

/** The first that fits counts. */
const PHASES: readonly PhaseOfResource[] = [
  { address: /^terraform_data\..*Guard/i, phase: "guard", title: "baseline of the hosts" },
  { address: /^terraform_data\./, phase: "install", title: "cluster: install, nodes ready" },
  { address: /^kubernetes_daemon_set_v1\./, phase: "multus", title: "Multus on every node" },
  { address: /^helm_release\./, phase: "network", title: "network attachment definitions" },
  { address: /^kubernetes_pod_v1\..*verdict/i, phase: "verdict", title: "first packets and verdict" },
  { address: /^kubernetes_pod_v1\./, phase: "pods", title: "verification pods" },
];

/** Reads one line of `cdktf deploy` or `terraform destroy`; most say nothing of a phase. */
export function phaseEvent(line: string): PhaseEvent | undefined {
  const told = /lab-phase: host=(\S+) phase=(\S+)/.exec(line);
  if (told) {
    return { phase: "install", title: titleOf("install"), event: "note", note: `${told[1]}: ${told[2]}` };
  }
  const match = /([a-z0-9_]+\.\S+): (Creating\.\.\.|Creation complete)/.exec(line);
  const [, address = "", what] = match ?? [];
  const found = PHASES.find((entry) => entry.address.test(address));
  if (found === undefined) return undefined;
  return { phase: found.phase, title: found.title, event: what === "Creating..." ? "begin" : "end" };
}

function titleOf(phase: string): string {
  return PHASES.find((entry) => entry.phase === phase)?.title ?? phase;
}

/** Follows a deploy: a phase ends with the last of its resources that is being made. */
export class DeployPhases {
  private readonly open = new Map<string, number>();

  public constructor(private readonly progress: Progress) {}

  /** Takes one line of output. */
  public line(text: string): void {
    const found = phaseEvent(text);
    if (found === undefined) return;
    const { phase, title, event, note } = found;
    if (event === "note") return this.progress.note(phase, note ?? "");
    const open = (this.open.get(phase) ?? 0) + (event === "begin" ? 1 : -1);
    this.open.set(phase, open);
    if (event === "begin") this.progress.begin(phase, title);
    else if (open === 0) this.progress.end(phase);
  }
}

/** The error boxes of Terraform's output, without their frame and without cdktf's stack name before each line. */
export function errorBoxes(lines: readonly string[]): string[] {
  const boxes: string[][] = [];
  let box: string[] | undefined;
  for (const line of lines) {
    const [, frame, text = ""] = /(?:^|\s)([╷│╵])\s?(.*)$/.exec(line) ?? [];
    if (frame === "╷") box = [];
    else if (frame === "│") box?.push(text.trimEnd());
    else if (frame === "╵" && box !== undefined) {
      boxes.push(box);
      box = undefined;
    }
  }
  const texts = boxes.map((entry) => entry.join("\n").trim()).filter((text) => text.startsWith("Error"));
  return [...new Set(texts)];
}
