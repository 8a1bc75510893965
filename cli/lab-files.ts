import path from "node:path";
import type { Lab } from "../embedded/hosts";

/** Files that the command line keeps for a lab, beside those of the hosts. */
export interface LabFiles {
  readonly inventory: string;
  /** Name of the stack that this lab was brought up with. */
  readonly stack: string;
  /** Terraform state, kubeconfig, token, what the guards remember. */
  readonly state: string;
  /** Which artifacts made this lab. */
  readonly artifacts: string;
  /** What CDKTF synthesises. */
  readonly out: string;
  readonly terraformConfig: string;
  readonly terraformMirror: string;
  readonly log: string;
  readonly kubeconfig: string;
  /** Kept after the lab is down. */
  readonly reports: string;
}

/** The files of a lab; none of them need exist. */
export function labFiles(lab: Pick<Lab, "name" | "home" | "directory">): LabFiles {
  const within = (...parts: string[]): string => path.join(lab.directory, ...parts);
  return {
    inventory: within("inventory.json"),
    stack: within("stack"),
    state: within("state"),
    artifacts: within("state", "artifacts.json"),
    out: within("out"),
    terraformConfig: within("terraformrc"),
    terraformMirror: within("terraform-mirror"),
    log: within("log"),
    kubeconfig: within("state", "kubeconfig"),
    reports: reportsDirectory(lab.home, lab.name),
  };
}

/** Reports of the labs of a name, also of one that is down. */
export function reportsDirectory(home: string, name: string): string {
  return path.join(home, "reports", name);
}
