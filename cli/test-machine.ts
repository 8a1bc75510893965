import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { artifactSettings, ensureGo, findGo, findOffers } from "../embedded/artifacts";
import { consent } from "./machine/consent";
import { canInstall, hasVenv, missingPrograms } from "./machine/packages";
import { requireLinuxRoot } from "./machine/platform";
import { END_TO_END_PROGRAMS, LAB_PROGRAMS, TEST_PROGRAMS } from "./machine/programs";
import { installMissing, prepareMachine, resolveSome } from "./preparation";
import type { Interruption } from "./process/interruption";
import { Progress } from "./progress/progress";

/** What the tests find on this machine. */
export interface TestMachine {
  /** What is missing, one line each; the tests that need it are skipped. */
  readonly lacks: readonly string[];
  /** The Go program, where there is one. */
  readonly go?: string;
  /** What the tests get besides this process's own environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Artifacts that are tested without hosts. */
const TESTED = ["terraform", "provider-kubernetes", "provider-helm"] as const;

/**
 * Installs and builds what the tests need, after saying what and asking. Where nothing can be installed, says what is missing instead;
 * end-to-end tests have no use on such a machine.
 */
export async function prepareTests(
  { fast, yes }: { readonly fast: boolean; readonly yes: boolean },
  interruption: Interruption,
): Promise<TestMachine> {
  const programs = fast ? TEST_PROGRAMS : { ...LAB_PROGRAMS, ...TEST_PROGRAMS, ...END_TO_END_PROGRAMS };
  const progress = new Progress();
  try {
    if (!fast) {
      requireLinuxRoot();
      await prepareMachine(progress, interruption, { yes, programs });
    } else if (canInstall()) {
      await installMissing(progress, interruption, { yes, programs });
    }
    const lacks = missingPrograms(programs).map((program) => `${program} (Debian package ${programs[program]})`);
    const go = await goFor(progress, interruption, yes);
    if ("missing" in go) return { lacks: [...lacks, go.missing, TERRAFORM_MISSING], env: {} };
    return { lacks, go: go.program, env: { ...pathWith(go.program), ...(await atHand(progress, interruption)) } };
  } finally {
    progress.close();
  }
}

const TERRAFORM_MISSING = "Terraform and the providers, which are built with Go";

/** Go is installed where it can be kept, and where Python has what its installation takes. */
async function goFor(
  progress: Progress,
  interruption: Interruption,
  yes: boolean,
): Promise<{ readonly program: string } | { readonly missing: string }> {
  const { cache } = artifactSettings();
  const found = await findGo(cache);
  if (!("missing" in found)) return found;
  if (!isWritable(cache)) return { missing: `${found.missing}, which cannot be written (LAB_CACHE names another)` };
  if (!(await hasVenv())) return { missing: `${found.missing}; needs Python's venv (Debian package python3-venv)` };
  // As root it has been asked for together with the packages.
  if (!canInstall()) await consent(`This machine lacks:\n  ${found.missing}`, yes);
  return progress.run("go", "Go", (note) => interruption.stops(ensureGo(cache, note)));
}

/** For test/helpers/terraform-at-hand.ts, which builds and fetches nothing itself. */
async function atHand(progress: Progress, interruption: Interruption): Promise<Record<string, string>> {
  const settings = artifactSettings();
  const offers = await findOffers(settings);
  if (TESTED.some((name) => !offers[name].ready) && !isWritable(settings.cache)) return {};
  const made = await resolveSome(progress, interruption, TESTED);
  const paths = Object.fromEntries(TESTED.map((name) => [name, made[name].path]));
  const real = TESTED.filter((name) => made[name].kind === "real");
  return { LAB_TEST_TERRAFORM: JSON.stringify({ missing: [], real, paths }) };
}

function pathWith(program: string): Record<string, string> {
  return path.isAbsolute(program) ? { PATH: `${path.dirname(program)}:${process.env.PATH ?? ""}` } : {};
}

/** Whether this process can make files in a directory, which need not exist yet. */
function isWritable(directory: string): boolean {
  if (!existsSync(directory)) return isWritable(path.dirname(directory));
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
