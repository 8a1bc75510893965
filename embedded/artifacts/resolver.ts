import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import { hostRootfs, hostRootfsPath } from "../hosts/rootfs";
import { labCache } from "../system/build-once";
import {
  ARTIFACT_NAMES,
  sha256Of,
  type Artifact,
  type ArtifactName,
  type ArtifactSettings,
  type Offer,
  type Report,
  type Source,
} from "./artifact";
import { bundleDirectory } from "./bundle";
import { cniPluginsSources } from "./cni-plugins";
import { multusImageSources, probeImageSources } from "./images";
import { k3sSources, kubectlSources } from "./k3s";
import { providerSources } from "./providers";
import { terraformSources } from "./terraform";

const SOURCES: Readonly<Record<ArtifactName, readonly Source[]>> = {
  terraform: terraformSources,
  "provider-kubernetes": providerSources("kubernetes"),
  "provider-helm": providerSources("helm"),
  kubectl: kubectlSources,
  k3s: k3sSources,
  "cni-plugins": cniPluginsSources,
  "image-multus": multusImageSources,
  "image-probe": probeImageSources,
  "host-rootfs": [
    async ({ cache }) => ({
      kind: "built",
      origin: "packages",
      version: "from Debian packages",
      ready: existsSync(await hostRootfsPath(cache)),
      make: async (report) => ({ path: await hostRootfs({ cache, onProgress: report }) }),
    }),
  ],
};

/** One offer for each artifact. */
export type Offers = Readonly<Record<ArtifactName, Offer>>;

/** The resolved artifacts of a lab. */
export type Artifacts = Readonly<Record<ArtifactName, Artifact>>;

/** Settings from the environment: LAB_CACHE, LAB_BUNDLE, LAB_OFFLINE. */
export function artifactSettings(): ArtifactSettings {
  return { cache: labCache(), bundle: bundleDirectory(), online: process.env.LAB_OFFLINE !== "1" };
}

/** Asks every source, builds and fetches nothing. */
export async function findOffers(settings: ArtifactSettings): Promise<Offers> {
  return collect(ARTIFACT_NAMES, (name) => firstOffer(name, settings));
}

async function firstOffer(name: ArtifactName, settings: ArtifactSettings): Promise<Offer> {
  for (const source of SOURCES[name]) {
    const offer = await source(settings);
    if (offer !== undefined) return offer;
  }
  throw new Error(`no source has ${name}; put it into a bundle directory and set LAB_BUNDLE`);
}

/** Called when work on an artifact begins; gives back where its lines go and what to call at its end. */
export type Watch = (name: ArtifactName, offer: Offer) => { readonly report: Report; readonly done: () => void };

/**
 * Makes those of the names that are not there yet. Go builds run one after the other, each on all processors; what waits for downloads and
 * packages runs beside them.
 */
export async function makeArtifacts<Name extends ArtifactName>(
  offers: Offers,
  watch: Watch,
  names: readonly Name[],
): Promise<Pick<Artifacts, Name>> {
  let processors: Promise<unknown> = Promise.resolve();
  return collect(names, async (name) => {
    const offer = offers[name];
    const work = async (): Promise<Artifact> => makeOne(name, offer, watch);
    if (!offer.heavy || offer.ready) return work();
    const turn = processors.then(work, work);
    processors = turn.catch(() => undefined);
    return turn;
  });
}

async function makeOne(name: ArtifactName, offer: Offer, watch: Watch): Promise<Artifact> {
  const { report, done } = watch(name, offer);
  const { kind, origin, version } = offer;
  const made = await offer.make(report).catch((error: Error) => {
    throw new Error(`${name} (${kind}, from ${origin}): ${error.message}`, { cause: error });
  });
  const isFile = made.path !== "" && (await fs.stat(made.path)).isFile();
  const artifact = { ...made, name, kind, origin, version, sha256: isFile ? await sha256Of(made.path) : "" };
  done();
  return artifact;
}

/** All at the same time; waits for all to end, so that a failure leaves nothing running behind it. */
async function collect<Name extends ArtifactName, T>(
  names: readonly Name[],
  each: (name: Name) => Promise<T>,
): Promise<Readonly<Record<Name, T>>> {
  const results = await Promise.allSettled(names.map(async (name) => [name, await each(name)] as const));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
  if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join("\n"));
  const entries = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  return Object.fromEntries(entries) as Record<Name, T>;
}
