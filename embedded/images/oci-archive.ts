import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "../system/commands";

/** The part of an OCI image configuration that says how a container starts. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
}

/** What to put into an archive. */
export interface OciArchiveOptions {
  /** Becomes the image's only layer; owners and times are left out of it. */
  readonly rootDirectory: string;
  readonly config: ImageConfig;
  /** "lab.local/probe": with a domain, else a container runtime would look for it on Docker Hub. */
  readonly repository: string;
  readonly tag: string;
  /** Where to write the archive. */
  readonly target: string;
}

/** An image archive. */
export interface OciArchive {
  readonly path: string;
  /** Of the archive file. */
  readonly sha256: string;
  /** `repository:tag@sha256:…`, the reference for a pod. */
  readonly reference: string;
}

/** What an OCI descriptor says of a blob. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const MEDIA_TYPE = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
} as const;

/**
 * Writes an OCI image layout as one tar file; the same content gives the same bytes on any machine. Two entries of the
 * index name the one manifest by tag and by digest, so that a reference with a digest resolves without a registry.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 *
 * The layer is not compressed: packing and unpacking cost more on two cores than the copy over a bridge.
 */
export async function writeOciArchive(options: OciArchiveOptions): Promise<OciArchive> {
  const layout = `${options.target}.layout`;
  await fs.rm(layout, { recursive: true, force: true });
  await fs.mkdir(path.join(layout, "blobs/sha256"), { recursive: true });
  try {
    const manifest = await writeManifest(layout, options);
    await writeIndex(layout, options, manifest);
    await packDirectory(layout, options.target);
    const reference = `${options.repository}:${options.tag}@${manifest.digest}`;
    return { path: options.target, sha256: await sha256OfFile(options.target), reference };
  } finally {
    await fs.rm(layout, { recursive: true, force: true });
  }
}

async function writeManifest(layout: string, { rootDirectory, config }: OciArchiveOptions): Promise<Descriptor> {
  const draft = path.join(layout, "layer.tar");
  await packDirectory(rootDirectory, draft);
  const layer = await addBlobFile(layout, MEDIA_TYPE.layer, draft);
  const image = { ...PLATFORM, config, rootfs: { type: "layers", diff_ids: [layer.digest] } };
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config: await addBlob(layout, MEDIA_TYPE.config, image),
    layers: [layer],
  };
  return addBlob(layout, MEDIA_TYPE.manifest, manifest);
}

async function writeIndex(layout: string, options: OciArchiveOptions, manifest: Descriptor): Promise<void> {
  const { repository, tag } = options;
  const entry = (name: string): object => ({
    ...manifest,
    platform: PLATFORM,
    annotations: { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": tag },
  });
  const index = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [entry(`${repository}:${tag}`), entry(`${repository}@${manifest.digest}`)],
  };
  await fs.writeFile(path.join(layout, "index.json"), JSON.stringify(index));
  await fs.writeFile(path.join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}

/** Go's names, which OCI uses. */
const PLATFORM = { architecture: process.arch === "x64" ? "amd64" : process.arch, os: "linux" };

/**
 * Packs with GNU tar, which is on every Linux machine and knows links, devices and large files; these are the options
 * that make it reproducible: https://www.gnu.org/software/tar/manual/html_section/Reproducibility.html
 */
async function packDirectory(directory: string, target: string): Promise<void> {
  const reproducible = ["--format=gnu", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  const entries = (await fs.readdir(directory)).sort();
  await run("tar", ["--create", `--file=${target}`, ...reproducible, `--directory=${directory}`, "--", ...entries], {
    timeoutMilliseconds: 10 * 60_000,
  });
}

async function addBlob(layout: string, mediaType: string, content: object): Promise<Descriptor> {
  const draft = path.join(layout, "blob.json");
  await fs.writeFile(draft, JSON.stringify(content));
  return addBlobFile(layout, mediaType, draft);
}

async function addBlobFile(layout: string, mediaType: string, file: string): Promise<Descriptor> {
  const sha256 = await sha256OfFile(file);
  const { size } = await fs.stat(file);
  await fs.rename(file, path.join(layout, "blobs/sha256", sha256));
  return { mediaType, digest: `sha256:${sha256}`, size };
}

/** SHA-256 of a file's content, in hexadecimal. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
