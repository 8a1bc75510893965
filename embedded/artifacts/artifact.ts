import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** Parts of an embedded lab that come from elsewhere or are built. */
export const ARTIFACT_NAMES = [
  "terraform",
  "provider-kubernetes",
  "provider-helm",
  "kubectl",
  "k3s",
  "cni-plugins",
  "image-multus",
  "image-probe",
  "host-rootfs",
] as const;

/** Name of an artifact, as `./lab doctor` shows it. */
export type ArtifactName = (typeof ARTIFACT_NAMES)[number];

/**
 * `real`: the publisher's own build. `built`: the publisher's source or packages, put together here.
 * `stand-in`: our own program with the real part's contract.
 */
export type ArtifactKind = "real" | "built" | "stand-in";

/** Where an artifact comes from, in the order in which the sources are asked. */
export type Origin = "bundle" | "machine" | "upstream" | "packages";

/** Takes one line of what a long step does. */
export type Report = (line: string) => void;

/** What a source hands over. */
export interface Made {
  /** File, or for the host root a directory; empty for an image that the hosts pull themselves. */
  readonly path: string;
  /** Image reference, of image artifacts only. */
  readonly reference?: string;
  /** Further image archives that go with a K3s release. */
  readonly imageArchives?: readonly string[];
}

/** What a source could hand over; nothing is built or fetched before {@link Offer.make}. */
export interface Offer {
  readonly kind: ArtifactKind;
  readonly origin: Origin;
  /** Version, or the words that stand for one. */
  readonly version: string;
  /** Whether {@link Offer.make} returns at once. */
  readonly ready: boolean;
  /** Whether making it keeps the processors busy for minutes, so that it is not done beside another such build. */
  readonly heavy?: boolean;
  make(report: Report): Promise<Made>;
}

/** Where artifacts are looked for and kept. */
export interface ArtifactSettings {
  /** LAB_CACHE. */
  readonly cache: string;
  /** LAB_BUNDLE: directory with real parts. */
  readonly bundle?: string;
  /** Whether upstream servers may be asked; false with LAB_OFFLINE=1. */
  readonly online: boolean;
}

/** A place that may have an artifact; gives nothing where it has not. */
export type Source = (settings: ArtifactSettings) => Promise<Offer | undefined>;

/** One resolved artifact. */
export interface Artifact extends Made {
  readonly name: ArtifactName;
  readonly kind: ArtifactKind;
  readonly origin: Origin;
  readonly version: string;
  /** Of the file; empty for a directory and for an image that the hosts pull. */
  readonly sha256: string;
}

/** SHA-256 of a file, as `sha256sum` prints it. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
