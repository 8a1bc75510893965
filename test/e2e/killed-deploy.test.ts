/** A deploy that is killed in the middle: what it leaves is for `./lab down`. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { descendants, signalAll } from "../../cli/process/process-table";
import { labHome } from "../../embedded/hosts";
import { waitUntil } from "../../embedded/system/waiting";
import { LabCommand } from "./lab-command";

const lab = new LabCommand("e2e");
const log = path.join(labHome(), "labs", lab.name, "log/deploy.log");
const MINUTES = 60_000;

/** From then on K3s is being installed: there is something half done on a host. */
const INSTALLING = /lab-phase: host=server phase=install-start/;

function logText(): string {
  try {
    return readFileSync(log, "utf8");
  } catch {
    return "";
  }
}

beforeEach(() => lab.down(), 4 * MINUTES);
afterAll(() => lab.down(), 4 * MINUTES);

test.each([
  ["the command alone, whose Terraform goes on", false],
  ["the command and all that it has started", true],
])(
  "after SIGKILL to %s, down leaves nothing behind",
  async (_, all) => {
    const up = lab.start(["--yes", "up"], 400);
    await waitUntil(() => INSTALLING.test(logText()) || up.child.exitCode !== null, {
      what: `${log} tells of the installation`,
      timeoutMilliseconds: 300_000,
      intervalMilliseconds: 100,
    });
    expect(logText()).toMatch(INSTALLING);
    if (all) signalAll(await descendants(up.child.pid), "SIGKILL");
    else up.child.kill("SIGKILL");
    await up.ended;
    expect(await lab.down()).toMatch(/^residue: 0$/m);
  },
  12 * MINUTES,
);
