import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { run } from "../system/commands";
import type { Lab, LabHost } from "./layout";

/** The user's key of the lab and, per host, the key that the host will show: both made by us, before any host boots. */
export async function createKeys(lab: Lab): Promise<void> {
  await fs.mkdir(lab.sshDirectory, { recursive: true, mode: 0o700 });
  await createKey(lab.privateKeyPath, `multicast-lab ${lab.name}`);
  const lines: string[] = [];
  for (const host of lab.hosts) {
    await createKey(hostKeyPath(lab, host), host.machine);
    lines.push(`${host.address} ${await readHostKey(lab, host)}\n`);
  }
  await fs.writeFile(lab.knownHostsPath, lines.join(""), { mode: 0o600 });
}

/** The host's public key, "ssh-ed25519 AAAA…", to pin it by. */
export async function readHostKey(lab: Lab, host: LabHost): Promise<string> {
  const text = await fs.readFile(`${hostKeyPath(lab, host)}.pub`, "utf8");
  return text.trim().split(" ").slice(0, 2).join(" ");
}

/** Private host key; its public part is beside it in `.pub`. */
export function hostKeyPath(lab: Lab, host: LabHost): string {
  return path.join(lab.sshDirectory, `host-${host.name}`);
}

async function createKey(file: string, comment: string): Promise<void> {
  // Both files or none: ssh-keygen writes the public one last.
  if (!existsSync(`${file}.pub`)) {
    await fs.rm(file, { force: true });
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file]);
  }
}
