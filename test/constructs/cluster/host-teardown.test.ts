import * as fs from "node:fs";
import * as path from "node:path";
import { canMakeHostRoot, HostRoot } from "./host-root";

/** Of this machine, or of HOST_ROOT_PROGRAMS (host-root/start.sh). */
const hasIptables = ["/usr", process.env.HOST_ROOT_PROGRAMS ?? "/usr"].some((place) =>
  fs.existsSync(path.join(place, "sbin/iptables-nft")),
);

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
    // The carrier of the lab's own bridge comes and goes.
    const later = newIn(shared, lab).filter((line) => !line.includes("cni0"));
    const expected = new Set([...newIn(before, new Set(newIn(lab, shared))), ...later]);
    const end = await host.step("guard-destroy");
    expect(end).toMatchObject({ code: 0 });
    const after = linesOf(host.look());
    expect(newIn(expected, after)).toEqual([]);
    // Directories and chains that they share with the lab.
    const sharing =
      /^\S+ d \d+ root $|^\t?\}$|^\/run\/netns tmpfs$|^table ip (nat|filter) |^\tchain (CNI-HOSTPORT-DNAT|[A-Z]+) |^\t\ttype \w+ hook |jump CNI-HOSTPORT-DNAT$/;
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

    /** The host's files, without what every look at it changes. */
    const files = () => host.exec("find /etc /var /run /opt /usr/local/bin -xdev -not -path '/run/mount*' | sort");

    test("nothing is removed, and the reason is named", async () => {
      expect(await host.install()).toMatchObject({ code: 0 });
      host.exec(`cp ${state}/baseline /tmp/complete`);
      fs.rmSync(copy());
      for (const damage of [
        `rm ${state}/baseline`,
        `head -c 5000 /tmp/complete >${state}/baseline`,
        `sed '$d' /tmp/complete >${state}/baseline`,
        `sed '5d' /tmp/complete >${state}/baseline`,
        `: >${state}/baseline`,
      ]) {
        host.exec(damage);
        const before = files();
        const end = await host.step("guard-destroy");
        expect(end.code).not.toBe(0);
        expect(end.output).toMatch(/no complete baseline .* nothing was removed/);
        expect(files()).toBe(before);
      }
      expect(await host.step("guard-create")).toMatchObject({ code: 1 });
    });

    test("the copy beside Terraform's state serves, for an apply and for a destroy", async () => {
      expect(await host.install()).toMatchObject({ code: 0 });
      host.exec(`rm ${state}/baseline`);
      expect(await host.step("guard-create")).toMatchObject({ code: 0 });
      expect(host.exec(`cat ${state}/baseline`)).toBe(fs.readFileSync(copy(), "utf8"));
      host.exec(`rm -r ${state}`);
      expect(await host.step("guard-destroy")).toMatchObject({ code: 0 });
      expect(host.exec("ls /usr/local/bin /var/lib")).not.toMatch(/k3s|rancher|multicast/);
    });

    test.each([120, 400])(
      "with %d KB left in /run: nothing of others is removed, and it ends when there is space",
      async (left) => {
        expect(await host.install()).toMatchObject({ code: 0 });
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

  describe("of another lab", () => {
    const other = { name: "other" };

    test("is refused: its running step goes on, and nothing is left of the attempt", async () => {
      expect(await host.install()).toMatchObject({ code: 0 });
      const running = host.startLockHolder("lab");
      const before = host.look();
      for (const step of ["guard-create", "files", "install", "guard-destroy"]) {
        const end = await host.step(step, other);
        expect(end.code).toBe(1);
        expect(end.output).toMatch(/taken by lab lab [0-9a-f]{12}/);
      }
      expect(host.isRunning(running)).toBe(true);
      expect(host.look()).toBe(before);
    });

    test("that has not taken the host yet is refused too, by the name in the lock", async () => {
      const running = host.startLockHolder("first");
      const end = await host.step("guard-create", other);
      expect(end.output).toContain("A step of lab first runs on this host");
      expect(host.isRunning(running)).toBe(true);
    });

    test("a number in the lock that is not its holder's any more is not killed", async () => {
      const holder = host.startLockHolder("");
      const stranger = host.startProcess("stranger");
      host.exec(`echo ${stranger} >/run/multicast-lab.lock`);
      const step = host.step("guard-create");
      host.exec(`sleep 1.5; kill -KILL ${holder}`);
      expect(await step).toMatchObject({ code: 0 });
      expect(host.isRunning(stranger)).toBe(true);
    });

    test("a host that is refused keeps no lock", async () => {
      const before = host.look();
      host.exec("mkdir -p /var/lib/rancher/k3s/server && touch /var/lib/rancher/k3s/server/theirs");
      expect(await host.step("guard-create")).toMatchObject({ code: 1 });
      host.exec("rm -r /var/lib/rancher");
      expect(host.look()).toBe(before);
    });
  });

  test("a step of the same lab that was left over is ended", async () => {
    expect(await host.install()).toMatchObject({ code: 0 });
    const left = host.startLockHolder("");
    expect(await host.step("install")).toMatchObject({ code: 0 });
    expect(host.isRunning(left)).toBe(false);
  });

  test("data on another disk, behind a link, goes too; the link and what was there stay", async () => {
    host.exec(`
      mkdir -p /opt/disk/k3s /opt/disk/kubelet /var/lib/rancher && echo theirs >/opt/disk/kubelet/theirs
      ln -s /opt/disk/k3s /var/lib/rancher/k3s && ln -s /opt/disk/kubelet /var/lib/kubelet`);
    const before = host.look();
    expect(await host.install()).toMatchObject({ code: 0 });
    expect(await host.step("guard-destroy")).toMatchObject({ code: 0 });
    expect(host.look()).toBe(before);
  });

  test("gets settings back that K3s changed, and keeps those that an administrator changed", async () => {
    host.exec(`
      ip link add eth1 type bridge && ip link add eth2 type bridge
      echo 1 >/proc/sys/net/ipv4/conf/eth1/forwarding`);
    expect(await host.install()).toMatchObject({ code: 0 });
    host.exec(`
      echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet
      echo 2 >/proc/sys/net/ipv4/conf/all/rp_filter
      echo 33 >/proc/sys/net/ipv4/igmp_max_memberships`);
    const end = await host.step("guard-destroy");
    expect(end).toMatchObject({ code: 0 });
    const values =
      "cd /proc/sys/net/ipv4 && cat ip_forward conf/{default,eth1,eth2}/forwarding conf/all/{route_localnet,rp_filter} igmp_max_memberships";
    expect(host.exec(values).trim().split("\n")).toEqual(["0", "0", "1", "0", "0", "2", "33"]);
    expect(end.output).toContain("+ sysctl /proc/sys/net/ipv4/conf/all/rp_filter:2");
  });

  test("keeps a setting that the host's configuration asks for by now", async () => {
    expect(await host.install()).toMatchObject({ code: 0 });
    host.exec("mkdir -p /etc/sysctl.d && echo ' net.ipv4.ip_forward = 1' >/etc/sysctl.d/50-router.conf");
    expect(await host.step("guard-destroy")).toMatchObject({ code: 0 });
    expect(host.exec("cat /proc/sys/net/ipv4/ip_forward")).toBe("1\n");
  });

  test("fails while something of the lab is left, lists it, and ends when the cause is gone", async () => {
    expect(await host.install()).toMatchObject({ code: 0 });
    // A link that cannot be deleted, and a clock that is always past the deadline.
    host.exec(`
      printf '#!/bin/sh\\n[ "$1 $2" != "link delete" ] || exit 1\\nexec /usr/sbin/ip "$@"\\n' >/stand-ins/ip
      printf '#!/bin/sh\\necho 30 >>/run/clock; wc -c </run/clock | sed s/$/00/\\n' >/stand-ins/date
      chmod +x /stand-ins/ip /stand-ins/date`);
    const end = await host.step("guard-destroy");
    expect(end.code).toBe(1);
    expect(end.output).toContain("the lab was not taken off");
    const residue = fs.readFileSync(path.join(host.stateDirectory(), "residue/node.txt"), "utf8").split("\n");
    expect(residue).toContain("link cni0");
    expect(residue).toContain("file /usr/local/bin/k3s");
    host.exec("rm /stand-ins/ip /stand-ins/date /run/clock");
    expect(await host.step("guard-destroy")).toMatchObject({ code: 0 });
  });

  test("keeps a plugin that the host had, and one that somebody put over the lab's", async () => {
    host.exec("mkdir -p /opt/cni/bin && echo theirs >/opt/cni/bin/bridge");
    expect(await host.install({ plugins: ["bridge", "macvlan", "vlan"] })).toMatchObject({ code: 0 });
    expect(host.exec("cd /opt/cni/bin && cat bridge macvlan vlan")).toBe("theirs\nmacvlan\nvlan\n");
    host.exec("echo newer >/opt/cni/bin/vlan");
    const end = await host.step("guard-destroy");
    expect(end).toMatchObject({ code: 0 });
    expect(host.exec("cd /opt/cni/bin && grep . *")).toBe("bridge:theirs\nvlan:newer\n");
    expect(end.output).toContain("+ file /opt/cni/bin/vlan");
  });

  test("secrets of a step that was killed are gone after the next", async () => {
    expect(await host.step("guard-create")).toMatchObject({ code: 0 });
    host.exec("mkdir -p /run/multicast-lab.1999999.x/values && echo s3cr3t >/run/multicast-lab.1999999.x/values/TOKEN");
    expect(await host.step("files")).toMatchObject({ code: 0 });
    expect(host.exec("ls /run")).not.toContain("multicast-lab.1999999");
  });

  (hasIptables ? describe : describe.skip)("with iptables", () => {
    test("rules and chains of an earlier Kubernetes stay as they were", async () => {
      host.exec(`
        iptables-nft -N KUBE-FIREWALL && iptables-nft -A KUBE-FIREWALL -j DROP && iptables-nft -A OUTPUT -j KUBE-FIREWALL
        iptables-nft -t nat -N CNI-HOSTPORT-DNAT && iptables-nft -t nat -A OUTPUT -j CNI-HOSTPORT-DNAT`);
      const before = host.exec("iptables-nft-save | grep -v '^#' | sed 's/[[].*//'");
      expect(await host.install()).toMatchObject({ code: 0 });
      expect(await host.step("guard-destroy")).toMatchObject({ code: 0 });
      expect(host.exec("iptables-nft-save | grep -v '^#' | sed 's/[[].*//'")).toBe(before);
    });
  });
});
