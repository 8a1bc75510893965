import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { labLayout } from "../../../embedded/hosts/layout";
import { isBooted, nspawnArguments, nspawnEnvironment } from "../../../embedded/hosts/nspawn";

describe("nspawnArguments", () => {
  const [server, , external] = labLayout("demo", 2, "/h").hosts;

  it("joins the host's namespace under the host's name", () => {
    expect(nspawnArguments(server!)).toEqual(
      expect.arrayContaining([
        "--network-namespace-path=/run/netns/ml2-server",
        "--machine=ml-demo-server",
        "--hostname=server",
      ]),
    );
  });

  it("keeps container file systems off the overlay, on cluster nodes only", () => {
    const binds = nspawnArguments(server!).filter((argument) => argument.startsWith("--bind="));
    expect(binds.map((bind) => bind.split(":")[1])).toEqual([
      "/var/lib/rancher",
      "/var/lib/containerd",
      "/var/lib/kubelet",
    ]);
    expect(nspawnArguments(external!).filter((argument) => argument.startsWith("--bind="))).toEqual([]);
  });

  it("tells systemd which version of control groups it gets", () => {
    expect(nspawnEnvironment({ kind: "unified", hierarchies: [] })).toHaveProperty(
      "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY",
      "1",
    );
    expect(nspawnEnvironment({ kind: "hybrid", hierarchies: [] })).toHaveProperty(
      "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY",
      "0",
    );
  });
});

describe("isBooted", () => {
  it("does not take another process with the same number for the host", async () => {
    const home = await fs.mkdtemp(path.join(os.tmpdir(), "hosts-nspawn-"));
    const host = labLayout("demo", 2, home).hosts[0]!;
    expect(isBooted(host)).toBe(false);
    await fs.mkdir(host.directory, { recursive: true });
    const mark = { pid: process.pid, startTime: "an earlier boot" };
    await fs.writeFile(path.join(host.directory, "process.json"), JSON.stringify(mark));
    expect(isBooted(host)).toBe(false);
    await fs.rm(home, { recursive: true });
  });
});
