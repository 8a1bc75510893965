import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { recordedArtifacts, refuseToMix } from "../../cli/artifact-record";
import { labFiles } from "../../cli/lab-files";
import { ARTIFACT_NAMES, type Artifacts } from "../../embedded/artifacts";

function artifacts(kind: "real" | "stand-in", version = "1"): Artifacts {
  const entries = ARTIFACT_NAMES.map((name) => {
    const artifact = { name, kind, origin: "packages", version, path: `/${name}`, sha256: "" };
    return [name, artifact] as const;
  });
  return Object.fromEntries(entries) as Artifacts;
}

test("the providers that made a state may go on with it", () => {
  expect(() => refuseToMix(artifacts("real"), artifacts("real"))).not.toThrow();
});

test("fails if real providers are found for a state that stand-ins made, with what to do", () => {
  const mix = (): void => refuseToMix(artifacts("stand-in"), artifacts("real"));
  expect(mix).toThrow("provider-kubernetes 1 (stand-in, from packages");
  expect(mix).toThrow('run "./lab down" first');
});

test("fails if the provider's version differs", () => {
  expect(() => refuseToMix(artifacts("real"), artifacts("real", "2"))).toThrow("found now is 2");
});

test.each(["", "{", "no JSON"])("a record that cannot be read is none: %j", async (text) => {
  const directory = mkdtempSync(path.join(tmpdir(), "artifact-record-"));
  const files = {
    ...labFiles({ name: "x", home: directory, directory }),
    artifacts: path.join(directory, "artifacts.json"),
  };
  writeFileSync(files.artifacts, text);
  expect(await recordedArtifacts(files)).toBeUndefined();
});
