import fs from "node:fs/promises";
import { run, succeeds } from "../system/commands";
import type { Lab } from "./layout";

/** The machine's way out, or undefined when it has no IPv4 default route. */
export async function defaultRouteInterface(): Promise<string | undefined> {
  const { stdout } = await run("ip", ["-json", "-4", "route", "show", "default"]);
  const routes = JSON.parse(stdout || "[]") as { dev?: string }[];
  return routes.find((route) => route.dev)?.dev;
}

/** The nftables rules that let the lab's hosts out under the machine's own address. */
export function natRules(lab: Lab): string {
  return [
    `table ip ${lab.nftTable} {`,
    "  chain outgoing {",
    "    type nat hook postrouting priority srcnat; policy accept;",
    `    ip saddr ${lab.managementSubnet} oifname != "${lab.machineInterface}" masquerade`,
    "  }",
    "}",
    "",
  ].join("\n");
}

/**
 * Adds the lab's own nftables table. The forwarding of `uplink` itself is a setting of the machine, see
 * machine-settings.ts; that of the lab's interface goes away with it.
 */
export async function addNat(lab: Lab): Promise<void> {
  await run("nft", ["-f", "-"], { input: natRules(lab) });
  await fs.writeFile(`/proc/sys/net/ipv4/conf/${lab.machineInterface}/forwarding`, "1");
}

/** Removes the table when it is there. */
export async function removeNat(lab: Lab): Promise<void> {
  await succeeds("nft", ["delete", "table", "ip", lab.nftTable]);
}
