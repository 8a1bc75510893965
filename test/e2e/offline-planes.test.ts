/** Two planes on hosts without a way out, by the commands of docs/scenarios/offline-planes.md, and with a machine that joins the planes. */
import { run } from "../../embedded/system/commands";
import { findLab } from "../../embedded/hosts";
import { documentedCommands } from "./documented";
import { LabCommand, Story, whileBroken } from "./lab-command";
import { reasonOf, unmet } from "./receivers";

const lab = new LabCommand("e2e-planes");
const story = new Story();
const [up = [], verify = [], down = []] = documentedCommands("docs/scenarios/offline-planes.md");

const UP_SECONDS = 2_400;
const MINUTES = 60_000;
/** The address and the join make the switches send the group to that machine; without snooping its bridge passes it on. */
const LEAK = [
  "ip link add leak type bridge mcast_snooping 0",
  "ip link set eth1 master leak",
  "ip link set eth2 master leak",
  "ip link set leak up",
  "ip address add 198.19.250.1/32 dev leak",
  "ip address add 239.1.1.7/32 dev leak autojoin",
].join("; ");
const CHECK = "planes-are-apart";

beforeAll(() => lab.down(), 4 * MINUTES);
afterAll(() => lab.down(), 4 * MINUTES);

test(
  "up ends with exit code 0, though this machine lets the hosts nowhere",
  story.step(async () => {
    expect(up).toEqual(["up", "--lab", "offline-planes"]);
    const text = await lab.run(["--yes", ...up], { seconds: UP_SECONDS });
    expect(text).toMatch(/lab e2e-planes: PASSED, (\d+) of \1 expectations held in 3 checks/);
    const { nftTable, machineInterface } = (await findLab(lab.name))!;
    expect((await run("nft", ["list", "tables"])).stdout).not.toContain(`table ip ${nftTable}\n`);
    const { stdout } = await run("cat", [`/proc/sys/net/ipv4/conf/${machineInterface}/forwarding`]);
    expect(stdout.trim()).toBe("0");
  }),
  UP_SECONDS * 1000,
);

test(
  "verify is green: the Deployment is on the first plane, which hears nobody of the second",
  story.step(async () => {
    expect(verify).toEqual(["verify"]);
    const report = await lab.verify("passed");
    const hears = (name: string): string => reasonOf(report, `${CHECK}/${name}`);
    expect(hears("existing-application")).toBe("answered, and hears macvlan-conf-1, macvlan-conf-2");
    expect(hears("macvlan-conf-1")).toBe("answered, and hears macvlan-conf-2, existing-application");
    expect(hears("macvlan-apart-1")).toBe("answered, and hears macvlan-apart-2");
    expect(hears("cluster-network-only")).toBe("answered, and hears nobody");
  }),
  2 * MINUTES,
);

test(
  "with a machine that bridges the planes, verify is red and names who hears whom",
  story.step(async () => {
    const report = await whileBroken(
      () => lab.exec("external", "sh", "-ec", LEAK),
      () => lab.exec("external", "ip", "link", "delete", "leak"),
      () => lab.verify("failed"),
    );
    expect(unmet(report)).toEqual(
      ["existing-application", "macvlan-apart-1", "macvlan-apart-2", "macvlan-conf-1", "macvlan-conf-2"].map(
        (name) => `${CHECK}/${name}`,
      ),
    );
    expect(reasonOf(report, `${CHECK}/macvlan-conf-1`)).toBe(
      "hears macvlan-apart-1, macvlan-apart-2, which it must not",
    );
  }),
  2 * MINUTES,
);

test(
  "down leaves nothing behind",
  story.step(async () => {
    expect(down).toEqual(["down"]);
    expect(await lab.down()).toMatch(/^residue: 0$/m);
  }),
  4 * MINUTES,
);
