import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { type OciArchive, binaryImage, probeImage } from "../../embedded/images";
import { waitUntil } from "../../embedded/system/waiting";

const NAMESPACE = "k8s.io";

describe("image archives in a containerd", () => {
  let scratch: string;
  let containerd: ChildProcess;

  beforeAll(async () => {
    // An overlay's upper layer cannot lie on a tmpfs of every kernel, nor on another overlay.
    scratch = await fs.mkdtemp("/var/tmp/images-test-");
    const socket = path.join(scratch, "containerd.sock");
    const config = path.join(scratch, "config.toml");
    await fs.writeFile(
      config,
      [
        "version = 2",
        `root = "${scratch}/root"`,
        `state = "${scratch}/state"`,
        'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
        `[grpc]\n  address = "${socket}"`,
        `[ttrpc]\n  address = "${socket}.ttrpc"`,
      ].join("\n"),
    );
    containerd = spawn("containerd", ["--config", config], { stdio: "ignore" });
    await waitUntil(() => existsSync(socket), { what: "containerd listens", timeoutMilliseconds: 20_000 });
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => containerd.once("exit", resolve));
    containerd.kill();
    await ended;
    await fs.rm(scratch, { recursive: true });
  });

  async function ctr(...args: readonly string[]): Promise<string> {
    const common = ["--address", path.join(scratch, "containerd.sock"), "--namespace", NAMESPACE];
    return (await promisify(execFile)("ctr", [...common, ...args])).stdout.trim();
  }

  /** The name under which a container runtime looks up a reference with a digest: it leaves out the tag. */
  async function importByDigest(archive: OciArchive): Promise<string> {
    await ctr("images", "import", archive.path);
    return archive.reference.replace(/:[^:/]+@/, "@");
  }

  it("holds all that a verification pod calls, without root and on a read-only root", async () => {
    const archive = await probeImage();
    const reference = await importByDigest(archive);
    const script = [
      "node -p 'Number(process.versions.node.split(`.`)[0]) >= 18 && typeof fetch'",
      "id -u",
      "for name in socat ip iperf ethtool hostname sleep; do command -v $name >/dev/null || echo no $name; done",
      "touch /file 2>/dev/null && echo writable",
      "socat -u EXEC:'echo through socat' STDOUT",
      "ip -V >/dev/null && iperf -v >/dev/null; ethtool --version >/dev/null && echo done",
    ].join("\n");
    const printed = await ctr("run", "--rm", "--read-only", "--cgroup", "", reference, "probe", "sh", "-c", script);
    expect(printed.split("\n")).toEqual(["function", "65534", "through socat", "done"]);
    // It is copied to every host.
    expect(statSync(archive.path).size).toBeLessThan(128 * 1024 * 1024);
  });

  it("runs a single program from an image that holds nothing else", async () => {
    const archive = await binaryImage({
      // The one program on a Linux machine that is linked statically.
      files: { "/bin/single": "/sbin/ldconfig" },
      config: { Entrypoint: ["/bin/single", "--version"] },
      repository: "lab.local/single",
      tag: "1",
      cache: scratch,
    });
    expect(await ctr("run", "--rm", "--cgroup", "", await importByDigest(archive), "single")).toMatch(/^ldconfig/);
  });
});
