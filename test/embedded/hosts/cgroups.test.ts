import { detectCgroupMode } from "../../../embedded/hosts/cgroups";

const UNIFIED = `24 30 0:22 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
35 24 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
`;

const HYBRID = `33 24 0:28 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,mode=755
34 33 0:29 / /sys/fs/cgroup/unified rw,nosuid shared:10 - cgroup2 cgroup2 rw,nsdelegate
35 33 0:30 / /sys/fs/cgroup/systemd rw,nosuid shared:11 - cgroup cgroup rw,xattr,name=systemd
38 33 0:33 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:15 - cgroup cgroup rw,cpu,cpuacct
39 33 0:34 / /sys/fs/cgroup/memory rw,nosuid shared:16 - cgroup cgroup rw,memory
`;

describe("detectCgroupMode", () => {
  it("knows version 2", () => {
    expect(detectCgroupMode(UNIFIED)).toEqual({ kind: "unified", hierarchies: ["/sys/fs/cgroup"] });
  });

  it("takes every hierarchy of a hybrid layout once", () => {
    const mode = detectCgroupMode(HYBRID);
    expect(mode.kind).toBe("hybrid");
    expect([...mode.hierarchies].sort()).toEqual([
      "/sys/fs/cgroup/cpu,cpuacct",
      "/sys/fs/cgroup/memory",
      "/sys/fs/cgroup/systemd",
      "/sys/fs/cgroup/unified",
    ]);
  });

  it("takes version 1 without a version 2 tree beside it", () => {
    const legacy = HYBRID.split("\n").filter((line) => !line.includes("cgroup2"));
    expect(detectCgroupMode(legacy.join("\n")).hierarchies).not.toContain("/sys/fs/cgroup/unified");
  });

  it("is not misled by a version 2 tree that a container of somebody else has mounted elsewhere", () => {
    const nested = `${HYBRID}90 24 0:29 / /srv/root/sys/fs/cgroup rw - cgroup2 cgroup2 rw\n`;
    expect(detectCgroupMode(nested).kind).toBe("hybrid");
  });

  it.each([
    ["nothing is mounted", ""],
    ["version 1 lacks systemd's hierarchy", HYBRID.replace("name=systemd", "name=other")],
  ])("fails if %s", (_title, mountinfo) => {
    expect(() => detectCgroupMode(mountinfo)).toThrow(/no cgroup2 at \/sys\/fs\/cgroup and no name=systemd/);
  });
});
