import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import {
  ARTIFACT_NAMES,
  findOffers,
  makeArtifacts,
  sha256Of,
  type ArtifactSettings,
  type Offer,
  type Offers,
} from "../../../embedded/artifacts";

let scratch: string;
let settings: ArtifactSettings;

beforeEach(async () => {
  scratch = await fs.mkdtemp(path.join(os.tmpdir(), "resolver-test-"));
  settings = { cache: path.join(scratch, "cache"), online: false };
});

afterEach(() => fs.rm(scratch, { recursive: true }));

/** The same offer for every artifact. */
function everywhere(offer: Offer): Offers {
  return Object.fromEntries(ARTIFACT_NAMES.map((name) => [name, offer])) as Record<
    (typeof ARTIFACT_NAMES)[number],
    Offer
  >;
}

/** A bundle with these files. */
async function bundle(files: Readonly<Record<string, string>>): Promise<ArtifactSettings> {
  const directory = path.join(scratch, "bundle");
  for (const [name, text] of Object.entries(files)) {
    await fs.mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await fs.writeFile(path.join(directory, name), text, { mode: 0o755 });
  }
  return { ...settings, bundle: directory };
}

const K3S = "#!/bin/sh\necho 'k3s version v1.34.4+k3s1 (abcdef)'\n";
const KUBERNETES_PROVIDER = "terraform-mirror/registry.terraform.io/hashicorp/kubernetes/2.38.0/linux_amd64";
const REFERENCE = `ghcr.io/example/multus:v1@sha256:${"a".repeat(64)}`;

test("every artifact has a source where only packages are to be had", async () => {
  const offers = await findOffers(settings);
  expect(Object.keys(offers)).toEqual([...ARTIFACT_NAMES]);
  for (const name of ["k3s", "image-multus", "provider-kubernetes", "provider-helm"] as const) {
    expect(offers[name]).toMatchObject({ kind: "stand-in", origin: "packages", ready: false });
  }
});

test("real parts of a bundle come before stand-ins, and are what was put there", async () => {
  const bundled = await bundle({
    "bin/k3s": K3S,
    "images/k3s-airgap-images-amd64.tar": "archive",
    "images/multus.tar": "archive",
    [`${KUBERNETES_PROVIDER}/terraform-provider-kubernetes_v2.38.0_x5`]: "program",
    "bundle.json": JSON.stringify({ images: { multus: { archive: "images/multus.tar", ref: REFERENCE } } }),
  });
  const offers = await findOffers(bundled);
  expect(offers.k3s).toMatchObject({ kind: "real", origin: "bundle", version: "v1.34.4+k3s1" });
  expect(await offers.k3s.make(() => undefined)).toEqual({
    path: path.join(scratch, "bundle/bin/k3s"),
    imageArchives: [path.join(scratch, "bundle/images/k3s-airgap-images-amd64.tar")],
  });
  expect(offers["image-multus"]).toMatchObject({ kind: "real", origin: "bundle", version: REFERENCE });
  expect(offers["provider-kubernetes"]).toMatchObject({ kind: "real", origin: "bundle", version: "2.38.0" });
  expect(offers["provider-helm"]).toMatchObject({ kind: "stand-in" });
});

test.each([
  ["names an archive that is not there", { images: { multus: { archive: "gone.tar", ref: REFERENCE } } }, "gone.tar"],
  ["has an unknown key", { image: {} }, "Unrecognized key"],
])("fails if bundle.json %s", async (_, content, message) => {
  const bundled = await bundle({ "bundle.json": JSON.stringify(content) });
  await expect(findOffers(bundled)).rejects.toThrow(message);
});

test("what was made carries the digest of its file; failures name the artifact", async () => {
  const file = path.join(scratch, "part");
  await fs.writeFile(file, "content");
  const good = {
    kind: "real",
    origin: "bundle",
    version: "1",
    ready: true,
    make: async () => ({ path: file }),
  } as const;
  const all = everywhere(good);
  const watch = (): { report: () => void; done: () => void } => ({ report: () => undefined, done: () => undefined });
  const made = await makeArtifacts(all, watch, ARTIFACT_NAMES);
  expect(made.k3s).toEqual({
    name: "k3s",
    kind: "real",
    origin: "bundle",
    version: "1",
    path: file,
    sha256: await sha256Of(file),
  });
  const broken = { ...all, k3s: { ...good, make: () => Promise.reject(new Error("no compiler")) } };
  await expect(makeArtifacts(broken, watch, ARTIFACT_NAMES)).rejects.toThrow("k3s (real, from bundle): no compiler");
});

test("builds that keep the processors busy run one after the other", async () => {
  let running = 0;
  let most = 0;
  const make = async (): Promise<{ path: string }> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return { path: "" };
  };
  const heavy = { kind: "built", origin: "packages", version: "1", ready: false, heavy: true, make } as const;
  const watch = () => ({ report: () => undefined, done: () => undefined });
  await makeArtifacts(everywhere(heavy), watch, ARTIFACT_NAMES);
  expect(most).toBe(1);
});
