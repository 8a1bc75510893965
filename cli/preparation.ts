import {
  artifactSettings,
  ARTIFACT_NAMES,
  findGo,
  findOffers,
  makeArtifacts,
  type Artifacts,
  type Offers,
} from "../embedded/artifacts";
import { consent } from "./machine/consent";
import { requireKernelParts } from "./machine/kernel";
import { installPackages, missingPackages } from "./machine/packages";
import type { Interruption } from "./process/interruption";
import { duration } from "./progress/phase";
import { PhaseHistory } from "./progress/history";
import type { Progress } from "./progress/progress";

/** Installs what is missing on the machine, after saying what and asking, and checks the kernel. */
export async function prepareMachine(
  progress: Progress,
  interruption: Interruption,
  { yes, forTests }: { readonly yes: boolean; readonly forTests?: boolean },
): Promise<void> {
  const { cache } = artifactSettings();
  const missing = await missingPackages(cache, forTests);
  const go = await findGo(cache);
  const lacks = [
    ...(missing.length > 0 ? [`Debian packages: ${missing.join(" ")}`] : []),
    ...("missing" in go ? [go.missing] : []),
  ];
  if (lacks.length > 0) await consent(`This machine lacks:\n  ${lacks.join("\n  ")}`, yes);
  if (missing.length > 0) {
    await progress.run("packages", "Debian packages", (note) => interruption.stops(installPackages(missing, note)));
  }
  await requireKernelParts();
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
  const offers = await findOffers(artifactSettings());
  return interruption.stops(
    makeArtifacts(offers, (name, offer) => {
      const id = `build ${name}`;
      // What the cache has is made without a word.
      const report = (line: string): void => {
        progress.begin(id, `${name} (${offer.kind}, from ${offer.origin})`);
        progress.note(id, line);
      };
      return { report, done: () => progress.end(id) };
    }),
  );
}
