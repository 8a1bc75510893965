import { spawn } from "node:child_process";
import fs from "node:fs/promises";
import { sshArguments } from "../../embedded/hosts";
import { UsageError } from "../errors";
import { labFiles } from "../lab-files";
import type { GlobalOptions } from "../options";
import { runningLab } from "../running-lab";
import { labEnvironment } from "../terraform/environment";

/** Runs a command on a host of the lab, with our standard streams; its exit code is ours. */
export async function exec(hostName: string, command: readonly string[], { name }: GlobalOptions): Promise<number> {
  const { lab } = await runningLab(name);
  const host = lab.hosts.find((entry) => entry.name === hostName);
  if (host === undefined) {
    const names = lab.hosts.map((entry) => entry.name).join(", ");
    throw new UsageError(`lab "${name}" has no host "${hostName}"; use one of ${names}`);
  }
  const terminal = process.stdin.isTTY && process.stdout.isTTY ? ["-t"] : [];
  // ssh joins its words with blanks and gives them to the host's shell, so each word is quoted for that shell.
  const args = [...terminal, ...sshArguments(lab, host), "--", command.map(shellWord).join(" ")];
  return new Promise((resolve, reject) => {
    const child = spawn("ssh", args, { stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/** Prints the kubeconfig, or with `--json` its path. */
export async function kubeconfig({ name, json }: GlobalOptions): Promise<number> {
  const file = labFiles((await runningLab(name)).lab).kubeconfig;
  process.stdout.write(json ? `${JSON.stringify({ path: file })}\n` : await fs.readFile(file, "utf8"));
  return 0;
}

/** Prints what `./lab` adds to the environment of cdktf, for a shell to take. */
export async function env({ name, json }: GlobalOptions): Promise<number> {
  const { lab, artifacts } = await runningLab(name);
  const environment = labEnvironment(labFiles(lab), artifacts);
  const exports = Object.entries(environment).map(([key, value]) => `export ${key}=${shellWord(value)}`);
  process.stdout.write(`${json ? JSON.stringify(environment, undefined, 2) : exports.join("\n")}\n`);
  return 0;
}

/** One word of a POSIX shell, whatever it holds. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
