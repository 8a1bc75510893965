/** Two planes on hosts without a way out, by the commands of docs/scenarios/offline-planes.md, and with a machine that joins the planes. */
import { run } from "../../embedded/system/commands";
import { findLab } from "../../embedded/hosts";
import { whileBroken } from "./lab-command";
import { reasonOf, receiversOf, unmet } from "./receivers";
import { scenario } from "./scenario";

const { lab, story, up, verify, down } = scenario("e2e-planes", "docs/scenarios/offline-planes.md");

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

test(
  "up ends with exit code 0, though this machine lets the hosts nowhere",
  story.step(async () => {
    expect(up).toEqual(["up", "--lab", "offline-planes"]);
    const text = await lab.run(["--yes", ...up], { seconds: UP_SECONDS });
    expect(text).toMatch(/lab e2e-planes: PASSED, (\d+) of \1 expectations held in 4 checks/);
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
    const deployed = receiversOf(report).find(({ title }) => title === `${CHECK}/existing-application`);
    expect(["server", "agent"]).toContain(deployed?.node);
  }),
  2 * MINUTES,
);

test(
  "the machine outside reaches net1 of pods on both nodes by unicast, and hears the plane",
  story.step(async () => {
    const report = await lab.verify("passed");
    for (const title of ["outside-reaches-net1/node-1", "outside-reaches-net1/node-2"]) {
      const { numbers, unicast } = receiversOf(report).find((receiver) => receiver.title === title)!;
      expect(unicast).toBe("heard");
      expect(numbers.unicastReceived).toBeGreaterThan(0);
    }
    const outside = receiversOf(report).find(({ title }) => title === "macvlan-conf-carries/outside");
    expect(outside).toMatchObject({ external: true, node: "external", verdict: "passed" });
  }),
  2 * MINUTES,
);

test(
  "with its way to one pod's net1 cut, verify is red and names that pod, while multicast goes on",
  story.step(async () => {
    const title = "outside-reaches-net1/node-2";
    const before = receiversOf(await lab.verify("passed")).find((receiver) => receiver.title === title);
    const route = ["blackhole", `${before?.addresses[0]?.split("/")[0]}/32`];
    const report = await whileBroken(
      () => lab.exec("external", "ip", "route", "add", ...route),
      () => lab.exec("external", "ip", "route", "delete", ...route),
      () => lab.verify("failed"),
    );
    expect(unmet(report)).toEqual([title]);
    // Blocks from before the cut may be among those that are judged.
    expect(reasonOf(report, title)).toMatch(
      /^heard (\d+) of \1 packets of 239\.1\.2\.1:5004: the sender's kernel refused \d+ of \d+ packets to [\d.]+ \(EINVAL\)/,
    );
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
    // What that machine itself hears is not judged here: it has given its interfaces away.
    expect(unmet(report).filter((title) => title.startsWith(`${CHECK}/`))).toEqual(
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
