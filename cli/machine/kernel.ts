import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { run, succeeds } from "../../embedded/system/commands";
import { unsupported } from "./platform";

/** What a lab asks of the kernel, each tried in namespaces of its own that end with the try. */
const TRIES: Readonly<Record<string, string>> = {
  "network namespaces": "true",
  "bridge interfaces": "ip link add mltry0 type bridge",
  "veth interfaces": "ip link add mltry0 type veth peer name mltry1",
  "macvlan interfaces":
    "ip link add mltry0 type veth peer name mltry1 && ip link add link mltry0 name mltry2 type macvlan mode bridge",
  nftables: "nft add table inet mltry",
  overlayfs:
    'mount -t tmpfs mltry "$1" && mkdir "$1/lower" "$1/upper" "$1/work" "$1/merged" && ' +
    'mount -t overlay mltry -o "lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" "$1/merged"',
};

/** @throws UsageError that names every part that the kernel, or a container around us, refuses. */
export async function requireKernelParts(): Promise<void> {
  const directory = await fs.mkdtemp(path.join(os.tmpdir(), "multicast-lab-"));
  try {
    const names = Object.keys(TRIES);
    const results = await Promise.all(
      names.map((name) => {
        const inNamespaces = ["--net", "--mount", "--propagation", "private", "--"];
        return succeeds("unshare", [...inNamespaces, "sh", "-c", TRIES[name] ?? "", "try", directory]);
      }),
    );
    const lacks = names.filter((_, index) => !results[index]);
    if (lacks.length > 0) throw unsupported(lacks);
  } finally {
    await fs.rm(directory, { recursive: true, force: true });
  }
}

/** `uname -r`, for the report. */
export async function kernelRelease(): Promise<string> {
  return (await run("uname", ["-r"])).stdout.trim();
}
