import {
  artifactSettings,
  ARTIFACT_NAMES,
  findOffers,
  ovnKubernetesOf,
  type ArtifactSettings,
  type Offer,
} from "../../embedded/artifacts";
import { EXIT } from "../errors";
import { missingPackages } from "../machine/packages";
import { requireKernelParts } from "../machine/kernel";
import { requireLinuxRoot } from "../machine/platform";
import type { GlobalOptions } from "../options";

/** Says of the machine whether it serves, and of every artifact what it is and where it comes from. */
export async function doctor({ json }: GlobalOptions): Promise<number> {
  const settings = artifactSettings();
  const machine = await machineFault();
  const packages = await missingPackages(settings.cache);
  const offers = await findOffers(settings);
  const artifacts = ARTIFACT_NAMES.map((name) => {
    const { kind, origin, version, ready } = offers[name];
    return { name, kind, origin, version, ready };
  });
  const ovnKubernetes = await ovnKubernetesOf(settings).then(
    ({ version }) => ({ possible: true, version }),
    (error: unknown) => ({ possible: false, why: (error as Error).message }),
  );
  if (json) {
    const found = {
      machine: machine ?? "ok",
      bundle: settings.bundle,
      missingPackages: packages,
      artifacts,
      ovnKubernetes,
    };
    process.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
  } else {
    const lines = artifacts.map(({ name, kind, origin, version, ready }) =>
      [name.padEnd(20), kind.padEnd(9), `from ${origin}`.padEnd(14), version, ready ? "" : "(made by up)"]
        .join(" ")
        .trimEnd(),
    );
    const onDefaultNetwork =
      "why" in ovnKubernetes
        ? `checks on the pods' own network: ${ovnKubernetes.why}`
        : `${"ovn-kubernetes".padEnd(20)} real      from bundle    ${ovnKubernetes.version}`;
    const missing =
      packages.length === 0 ? "no package is missing" : `missing packages: ${packages.join(" ")} (up installs them)`;
    process.stdout.write(
      `${[...lines, ...aboutStandIns(artifacts, settings), onDefaultNetwork, `bundle: ${settings.bundle ?? "none (LAB_BUNDLE)"}`, missing, `machine: ${machine ?? "ok"}`].join("\n")}\n`,
    );
  }
  return machine === undefined ? EXIT.ok : EXIT.usage;
}

/** What serves instead of stand-ins, where there are any. */
function aboutStandIns(artifacts: readonly Pick<Offer, "kind">[], { online }: ArtifactSettings): string[] {
  if (artifacts.every(({ kind }) => kind !== "stand-in")) return [];
  const upstream = online ? "upstream, which cannot be reached from here" : "upstream, which LAB_OFFLINE=1 keeps out";
  return [
    `stand-ins: the released parts come from ${upstream}, or from the directory that LAB_BUNDLE names (docs/guide.md, "Real parts from a bundle")`,
  ];
}

async function machineFault(): Promise<string | undefined> {
  try {
    requireLinuxRoot();
    await requireKernelParts();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
