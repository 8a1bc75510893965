/** The document's K3s with media pods, by the commands of docs/scenarios/k3s-media.md, and with one node's cable pulled. */
import { documentedCommands } from "./documented";
import { LabCommand, Story, whileBroken } from "./lab-command";
import { reasonOf, receiversOf, unmet } from "./receivers";

const lab = new LabCommand("e2e-media");
const story = new Story();
const [up = [], verify = [], down = []] = documentedCommands("docs/scenarios/k3s-media.md");

const UP_SECONDS = 2_400;
const MINUTES = 60_000;
const NODES = ["agent-1", "agent-2", "server"];
const peersOf = (node: string): string =>
  ["server", "agent-1", "agent-2"]
    .filter((other) => other !== node)
    .map((other) => `media-6-${other}`)
    .join(", ");

beforeAll(() => lab.down(), 4 * MINUTES);
afterAll(() => lab.down(), 4 * MINUTES);

test(
  "up ends with exit code 0: eighteen Services answer, and each pod 6 hears its peers on the other nodes",
  story.step(async () => {
    expect(up).toEqual(["up", "--lab", "k3s-media"]);
    const text = await lab.run(["--yes", ...up], { seconds: UP_SECONDS });
    expect(text).toContain("18 of 18 Services answered as they must");
    expect(text).toContain("lab e2e-media: PASSED, 23 of 23 expectations held in 2 checks");
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
      ...NODES.map((node) => `services-answer/media-6-${node}`),
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
