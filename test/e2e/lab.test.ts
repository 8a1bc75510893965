/** The life of a lab by the commands of a user: up, nothing to change, verify, changed by hand, broken and mended three ways, down. */
import type { LabReport } from "../../cli/report";
import { waitUntil } from "../../embedded/system/waiting";
import { documentedCommands } from "./documented";
import { LabCommand, Story, whileBroken } from "./lab-command";
import { reasonOf, receiversOf, unmet } from "./receivers";

const lab = new LabCommand("e2e");
const neighbour = new LabCommand("e2e-neighbour");
const story = new Story();
const [up = [], down = []] = documentedCommands("README.md");

/** Generous: a first run builds everything that a lab is made of. */
const UP_SECONDS = 2_400;
const MINUTES = 60_000;

const STREAM = "plane-carries-multicast";
const SOCAT = "listener-answers";
const OUTSIDE = "outside-is-heard";
const ALL = [
  `${SOCAT}/mlistener`,
  `${OUTSIDE}/node-1`,
  `${OUTSIDE}/node-2`,
  `${STREAM}/not-joined`,
  `${STREAM}/other-group`,
  `${STREAM}/other-node`,
  `${STREAM}/outside`,
  `${STREAM}/same-node`,
];
const ALL_OF_STREAM = ALL.filter((title) => title.startsWith(`${STREAM}/`));
const ELSEWHERE = [`${OUTSIDE}/node-1`, `${STREAM}/outside`, `${STREAM}/same-node`];
const ON_AGENT = ALL.filter((title) => !ELSEWHERE.includes(title));

/** The sender's process, by its argument list; the pattern does not match the one that looks for it. */
async function senderPid(): Promise<string> {
  const search = "grep -lszx '/probe/sender[.]json' /proc/[0-9]*/cmdline || true";
  const found = (await lab.exec("server", "sh", "-c", search)).trim().split("\n");
  expect(found).toEqual([expect.stringMatching(/^\/proc\/\d+\/cmdline$/)]);
  return found[0]!.split("/")[2]!;
}

/** kubectl in the namespace of the checks, as a user would change something by hand. */
function kubectl(...words: string[]): Promise<string> {
  return lab.exec("server", "k3s", "kubectl", "--namespace", "media", ...words);
}

/** Which runs judged. */
function runsOf({ checks }: LabReport): string[] {
  return checks.flatMap(({ report }) => report?.runId ?? []);
}

beforeAll(() => Promise.all([lab.down(), neighbour.down()]), 5 * MINUTES);
afterAll(async () => {
  await lab.down();
  await neighbour.down();
}, 6 * MINUTES);

test(
  "up ends with exit code 0 and says that every expectation held",
  story.step(async () => {
    const text = await lab.run(["--yes", ...up], { seconds: UP_SECONDS });
    expect(text).toContain("lab e2e: PASSED, 8 of 8 expectations held in 3 checks");
  }),
  UP_SECONDS * 1000,
);

test(
  "a second up changes nothing, and judges again",
  story.step(async () => {
    const first = runsOf(await lab.lastReport());
    const second = await lab.up("unchanged");
    expect(second.ok).toBe(true);
    expect(runsOf(second)).toHaveLength(3);
    expect(runsOf(second).filter((run) => first.includes(run))).toEqual([]);
  }),
  3 * MINUTES,
);

test(
  "with a report deleted and another emptied, verify names the one that is gone, and the next is green",
  story.step(async () => {
    await kubectl("delete", "configmap", `${SOCAT}-report`);
    await kubectl("patch", "configmap", `${STREAM}-report`, "--patch", '{"data":{"report.json":""}}');
    const report = await lab.verify("failed");
    expect(report.checks.map(({ checkName, fault }) => [checkName, fault])).toEqual([
      [SOCAT, expect.stringContaining(`its report object, ConfigMap media/${SOCAT}-report, was gone`)],
      [OUTSIDE, undefined],
      [STREAM, undefined],
    ]);
    expect(receiversOf(await lab.verify("passed")).map(({ title }) => title)).toEqual(ALL);
  }),
  3 * MINUTES,
);

test(
  "with the network emptied by hand, verify is red and names it, and up puts it right and judges",
  story.step(async () => {
    await kubectl("patch", "net-attach-def", "plane", "--type=merge", "--patch", '{"spec":{"config":""}}');
    const named = expect.stringMatching(
      /NetworkAttachmentDefinition media\/plane is not as it was deployed: spec\.config is empty instead of/,
    );
    expect((await lab.verify("failed")).faults).toEqual([named]);
    const report = await lab.up("changed");
    expect(report.notes).toEqual([named]);
    expect(report.ok).toBe(true);
    expect(receiversOf(report).map(({ title }) => title)).toEqual(ALL);
  }),
  4 * MINUTES,
);

test(
  "with the sender's pod deleted, up mends it and every check judges",
  story.step(async () => {
    const before = runsOf(await lab.lastReport());
    await kubectl("delete", "pod", `${STREAM}-sender`);
    const report = await lab.up("changed");
    expect(report.ok).toBe(true);
    expect(runsOf(report)).toHaveLength(3);
    expect(runsOf(report).filter((run) => before.includes(run))).toEqual([]);
  }),
  3 * MINUTES,
);

test(
  "with the namespace deleted, verify fails every check by name, and up makes them again",
  story.step(async () => {
    await kubectl("delete", "namespace", "media");
    const report = await lab.verify("failed");
    const gone = (check: string) => [check, expect.stringContaining(`its verdict pod media/${check}-verdict is gone`)];
    expect(report.checks.map(({ checkName, fault }) => [checkName, fault])).toEqual([SOCAT, OUTSIDE, STREAM].map(gone));
    expect(receiversOf(await lab.up("changed")).map(({ title }) => title)).toEqual(ALL);
  }),
  5 * MINUTES,
);

test(
  "verify is green: each receiver heard all of its packets or, where it must, none",
  story.step(async () => {
    const report = await lab.verify("passed");
    expect(receiversOf(report).map(({ title }) => title)).toEqual(ALL);
    const heard = receiversOf(report).filter(({ numbers }) => numbers.received > 0);
    expect(heard.map(({ title }) => title)).toEqual([
      `${SOCAT}/mlistener`,
      `${OUTSIDE}/node-1`,
      `${OUTSIDE}/node-2`,
      `${STREAM}/other-node`,
      `${STREAM}/outside`,
      `${STREAM}/same-node`,
    ]);
  }),
  3 * MINUTES,
);

test(
  "with eth1 of the agent down, verify is red and names the receivers on that host",
  story.step(async () => {
    const report = await whileBroken(
      () => lab.exec("agent", "ip", "link", "set", "eth1", "down"),
      () => lab.exec("agent", "ip", "link", "set", "eth1", "up"),
      () => lab.verify("failed"),
    );
    expect(unmet(report)).toEqual(ON_AGENT);
    expect(
      receiversOf(report)
        .filter(({ node }) => node === "agent")
        .map(({ title }) => title),
    ).toEqual(ON_AGENT);
    expect(reasonOf(report, `${STREAM}/other-node`)).toContain("the receiver's net1 has no carrier");
    const text = await lab.run(["report"], { code: 1 });
    expect(text).toContain("the receiver's net1 has no carrier");
  }),
  3 * MINUTES,
);

test(
  "with eth1 up again, verify is green once the switch has learned who listens",
  story.step(async () => {
    // A snooping switch asks a port that comes up for its members, and these take up to 10 s to answer (RFC 9776, section 8.3).
    // Nothing tells us when it has learned them all: the first verdicts may still find packets lost.
    let report = await lab.verify();
    await waitUntil(async () => report.ok || (report = await lab.verify()).ok, {
      what: "verify is green after eth1 came up",
      timeoutMilliseconds: 40_000,
    });
    expect(unmet(report)).toEqual([]);
  }),
  3 * MINUTES,
);

test(
  "without the sender's route for 224.0.0.0/4, verify is red and gives that reason",
  story.step(async () => {
    const inside = ["nsenter", "--net", "--target", await senderPid(), "ip", "route"];
    const route = (await lab.exec("server", ...inside, "show", "224.0.0.0/4")).trim().split(/\s+/);
    expect(route).toContain("net1");
    const report = await whileBroken(
      () => lab.exec("server", ...inside, "del", "224.0.0.0/4"),
      () => lab.exec("server", ...inside, "add", ...route),
      () => lab.verify("failed"),
    );
    expect(unmet(report)).toEqual(ALL_OF_STREAM);
    const reason =
      "the sender's route to 239.1.1.1 leaves by eth0, not net1; add the route 224.0.0.0/4 dev net1 to the network";
    for (const title of ALL_OF_STREAM) expect(reasonOf(report, title)).toContain(reason);
  }),
  3 * MINUTES,
);

test(
  "with the route back, verify is green",
  story.step(async () => {
    expect(unmet(await lab.verify("passed"))).toEqual([]);
  }),
  3 * MINUTES,
);

test(
  "with the sender stopped, verify is red and names the sender",
  story.step(async () => {
    const pid = await senderPid();
    const report = await whileBroken(
      () => lab.exec("server", "kill", "-STOP", pid),
      () => lab.exec("server", "kill", "-CONT", pid),
      () => lab.verify("failed"),
    );
    expect(unmet(report)).toEqual(ALL_OF_STREAM);
    for (const title of ALL_OF_STREAM)
      expect(reasonOf(report, title)).toContain(`no line comes from the sender's pod ${STREAM}-sender`);
  }),
  3 * MINUTES,
);

test(
  "with the sender going on, verify is green",
  story.step(async () => {
    expect(unmet(await lab.verify("passed"))).toEqual([]);
  }),
  3 * MINUTES,
);

test(
  "a second lab comes up beside it and goes, and the first one is still green",
  story.step(async () => {
    expect(await neighbour.run(["--yes", "up"], { seconds: 400 })).toContain("lab e2e-neighbour: PASSED");
    expect(await neighbour.down()).toMatch(/^residue: 0$/m);
    expect(unmet(await lab.verify("passed"))).toEqual([]);
  }),
  12 * MINUTES,
);

test(
  "down leaves nothing behind",
  story.step(async () => {
    expect(await lab.run(down, { seconds: 180 })).toMatch(/^residue: 0$/m);
  }),
  4 * MINUTES,
);
