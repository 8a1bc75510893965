import { textTable } from "../cli/report/text-table";

/** Seconds by phase. */
export type Column = Readonly<Record<string, number>>;

/** What was measured. */
export interface Measured {
  /** `./lab up` from nothing. */
  readonly up: Column;
  /** The lab stack alone, on the cluster that stands. */
  readonly terraform: Column;
  /** The same objects on the same cluster. */
  readonly kubectl: Column;
  /** `./lab down`. */
  readonly down: Column;
}

const ROWS: readonly (readonly [phase: string, title: string])[] = [
  ["hosts", "hosts booted"],
  ["synth", "synthesis"],
  ["baseline", "baseline of the hosts"],
  ["upload", "files to the hosts"],
  ["install", "install"],
  ["node-ready", "nodes ready"],
  ["multus", "Multus ready"],
  ["network", "network usable"],
  ["pods", "pods running"],
  ["first-packet", "first packet after a join"],
  ["verdict", "verdict"],
  ["total", "lab stack"],
  ["total-up", "./lab up"],
  ["destroy-lab", "lab stack destroyed"],
  ["destroy", "terraform destroy, all"],
  ["stop hosts", "hosts removed"],
  ["audit", "audit"],
  ["total-down", "./lab down"],
];

/** One line for each phase; the ratio is Terraform to kubectl. */
export function phaseTable({ up, terraform, kubectl, down }: Measured): string {
  // Both commands have a total of their own; the lab stack's is that of the two columns that are compared.
  const whole: Column = { ...down, ...up, total: NaN };
  const rows = ROWS.map(([phase, title]) => ({
    cells: [
      title,
      seconds(whole[phase]),
      seconds(terraform[phase]),
      seconds(kubectl[phase]),
      ratio(terraform[phase], kubectl[phase]),
    ],
  }));
  return textTable(["phase", "./lab", "terraform", "kubectl", "ratio"], rows, Infinity).join("\n");
}

function seconds(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "-" : `${value.toFixed(value < 10 ? 2 : 1)} s`;
}

function ratio(one: number | undefined, other: number | undefined): string {
  return one === undefined || other === undefined || other === 0 ? "-" : (one / other).toFixed(2);
}
