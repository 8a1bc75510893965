/** Hosts without a cluster, for work on the parts that run on them: `node --import tsx embedded/hosts/manual.ts up NAME`. */
import { allocate, auditMachine, release, sshArguments, startHosts, status, stopHosts } from "./index";

async function main([action, name]: readonly string[]): Promise<void> {
  if (name === undefined || !["up", "down", "status"].includes(action ?? "")) {
    throw new Error("usage: manual.ts up|down|status NAME");
  }
  const lab = await allocate(name);
  const onProgress = (message: string): void => console.error(message);
  if (action === "up") {
    const { outcome, milliseconds } = await startHosts(lab, { onProgress });
    console.error(`${outcome} in ${(milliseconds / 1000).toFixed(1)} s`);
    lab.hosts.forEach((host) => console.log(["ssh", ...sshArguments(lab, host)].join(" ")));
  } else if (action === "status") {
    (await status(lab)).forEach(({ host, state }) => console.log(`${host.name} ${host.address} ${state}`));
  } else {
    await stopHosts(lab, { onProgress });
    const { residue, otherChanges } = await auditMachine(lab);
    console.log([`residue: ${residue.length}`, ...residue, ...otherChanges].join("\n"));
    await release(lab);
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
