import {
  artifactSettings,
  ARTIFACT_NAMES,
  findGo,
  findOffers,
  makeArtifacts,
  type ArtifactName,
  type Artifacts,
  type Offers,
  type Watch,
} from "../embedded/artifacts";
import { consent } from "./machine/consent";
import { requireKernelParts } from "./machine/kernel";
import { installPackages, missingPackages } from "./machine/packages";
import type { Programs } from "./machine/programs";
import type { Interruption } from "./process/interruption";
import { duration } from "./progress/phase";
import { PhaseHistory } from "./progress/history";
import type { Progress } from "./progress/progress";

/** What to install, and whether the user has said yes to it beforehand. */
export interface Installation {
  readonly yes: boolean;
  /** @default - those of a lab */
  readonly programs?: Programs;
}

/** Installs what is missing for a lab, after saying what and asking, and checks the kernel. */
export async function prepareMachine(
  progress: Progress,
  interruption: Interruption,
  installation: Installation,
): Promise<void> {
  await installMissing(progress, interruption, installation);
  await requireKernelParts();
}

/** Installs programs that are missing on the machine, after saying which and asking; Go too, when it is first needed. */
export async function installMissing(
  progress: Progress,
  interruption: Interruption,
  { yes, programs }: Installation,
): Promise<void> {
  const { cache } = artifactSettings();
  const missing = await missingPackages(cache, programs);
  const go = await findGo(cache);
  const lacks = [
    ...(missing.length > 0 ? [`Debian packages: ${missing.join(" ")}`] : []),
    ...("missing" in go ? [go.missing] : []),
  ];
  if (lacks.length > 0) await consent(`This machine lacks:\n  ${lacks.join("\n  ")}`, yes);
  if (missing.length > 0) {
    await progress.run("packages", "Debian packages", (note) => interruption.stops(installPackages(missing, note)));
  }
}

/** What there is to make before a lab can start, one line each. */
export function plannedWork(offers: Offers): string[] {
  const history = new PhaseHistory();
  return ARTIFACT_NAMES.filter((name) => !offers[name].ready).map((name) => {
    const { kind, version } = offers[name];
    const expected = history.expected(`build ${name}`);
    return `${name}: ${kind}, ${version}${expected === undefined ? "" : `, about ${duration(expected)} when not in the cache`}`;
  });
}

/** Finds all artifacts and makes those that are not there yet. */
export async function resolveArtifacts(progress: Progress, interruption: Interruption): Promise<Artifacts> {
  return resolveSome(progress, interruption, ARTIFACT_NAMES);
}

/** The same for some of them. */
export async function resolveSome<Name extends ArtifactName>(
  progress: Progress,
  interruption: Interruption,
  names: readonly Name[],
): Promise<Pick<Artifacts, Name>> {
  const offers = await findOffers(artifactSettings());
  const watch: Watch = (name, offer) => {
    const id = `build ${name}`;
    // What the cache has is made without a word.
    const report = (line: string): void => {
      progress.begin(id, `${name} (${offer.kind}, from ${offer.origin})`);
      progress.note(id, line);
    };
    return { report, done: () => progress.end(id) };
  };
  return interruption.stops(makeArtifacts(offers, watch, names));
}
