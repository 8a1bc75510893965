import fs from "node:fs/promises";
import path from "node:path";
import { withLock } from "../system/lock";
import type { Lab } from "./layout";

/**
 * Settings of the kernel that are not namespaced, so that a kubelet in a lab host changes them for the whole machine.
 * https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/component-helpers/node/util/sysctl/sysctl.go
 */
const CHANGED_BY_KUBELET = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];

/** Each host's systemd, containerd and kubelet hold inotify instances of one and the same user; the default is 128. */
const NEEDED = { "fs/inotify/max_user_instances": 1024, "fs/inotify/max_user_watches": 524_288 };

type Settings = Record<string, string>;

/** In /run, since a reboot undoes both the settings and the need to remember them. */
const RECORD = "/run/multicast-lab/machine-settings.json";

/** Labs that start and stop at once would read each other's values as the machine's own. */
const LOCK = "machine settings";

/**
 * Writes down the machine's settings before the first lab starts, then raises those that labs need. A later lab keeps
 * the first one's record: by then the values are no longer the machine's own.
 */
export function prepareMachineSettings(uplink: string | undefined): Promise<void> {
  return withLock(LOCK, () => prepare(uplink));
}

async function prepare(uplink: string | undefined): Promise<void> {
  const forwarding = uplink === undefined ? [] : [`net/ipv4/conf/${uplink}/forwarding`];
  const recorded = await readRecord();
  const keys = [...CHANGED_BY_KUBELET, ...Object.keys(NEEDED), ...forwarding].filter((key) => !(key in recorded));
  for (const key of keys) {
    const value = await readSetting(key);
    if (value !== undefined) {
      recorded[key] = value;
    }
  }
  await writeRecord(recorded);
  for (const [key, minimum] of Object.entries(NEEDED)) {
    if (Number(await readSetting(key)) < minimum) {
      await writeSetting(key, String(minimum));
    }
  }
  for (const key of forwarding) {
    await writeSetting(key, "1");
  }
}

/** Gives the machine its settings back, when there is no other lab on it. */
export function restoreMachineSettings(lab: Lab): Promise<void> {
  return withLock(LOCK, () => restore(lab));
}

async function restore(lab: Lab): Promise<void> {
  const namespaces = await fs.readdir("/run/netns").catch(() => []);
  if (namespaces.some((name) => /^ml\d+-switch$/.test(name) && name !== lab.switchNetns)) {
    return;
  }
  const forwardingForAll = (await readSetting("net/ipv4/ip_forward")) === "1";
  for (const [key, value] of Object.entries(await readRecord())) {
    // Somebody else (Docker, for one) turned forwarding on for the whole machine meanwhile: then it is theirs.
    const isTheirs = key.endsWith("/forwarding") && forwardingForAll;
    const current = await readSetting(key);
    if (current !== undefined && current !== value && !isTheirs) {
      await writeSetting(key, value);
    }
  }
  await fs.rm(path.dirname(RECORD), { recursive: true, force: true });
}

async function readSetting(key: string): Promise<string | undefined> {
  const text = await fs.readFile(path.join("/proc/sys", key), "utf8").catch(() => undefined);
  return text?.trim();
}

async function writeSetting(key: string, value: string): Promise<void> {
  await fs.writeFile(path.join("/proc/sys", key), value);
}

async function readRecord(): Promise<Settings> {
  const text = await fs.readFile(RECORD, "utf8").catch(() => undefined);
  return text === undefined ? {} : (JSON.parse(text) as Settings);
}

async function writeRecord(settings: Settings): Promise<void> {
  await fs.mkdir(path.dirname(RECORD), { recursive: true, mode: 0o700 });
  const draft = `${RECORD}.draft`;
  await fs.writeFile(draft, JSON.stringify(settings, undefined, 2));
  await fs.rename(draft, RECORD);
}
