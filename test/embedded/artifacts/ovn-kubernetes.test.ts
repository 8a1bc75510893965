import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ovnKubernetesOf } from "../../../embedded/artifacts";

let bundle: string;
beforeEach(async () => {
  bundle = await fs.mkdtemp(path.join(os.tmpdir(), "bundle-"));
  await fs.mkdir(path.join(bundle, "bin"));
});
afterEach(() => fs.rm(bundle, { recursive: true }));

const settings = (directory?: string) => ({ cache: "/cache", bundle: directory, online: false });
const program = (name: string, mode = 0o755) =>
  fs.writeFile(path.join(bundle, "bin", name), "#!/bin/sh\necho 'Version: 1.1.0'\n", { mode });

test("OVN-Kubernetes of a bundle, with what it says of itself", async () => {
  await program("ovnkube");
  await program("ovn-k8s-cni-overlay");
  expect(await ovnKubernetesOf(settings(bundle))).toEqual({
    ovnkube: path.join(bundle, "bin/ovnkube"),
    cniPlugin: path.join(bundle, "bin/ovn-k8s-cni-overlay"),
    version: "1.1.0",
  });
});

test("fails if there is no bundle, and says what to put where", async () => {
  await expect(ovnKubernetesOf(settings())).rejects.toThrow(
    "OVN-Kubernetes is not possible here: put bin/ovnkube and bin/ovn-k8s-cni-overlay of its release v1.1.0 into a directory that LAB_BUNDLE names",
  );
});

test("fails if the bundle lacks one of the programs", async () => {
  await program("ovnkube");
  await expect(ovnKubernetesOf(settings(bundle))).rejects.toThrow(
    `put bin/ovn-k8s-cni-overlay of its release v1.1.0 into ${bundle}`,
  );
});

test("fails if a program cannot be run", async () => {
  await program("ovnkube");
  await program("ovn-k8s-cni-overlay", 0o644);
  await expect(ovnKubernetesOf(settings(bundle))).rejects.toThrow("ovn-k8s-cni-overlay must be executable");
});
