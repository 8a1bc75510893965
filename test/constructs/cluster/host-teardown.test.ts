import * as fs from "node:fs";
import * as path from "node:path";
import { canMakeHostRoot, HostRoot } from "./host-root";

const linesOf = (text: string) => new Set(text.split("\n"));
const newIn = (after: Set<string>, before: Set<string>) => [...after].filter((line) => !before.has(line));

(canMakeHostRoot ? describe : describe.skip)("a host that is given back (needs root and namespaces)", () => {
  let host: HostRoot;
  beforeEach(async () => (host = await HostRoot.start()));
  afterEach(() => host.stop());

  /** Runs programs of host-root/ on the host. */
  function runOnHost(...programs: string[]): void {
    for (const program of programs) {
      const [name = "", ...rest] = program.split(" ");
      const text = fs.readFileSync(path.join(__dirname, "host-root", name), "utf8");
      host.exec(`cat >/tmp/program <<'END-OF-PROGRAM'\n${text}\nEND-OF-PROGRAM\nbash /tmp/program ${rest.join(" ")}`);
    }
  }

  test("is as it was", async () => {
    const before = host.look();
    expect(await host.install()).toMatchObject({ code: 0 });
    expect(host.look()).not.toBe(before);
    const end = await host.step("guard-destroy");
    expect(end).toMatchObject({ code: 0 });
    expect(end.output).not.toContain("lab-note");
    expect(host.look()).toBe(before);
  });

  test("keeps what others put there before the lab and while it lived, byte for byte, and names it", async () => {
    runOnHost("k3d k3d-before");
    const before = linesOf(host.look());
    expect(await host.install()).toMatchObject({ code: 0 });
    const lab = linesOf(host.look());
    runOnHost("k3d k3d-later", "neighbours");
    const shared = linesOf(host.look());
    const expected = new Set([...newIn(before, new Set(newIn(lab, shared))), ...newIn(shared, lab)]);
    const end = await host.step("guard-destroy");
    expect(end).toMatchObject({ code: 0 });
    const after = linesOf(host.look());
    expect(newIn(expected, after)).toEqual([]);
    // Directories that they share with the lab, and what the kernel gives their links.
    const sharing = /^\S+ d \d+ root $|^\t?\}$|^\/run\/netns tmpfs$|^local fe80::/;
    expect(newIn(after, expected).filter((line) => !sharing.test(line))).toEqual([]);
    for (const named of [
      "+ file /etc/cni/net.d/87-podman.conflist",
      "+ file /usr/local/bin/backup",
      "+ file /var/lib/containerd",
      "+ netns cni-podman",
      "+ link / docker0:",
      "- sysctl /proc/sys/net/ipv4/igmp_max_memberships:20",
    ]) {
      expect(fs.readFileSync(path.join(host.stateDirectory(), "residue/node.other-changes.txt"), "utf8")).toContain(
        named,
      );
    }
    expect(fs.readFileSync(path.join(host.stateDirectory(), "residue/node.txt"), "utf8")).toBe("");
  });

  describe("without a complete baseline", () => {
    const state = "/var/lib/multicast-lab-host";
    const copy = () => path.join(host.stateDirectory(), "baseline/node.snapshot");

    beforeEach(async () => {
      expect(await host.install()).toMatchObject({ code: 0 });
    });

    /** The host's files, without what every look at it changes. */
    const files = () => host.exec("find /etc /var /run /opt /usr/local/bin -xdev -not -path '/run/mount*' | sort");

    test.each([
      ["gone", `rm ${state}/baseline`],
      ["cut off", `head -c 5000 ${state}/baseline >/tmp/cut && cp /tmp/cut ${state}/baseline`],
      ["without its mark", `sed -i '$d' ${state}/baseline`],
      ["changed", `sed -i '5d' ${state}/baseline`],
      ["empty", `: >${state}/baseline`],
    ])("%s: nothing is removed, and the reason is named", async (_, damage) => {
      host.exec(damage);
      fs.rmSync(copy());
      const before = files();
      const end = await host.step("guard-destroy");
      expect(end.code).not.toBe(0);
      expect(end.output).toMatch(/no complete baseline .* nothing was removed/);
      expect(files()).toBe(before);
      expect(await host.step("guard-create")).toMatchObject({ code: 1 });
    });

    test("the copy beside Terraform's state serves, for an apply and for a destroy", async () => {
      host.exec(`rm ${state}/baseline`);
      expect(await host.step("guard-create")).toMatchObject({ code: 0 });
      expect(host.exec(`cat ${state}/baseline`)).toBe(fs.readFileSync(copy(), "utf8"));
      host.exec(`rm -r ${state}`);
      expect(await host.step("guard-destroy")).toMatchObject({ code: 0 });
      expect(host.exec("ls /usr/local/bin /var/lib")).not.toMatch(/k3s|rancher|multicast/);
    });

    test.each([20, 120, 250, 400])(
      "with %d KB left in /run: nothing of others is removed, and it ends when there is space",
      async (left) => {
        host.exec(`
        mkdir -p /etc/cni/net.d /var/lib/containerd && echo user | tee /etc/cni/net.d/10-user.conflist >/var/lib/containerd/blob
        dd if=/dev/zero of=/run/fill bs=1024 count=$(($(df --output=avail /run | tail -n 1) - ${left})) status=none`);
        const full = await host.step("guard-destroy");
        expect(host.exec("cat /etc/cni/net.d/10-user.conflist /var/lib/containerd/blob")).toBe("user\nuser\n");
        const isOff = !host.exec("ls /usr/local/bin").includes("k3s");
        expect({ code: full.code === 0, isOff: isOff && !host.exec("ls /var/lib").includes("multicast") }).toEqual(
          full.code === 0 ? { code: true, isOff: true } : { code: false, isOff: false },
        );
        host.exec("rm /run/fill");
        expect(await host.step("guard-destroy")).toMatchObject({ code: 0 });
        expect(host.exec("ls /usr/local/bin /var/lib")).not.toMatch(/k3s|rancher|multicast/);
      },
    );
  });
});
