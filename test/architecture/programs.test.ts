/** The tables of cli/machine/programs.ts held against the code: a program that is called is in the table of those who call it. */
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { programsOf } from "./called-programs";
import { commandsOf } from "./shell-commands";
import {
  DEPLOY_PROGRAMS,
  END_TO_END_PROGRAMS,
  LAB_PROGRAMS,
  TEST_PROGRAMS,
  type Programs,
} from "../../cli/machine/programs";
import { HOST_PACKAGES } from "../../embedded/hosts/rootfs";
import { PROBE_PACKAGES } from "../../embedded/images/probe-image";
import { root, sourceFiles } from "../helpers/source-files";

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Of every POSIX shell, or of bash. */
const SHELL = words(`
  . : break cd command compgen continue echo exec exit export false fg for kill local printf pwd read readonly return set shift source
  test trap true type ulimit umask unset wait fi done esac case in select function`);

/** Of Debian's essential packages, which every system has: coreutils, util-linux, findutils, grep, sed, tar, gzip, diffutils, … */
const ESSENTIAL = words(`
  awk base64 bash basename cat chmod chown chroot comm cp cut date diff dirname env find flock getconf grep gzip head hostname id install ln ls
  mkdir mkfifo mktemp mountpoint mv nice nsenter od printenv readlink realpath rm rmdir sed setpriv setsid sh sha256sum sleep sort stat
  tail tar tee timeout touch tr uname unshare wc which xargs findmnt`);

/** What ./lab itself brings, or finds before it can bring anything. */
const TOOLCHAIN = words("apt-get apt-config node npm npx go pip python3 cdktf terraform tofu lab");

/** Of a user who deploys to an OpenShift (docs/guide-openshift.md). */
const OPENSHIFT = words("kubectl ocm");

/** Programs of a host of the embedded lab, and the Debian package of each; Debian's essential packages are there too. */
const HOST: Programs = {
  ip: "iproute2",
  ss: "iproute2",
  tc: "iproute2",
  ps: "procps",
  nft: "nftables",
  ethtool: "ethtool",
  mount: "systemd",
  umount: "systemd",
  systemctl: "systemd",
  journalctl: "systemd",
  "systemd-run": "systemd",
  "systemd-detect-virt": "systemd",
};

/** What a host's scripts call where it is there. */
const HOST_OPTIONAL = ["ipset"];

/** What a host has for OVN-Kubernetes only, from the bundle or from the layer that has OVN. */
const HOST_OVN = words("ovs-vsctl ovn-k8s-cni-overlay");

const ALL = [LAB_PROGRAMS, DEPLOY_PROGRAMS, TEST_PROGRAMS, END_TO_END_PROGRAMS].flatMap((table) => Object.keys(table));
const KNOWN = new Set([...ALL, ...ESSENTIAL, ...TOOLCHAIN, ...Object.keys(HOST)]);
const names = (...tables: readonly Programs[]): string[] => tables.flatMap((table) => Object.keys(table));
const BASE = [...SHELL, ...ESSENTIAL, ...TOOLCHAIN];

/** Who calls, as the start of the path, the more special first; and what it may call. */
const CALLERS: readonly (readonly [prefix: string, allowed: readonly string[]])[] = [
  ["constructs/cluster/assets/host/", [...BASE, ...names(HOST), ...HOST_OPTIONAL]],
  ["embedded/hosts/rootfs/", [...BASE, ...names(HOST)]],
  ["embedded/hosts/ovn-kubernetes/", [...BASE, ...names(HOST), ...HOST_OVN]],
  ["constructs/", [...BASE, ...names(DEPLOY_PROGRAMS), ...OPENSHIFT]],
  ["embedded/", [...BASE, ...names(LAB_PROGRAMS)]],
  ["cli/commands/test.ts", [...BASE, ...names(TEST_PROGRAMS)]],
  ["cli/", [...BASE, ...names(LAB_PROGRAMS)]],
  // Run by tests on the machine, and in the image.
  ["probe/", names(TEST_PROGRAMS)],
  ["test/e2e/", [...BASE, ...names(LAB_PROGRAMS, TEST_PROGRAMS, END_TO_END_PROGRAMS), ...OPENSHIFT]],
  ["test/constructs/cluster/host-root/", [...BASE, ...names(HOST, TEST_PROGRAMS)]],
  ["test/", [...BASE, ...names(TEST_PROGRAMS)]],
  ["", BASE],
];

const scripts = scriptsBelow(["lab", ".ci/run", "bench", "constructs", "embedded", "test"]);
const modules = sourceFiles(".", [".ts"]);

/** Files that a shell runs or reads in. */
function scriptsBelow(places: readonly string[]): string[] {
  const files = places.flatMap((place) => (/^(lab|\.ci\/run)$/.test(place) ? [place] : filesBelow(place)));
  return files.filter(
    (file) => file.endsWith(".sh") || /^#!\/.*sh\n/.test(readFileSync(path.join(root, file), "utf8")),
  );
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => path.relative(root, path.join(parentPath, name)));
}

function strangers(file: string, called: readonly string[]): string[] {
  const [, allowed] = CALLERS.find(([prefix]) => file.startsWith(prefix))!;
  return called.filter((name) => !allowed.includes(path.basename(name))).map((name) => `${file} calls ${name}`);
}

test("every program that a shell script calls is in a table", () => {
  expect(scripts.length).toBeGreaterThan(35);
  const text = (file: string) => readFileSync(path.join(root, file), "utf8");
  // What one script reads in, another defines.
  const functions = new Set(
    scripts.flatMap((file) => [...text(file).matchAll(/^(\w+)\(\) ?\{/gm)].map(([, name]) => name)),
  );
  const called = (file: string) => commandsOf(text(file)).filter((name) => !functions.has(name));
  expect(scripts.flatMap((file) => strangers(file, called(file)))).toEqual([]);
});

test("every program that the TypeScript calls is in a table", () => {
  const calls = modules.map((file) => [file, programsOf(file, KNOWN)] as const);
  const count = (name: string) => calls.filter(([, called]) => called.includes(name)).length;
  expect(Math.min(...["ip", "nft", "ssh-keygen", "shellcheck", "socat"].map(count))).toBeGreaterThan(0);
  expect(calls.flatMap(([file, called]) => strangers(file, called))).toEqual([]);
});

test("a host's programs are in its packages", () => {
  const packages = new Set(Object.values(HOST));
  expect([...packages].filter((name) => !HOST_PACKAGES.includes(name))).toEqual([]);
});

test("the image has what the probe calls", () => {
  const called = modules.filter((file) => file.startsWith("probe/")).flatMap((file) => programsOf(file, KNOWN));
  expect([...new Set(called)]).toEqual(["socat"]);
  expect(PROBE_PACKAGES).toContain("socat");
});

test("no table holds a program that nothing calls", () => {
  const called = new Set([
    ...modules.flatMap((file) => programsOf(file, KNOWN)),
    ...scripts.flatMap((file) => commandsOf(readFileSync(path.join(root, file), "utf8"))),
  ]);
  expect([...new Set(ALL)].filter((name) => !called.has(name))).toEqual([]);
});

test.each([
  ["a pipe and a substitution", 'x=$(ip a | awk "{print}") && socat - "$x"', ["awk", "ip", "socat"]],
  ["a case", "case $1 in\n  a | b) ip a ;;\n  *) nft list ;;\nesac", ["ip", "nft"]],
  ["a here document", "cat <<EOF\nnot called\nEOF\nss", ["cat", "ss"]],
  ["a function", "go() {\n  ip a\n}\ngo", ["ip"]],
  ["assignments and redirections", "A=1 B=2 ip a >&2 2>/dev/null </x", ["ip"]],
  ["exec", "exec nsenter -t 1 ip", ["nsenter"]],
  ["quotes", "printf '%s; rm' \"a; b $(ps x)\"", ["printf", "ps"]],
])("the commands of %s are found", (_, script, found) => {
  expect(commandsOf(script)).toEqual(found);
});
