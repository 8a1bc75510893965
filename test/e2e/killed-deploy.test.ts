/** A deploy that is killed in the middle: what it leaves is for `./lab down`. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { descendants, signalAll, type ProcessEntry } from "../../cli/process/process-table";
import { labHome } from "../../embedded/hosts";
import { waitUntil } from "../../embedded/system/waiting";
import { LabCommand } from "./lab-command";

const lab = new LabCommand("e2e");
const log = path.join(labHome(), "labs", lab.name, "log/deploy.log");
const MINUTES = 60_000;
const UP_SECONDS = 400;

/** From then on K3s is being installed: there is something half done on a host. */
const INSTALLING = /lab-phase: host=server phase=install-start/;

function logText(): string {
  try {
    return readFileSync(log, "utf8");
  } catch {
    return "";
  }
}

/** The processes that a kill ends, of those that `up` has started. */
const KILLED: Record<string, (up: number) => Promise<ProcessEntry[]>> = {
  "the command alone, whose Terraform goes on": async () => [],
  "the command and its Terraform": async (up) => {
    const cdktf = (await descendants(up)).find(({ parent, name }) => parent === up && name === "node");
    if (cdktf === undefined) throw new Error("cdktf does not run");
    return descendants(cdktf.pid);
  },
  "the command, its Terraform and the hosts, as a reboot does": descendants,
};

beforeEach(() => lab.down(), 4 * MINUTES);
afterAll(() => lab.down(), 4 * MINUTES);

test.each(Object.entries(KILLED))(
  "after SIGKILL to %s, down leaves nothing behind",
  async (_, killed) => {
    const up = lab.start(["--yes", "up"], UP_SECONDS);
    await waitUntil(() => INSTALLING.test(logText()) || up.child.exitCode !== null, {
      what: `${log} tells of the installation`,
      timeoutMilliseconds: UP_SECONDS * 1000,
      intervalMilliseconds: 100,
    });
    expect(logText()).toMatch(INSTALLING);
    const others = await killed(up.child.pid!);
    up.child.kill("SIGKILL");
    signalAll(others, "SIGKILL");
    await up.ended;
    expect(await lab.down()).toMatch(/^residue: 0$/m);
  },
  12 * MINUTES,
);
