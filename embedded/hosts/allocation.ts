import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  type HostPlan,
  type Lab,
  MAX_LAB_INDEX,
  USUAL_HOSTS,
  assertLabName,
  hostNames,
  labDirectory,
  labLayout,
} from "./layout";

/** LAB_HOME: where labs keep their files. */
export function labHome(): string {
  return process.env.LAB_HOME ?? "/var/lib/multicast-lab";
}

/** One index a lab: a file `<LAB_HOME>/indices/<n>` that holds the lab's name. */
interface Claim {
  readonly index: number;
  readonly name: string;
}

/**
 * The lab of this name: the existing one, or a new one on the first free index.
 *
 * @param hosts - of a new lab; one that exists keeps those that it was made with
 * @throws Error when the lab exists with other hosts.
 */
export async function allocate(name: string, home = labHome(), hosts?: HostPlan): Promise<Lab> {
  assertLabName(name);
  await fs.mkdir(path.join(home, "indices"), { recursive: true, mode: 0o700 });
  for (;;) {
    const claims = await readClaims(home);
    const own = claims.find((claim) => claim.name === name);
    const index = own?.index ?? firstFreeIndex(claims, indexIsBusyOnMachine);
    if (own !== undefined || (await claim(home, index, name))) {
      const plan = (await readHosts(home, name)) ?? hosts ?? USUAL_HOSTS;
      if (hosts !== undefined && !isDeepStrictEqual(hosts, plan)) throw new Error(otherHosts(name, plan));
      const lab = labLayout(name, index, home, plan);
      await fs.mkdir(lab.directory, { recursive: true, mode: 0o700 });
      await writeHosts(lab, plan);
      return lab;
    }
  }
}

/** The lab of this name when it has been allocated before, running or not. */
export async function findLab(name: string, home = labHome()): Promise<Lab | undefined> {
  return (await listLabs(home)).find((lab) => lab.name === name);
}

/** All labs of this LAB_HOME, running or not. */
export async function listLabs(home = labHome()): Promise<Lab[]> {
  return Promise.all(
    (await readClaims(home)).map(async ({ name, index }) =>
      labLayout(name, index, home, (await readHosts(home, name)) ?? USUAL_HOSTS),
    ),
  );
}

/** Forgets the lab: removes its directory, then gives its index back. The last step of taking a lab down. */
export async function release(lab: Lab): Promise<void> {
  await fs.rm(lab.directory, { recursive: true, force: true });
  await fs.rm(claimPath(lab.home, lab.index), { force: true });
}

/** The hosts that a lab was made with; nothing where it is being made, or was before there was a choice. */
async function readHosts(home: string, name: string): Promise<HostPlan | undefined> {
  const text = await fs.readFile(hostsPath(labDirectory(home, name)), "utf8").catch(() => undefined);
  return text === undefined ? undefined : { ...USUAL_HOSTS, ...(JSON.parse(text) as Partial<HostPlan>) };
}

async function writeHosts({ directory }: Lab, plan: HostPlan): Promise<void> {
  const draft = `${hostsPath(directory)}.${randomUUID()}`;
  await fs.writeFile(draft, JSON.stringify(plan), { mode: 0o600 });
  await fs.rename(draft, hostsPath(directory));
}

function hostsPath(directory: string): string {
  return path.join(directory, "hosts.json");
}

function otherHosts(name: string, plan: HostPlan): string {
  const own = `${hostNames(plan).join(", ")}; cluster network ${plan.clusterNetwork}`;
  return `lab "${name}" has other hosts (${own}); run "./lab down --name ${name}" first, or use another name`;
}

/**
 * Claims an index. `link` fails when the file exists and makes it appear with its content, so this is a lock that
 * needs no cleaning up: a kill leaves a claim of the lab's own name or none.
 */
async function claim(home: string, index: number, name: string): Promise<boolean> {
  const draft = path.join(home, "indices", `draft-${randomUUID()}`);
  await fs.writeFile(draft, name, { mode: 0o600 });
  try {
    await fs.link(draft, claimPath(home, index));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw error;
    }
    return false;
  } finally {
    await fs.rm(draft, { force: true });
  }
}

/** The lowest index that no lab has claimed and that nothing on the machine uses. */
export function firstFreeIndex(claims: readonly Claim[], isBusy: (index: number) => boolean): number {
  const taken = new Set(claims.map((entry) => entry.index));
  for (let index = 0; index <= MAX_LAB_INDEX; index++) {
    if (!taken.has(index) && !isBusy(index)) {
      return index;
    }
  }
  throw new Error(`all ${MAX_LAB_INDEX + 1} lab indices are taken; take a lab down first (./lab down --name NAME)`);
}

/** Labs of another LAB_HOME have no claim in ours but do have their interface and namespaces on the machine. */
function indexIsBusyOnMachine(index: number): boolean {
  return existsSync(`/sys/class/net/mlm${index}`) || existsSync(`/run/netns/ml${index}-switch`);
}

async function readClaims(home: string): Promise<Claim[]> {
  const directory = path.join(home, "indices");
  const entries = existsSync(directory) ? await fs.readdir(directory) : [];
  const indices = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const claims: Claim[] = [];
  for (const index of indices.sort((left, right) => left - right)) {
    const name = await fs.readFile(claimPath(home, index), "utf8").catch(() => undefined);
    if (name !== undefined) {
      claims.push({ index, name });
    }
  }
  return claims;
}

function claimPath(home: string, index: number): string {
  return path.join(home, "indices", String(index));
}
