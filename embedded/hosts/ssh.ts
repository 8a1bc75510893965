import net from "node:net";
import { type CommandOutput, run } from "../system/commands";
import { waitUntil } from "../system/waiting";
import type { Lab, LabHost } from "./layout";

/** Arguments of `ssh` that reach a lab host: the lab's key, the pinned host key, nothing of the user's own settings. */
export function sshArguments(lab: Lab, host: LabHost): string[] {
  return [
    ...["-F", "none", "-i", lab.privateKeyPath],
    ...["-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=yes"],
    ...["-o", `UserKnownHostsFile=${lab.knownHostsPath}`, "-o", "GlobalKnownHostsFile=none"],
    ...["-o", "ConnectTimeout=5", "-o", "LogLevel=ERROR"],
    `root@${host.address}`,
  ];
}

/** Runs a command line on the host; its words reach the host's shell as they are, as with `ssh HOST WORDS`. */
export function runOnHost(lab: Lab, host: LabHost, command: string): Promise<CommandOutput> {
  return run("ssh", [...sshArguments(lab, host), command]);
}

/** Resolves when the host lets us in with the pinned key. */
export async function waitForSsh(lab: Lab, host: LabHost, isAlive: () => boolean): Promise<void> {
  await waitUntil(
    () => {
      if (!isAlive()) {
        throw new Error(`host "${host.name}" ended while it booted; its console is in ${host.logFile}`);
      }
      return portIsOpen(host.address, 22);
    },
    {
      what: `host "${host.name}" answers on ${host.address}:22 (its console is in ${host.logFile})`,
      timeoutMilliseconds: 60_000,
    },
  );
  await runOnHost(lab, host, "true");
}

/** A port that is not open yet refuses at once; a host that is not there at all is cut off after a second. */
function portIsOpen(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: address, port, timeout: 1000 });
    const finish = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.on("connect", () => finish(true));
    socket.on("error", () => finish(false));
    socket.on("timeout", () => finish(false));
  });
}
