import os from "node:os";
import { UsageError } from "../errors";

const INSTEAD =
  "What serves instead: hosts of your own by SSH, or a cluster that exists (docs/guide); " +
  "the library, its synthesis and ./lab test --fast work anywhere.";

/** What this process runs on. */
export interface Platform {
  readonly system: NodeJS.Platform;
  readonly architecture: string;
  readonly userId: number;
}

/** The machine as it is. */
export function thisPlatform(): Platform {
  return { system: process.platform, architecture: os.arch(), userId: process.getuid?.() ?? -1 };
}

/** @throws UsageError at once on a machine that cannot have an embedded lab, whatever is installed. */
export function requireLinuxRoot({ system, architecture, userId }: Platform = thisPlatform()): void {
  if (system !== "linux" || architecture !== "x64") {
    throw new UsageError(`an embedded lab needs Linux on x86-64, this is ${system} on ${architecture}.\n${INSTEAD}`);
  }
  if (userId !== 0) {
    throw new UsageError(`an embedded lab needs root (network namespaces, mounts): run "sudo ./lab …".\n${INSTEAD}`);
  }
}

/** The same advice, for other lacks. */
export function unsupported(lacks: readonly string[]): UsageError {
  return new UsageError(`this machine cannot have an embedded lab; it lacks: ${lacks.join("; ")}.\n${INSTEAD}`);
}
