import { auditMachine, belongsToLab } from "../../../embedded/hosts/audit";
import { labLayout } from "../../../embedded/hosts/layout";
import { parseMountPoints } from "../../../embedded/hosts/mounts";
import { compareSnapshots } from "../../../embedded/hosts/snapshot";

describe("belongsToLab", () => {
  const lab = labLayout("demo", 1, "/h");

  it.each([
    "link mlm1",
    "netns ml1-switch",
    "netns ml1-server",
    "netns ml1-agent-12",
    "route 198.18.1.0/24 dev mlm1 proto kernel scope link src 198.18.1.1",
    "nft table ip multicast-lab-1: type nat hook postrouting",
    "mount /h/labs/demo/hosts/agent/merged",
    "socket tcp 198.18.1.1:8080 node",
  ])("claims %j", (line) => {
    expect(belongsToLab(line, lab)).toBe(true);
  });

  it.each([
    "link mlm11",
    "netns ml11-server",
    "netns ml12-switch",
    "nft table ip multicast-lab-10",
    "route 198.18.10.0/24 dev mlm10",
    "mount /h/labs/demo2/hosts/agent/merged",
    "link docker0",
  ])("leaves %j to others", (line) => {
    expect(belongsToLab(line, lab)).toBe(false);
  });
});

describe("compareSnapshots", () => {
  it("says what came and what went", () => {
    expect(compareSnapshots(["a", "b"], ["b", "c"])).toEqual({ added: ["c"], removed: ["a"] });
  });

  it("counts a line that is there twice", () => {
    expect(compareSnapshots(["mount /a"], ["mount /a", "mount /a"])).toEqual({ added: ["mount /a"], removed: [] });
  });
});

describe("parseMountPoints", () => {
  it("reads the kernel's escapes", () => {
    const text = "40 1 0:5 / /a\\040b\\134c rw - ext4 /dev/vda rw\n41 1 0:6 / /d rw - tmpfs tmpfs rw\n";
    expect(parseMountPoints(text)).toEqual(["/a b\\c", "/d"]);
  });
});

describe("the audit of a machine", () => {
  it("says that nothing can be compared where the machine's baseline is gone", async () => {
    const { otherChanges } = await auditMachine(labLayout("demo", 1, "/nonexistent"));
    expect(otherChanges).toEqual(["unknown: there is no /nonexistent/labs/demo/state/machine-baseline.json"]);
  });
});
