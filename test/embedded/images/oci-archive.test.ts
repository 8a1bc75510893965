import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { binaryImage, writeOciArchive } from "../../../embedded/images";

/** One blob or file of an archive. */
function read(archive: string, entry: string): Buffer {
  return execFileSync("tar", ["-xOf", archive, entry]);
}

function readBlob(archive: string, digest: string): Buffer {
  return read(archive, `blobs/sha256/${digest.replace("sha256:", "")}`);
}

interface Descriptor {
  digest: string;
  size: number;
  annotations: Record<string, string>;
}

describe("writeOciArchive", () => {
  let scratch: string;
  beforeEach(() => {
    // A tmpfs lists files in the order they were made; ext4 would hide that the archive depends on it.
    scratch = mkdtempSync("/dev/shm/oci-archive-");
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  function root(name: string, files: readonly string[], seconds: number, content = "content of"): string {
    const directory = path.join(scratch, name, "nested");
    mkdirSync(directory, { recursive: true });
    for (const file of files) {
      writeFileSync(path.join(directory, file), `${content} ${file}`);
      chmodSync(path.join(directory, file), 0o644);
      utimesSync(path.join(directory, file), seconds, seconds);
    }
    return path.dirname(directory);
  }

  const image = { config: { Cmd: ["/a"] }, repository: "lab.local/thing", tag: "1" };

  it("gives the same bytes for the same content, whenever and in whatever order it was written", async () => {
    const one = root("one", ["a", "b", "c"], 1_000_000);
    const two = root("two", ["c", "a", "b"], 2_000_000);
    const first = await writeOciArchive({ ...image, rootDirectory: one, target: path.join(scratch, "1.tar") });
    const second = await writeOciArchive({ ...image, rootDirectory: two, target: path.join(scratch, "2.tar") });
    expect(second.sha256).toBe(first.sha256);
    expect(second.reference).toBe(first.reference);
  });

  it("gives another digest for other content", async () => {
    const one = root("one", ["a"], 1_000_000);
    const two = root("two", ["a"], 1_000_000, "other content of");
    const first = await writeOciArchive({ ...image, rootDirectory: one, target: path.join(scratch, "1.tar") });
    const second = await writeOciArchive({ ...image, rootDirectory: two, target: path.join(scratch, "2.tar") });
    expect(second.reference).not.toBe(first.reference);
  });

  it("names the one manifest by tag and by digest, and every digest is that of its blob", async () => {
    const target = path.join(scratch, "image.tar");
    const { reference } = await writeOciArchive({ ...image, rootDirectory: root("one", ["a"], 1), target });
    const index = JSON.parse(read(target, "index.json").toString()) as { manifests: Descriptor[] };
    const digest = index.manifests[0]!.digest;
    expect(index.manifests.map(({ annotations }) => annotations["io.containerd.image.name"])).toEqual([
      "lab.local/thing:1",
      `lab.local/thing@${digest}`,
    ]);
    expect(reference).toBe(`lab.local/thing:1@${digest}`);
    const manifest = JSON.parse(readBlob(target, digest).toString()) as { config: Descriptor; layers: Descriptor[] };
    for (const descriptor of [index.manifests[1]!, manifest.config, ...manifest.layers]) {
      const blob = readBlob(target, descriptor.digest);
      expect(blob).toHaveLength(descriptor.size);
      expect(`sha256:${createHash("sha256").update(blob).digest("hex")}`).toBe(descriptor.digest);
    }
    const config = JSON.parse(readBlob(target, manifest.config.digest).toString()) as {
      rootfs: { diff_ids: string[] };
    };
    expect(config.rootfs.diff_ids).toEqual([manifest.layers[0]!.digest]);
  });

  it("leaves only the archive", async () => {
    const rootDirectory = root("one", ["a"], 1);
    await writeOciArchive({ ...image, rootDirectory, target: path.join(scratch, "image.tar") });
    expect(readdirSync(scratch).sort()).toEqual(["image.tar", "one"]);
  });

  it("fails if the root is not there, and says so", async () => {
    const target = path.join(scratch, "image.tar");
    await expect(writeOciArchive({ ...image, rootDirectory: "/does/not/exist", target })).rejects.toThrow("ENOENT");
  });
});

describe("binaryImage", () => {
  let cache: string;
  beforeEach(() => {
    cache = mkdtempSync(path.join(os.tmpdir(), "binary-image-"));
  });
  afterEach(() => rmSync(cache, { recursive: true }));

  it("holds the files where they were wanted, executable, and comes from the cache the second time", async () => {
    const options = { config: {}, repository: "lab.local/pause", tag: "1", cache };
    const first = await binaryImage({ ...options, files: { "/usr/bin/pause": "/bin/true" } });
    const index = JSON.parse(read(first.path, "index.json").toString()) as { manifests: Descriptor[] };
    const manifest = JSON.parse(readBlob(first.path, index.manifests[0]!.digest).toString()) as {
      layers: Descriptor[];
    };
    const layer = path.join(cache, "layer.tar");
    writeFileSync(layer, readBlob(first.path, manifest.layers[0]!.digest));
    const listing = execFileSync("tar", ["-tvf", layer, "--numeric-owner"]).toString().trim().split("\n");
    expect(listing.map((line) => [line.slice(0, 10), line.split(" ").at(-1)])).toEqual([
      ["drwxr-xr-x", "usr/"],
      ["drwxr-xr-x", "usr/bin/"],
      ["-rwxr-xr-x", "usr/bin/pause"],
    ]);
    expect(await binaryImage({ ...options, files: { "/usr/bin/pause": "/bin/true" } })).toEqual(first);
    const other = await binaryImage({ ...options, files: { "/usr/bin/pause": "/bin/false" } });
    expect(other.reference).not.toBe(first.reference);
  });
});
