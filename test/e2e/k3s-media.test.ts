/** The document's K3s with media pods, by the commands of docs/scenarios/k3s-media.md, and with one node's cable pulled. */
import { waitUntil } from "../../embedded/system/waiting";
import { whileBroken } from "./lab-command";
import { reasonOf, receiversOf, unmet } from "./receivers";
import { scenario } from "./scenario";

const { lab, story, up, verify, down } = scenario("e2e-media", "docs/scenarios/k3s-media.md");

const UP_SECONDS = 2_400;
const MINUTES = 60_000;
const NODES = ["agent-1", "agent-2", "server"];
const peersOf = (node: string): string =>
  ["server", "agent-1", "agent-2"]
    .filter((other) => other !== node)
    .map((other) => `media-6-${other}`)
    .join(", ");

/** What of the lab is on the machine outside: units with their processes, files, addresses. */
const simulator = (): Promise<string> =>
  lab.exec(
    "external",
    "sh",
    "-ec",
    "systemctl show --property=Id,MainPID,ActiveState 'multicast-lab-*'; ls /var/lib/multicast-lab-external-*; ip -br address",
  );

/** The verdicts that a verify has made and not removed. */
const copies = async (): Promise<string> => {
  const list = ["get", "pods", "--all-namespaces", "--selector=multicast-lab/verify-copy", "--output=name"];
  return (await lab.exec("server", "k3s", "kubectl", ...list)).trim();
};

test(
  "up ends with exit code 0: eighteen Services answer, each pod 6 hears its peers, and so do those of the other two ways",
  story.step(async () => {
    expect(up).toEqual(["up", "--lab", "k3s-media"]);
    const text = await lab.run(["--yes", ...up], { seconds: UP_SECONDS });
    expect(text).toContain("18 of 18 Services answered as they must");
    expect(text).toContain("lab e2e-media: PASSED, 34 of 34 expectations held in 5 checks");
  }),
  UP_SECONDS * 1000,
);

test(
  "verify is green; pods 1 to 5 hear nobody",
  story.step(async () => {
    expect(verify).toEqual(["verify"]);
    const report = await lab.verify("passed");
    for (const node of NODES) {
      expect(reasonOf(report, `services-answer/media-6-${node}`)).toBe(`answered, and hears ${peersOf(node)}`);
      expect(reasonOf(report, `services-answer/media-5-${node}`)).toBe("answered, and hears nobody");
      for (const way of ["attached", "hostnetwork"]) {
        const reason = reasonOf(report, `services-answer-${way}/media-${way}-${node}`);
        expect(reason).toBe(`answered, and hears ${peersOf(node).replaceAll("-6-", `-${way}-`)}`);
      }
    }
  }),
  2 * MINUTES,
);

test(
  "a pod 6 has the static address and MAC that its annotation names, and the route for multicast",
  story.step(async () => {
    const kubectl = ["k3s", "kubectl", "exec", "--namespace=media", "media-6-agent-2", "--", "ip"];
    const [link] = JSON.parse(await lab.exec("server", ...kubectl, "-json", "address", "show", "net1")) as {
      address: string;
      addr_info: { local: string; family: string }[];
    }[];
    const address = link?.addr_info.find(({ family }) => family === "inet")?.local ?? "";
    const octets = address.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
    expect(link?.address).toBe(["02", "4d", ...octets].join(":"));
    expect(await lab.exec("server", ...kubectl, "route", "get", "239.1.1.6")).toContain("dev net1");
    expect(await lab.exec("server", ...kubectl, "route", "get", "10.43.0.1")).toContain("dev eth0");
  }),
  MINUTES,
);

test(
  "a verify that is killed leaves the probe of the simulator as it was, and the next verify is green",
  story.step(async () => {
    const before = await simulator();
    expect(before).toContain("simulator-is-heard-sender.service");
    const { child, ended } = lab.start(["verify"], 60);
    await waitUntil(async () => (await copies()) !== "", { what: "verdicts that judge", timeoutMilliseconds: 20_000 });
    child.kill("SIGKILL");
    await ended;
    expect(await simulator()).toBe(before);
    await lab.verify("passed");
    expect([await copies(), await simulator()]).toEqual(["", before]);
  }),
  2 * MINUTES,
);

test(
  "with the simulator's program stopped, verify is red in its check alone and names its host; green once it goes on",
  story.step(async () => {
    const unit = /^Id=(\S+simulator-is-heard-sender\.service)$/m.exec(await simulator())?.[1] ?? "";
    const report = await whileBroken(
      () => lab.exec("external", "systemctl", "kill", "--signal=SIGSTOP", unit),
      () => lab.exec("external", "systemctl", "kill", "--signal=SIGCONT", unit),
      () => lab.verify("failed"),
    );
    expect([...new Set(unmet(report).map((title) => title.split("/")[0]))]).toEqual(["simulator-is-heard"]);
    expect(reasonOf(report, "simulator-is-heard/on-server")).toContain(
      "the sender's program on external host external",
    );
    // Goes on, and the blocks that the next step judges are whole again.
    await lab.verify("passed");
  }),
  2 * MINUTES,
);

test(
  "with eth1 of one node down, verify is red and names that node's peer, while all Services go on",
  story.step(async () => {
    const report = await whileBroken(
      () => lab.exec("agent-2", "ip", "link", "set", "eth1", "down"),
      () => lab.exec("agent-2", "ip", "link", "set", "eth1", "up"),
      () => lab.verify("failed"),
    );
    expect(unmet(report)).toEqual([
      "plane-carries-multicast/not-joined",
      "plane-carries-multicast/on-agent-2",
      "plane-carries-multicast/other-group",
      ...NODES.map((node) => `services-answer-attached/media-attached-${node}`),
      ...NODES.map((node) => `services-answer/media-6-${node}`),
      "simulator-is-heard/not-joined",
      "simulator-is-heard/on-agent-2",
      "simulator-is-heard/other-group",
    ]);
    for (const node of ["server", "agent-1"])
      expect(reasonOf(report, `services-answer/media-6-${node}`)).toBe("does not hear media-6-agent-2");
    expect(receiversOf(report).map(({ reason }) => reason)).not.toContainEqual(
      expect.stringContaining("the Service did not answer"),
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
