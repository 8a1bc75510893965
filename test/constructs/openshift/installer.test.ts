/** The contract with openshift-install, files and arguments, against a recorder that stands in its place; no OpenShift is installed. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { OpenShiftCluster, type OpenShiftClusterProps } from "../../../constructs/openshift/openshift-cluster";
import { newStack, stored, synthStack, type Block } from "../../helpers/synth";

const script = path.join(__dirname, "../../../constructs/openshift/assets/installer.sh");
const pullSecret = `{"auths": {"it's": {"auth": "$(touch x) \${y}"}}}`;
let directory: string;
const at = (name: string) => path.join(directory, name);

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "installer-test-"));
  fs.copyFileSync(path.join(__dirname, "contract-openshift-install"), at("openshift-install"));
  fs.writeFileSync(at("pull"), `${pullSecret}\n`);
  fs.writeFileSync(at("key.pub"), "ssh-ed25519 AAAA lab\n");
  fs.writeFileSync(at("ca.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  fs.writeFileSync(at("platform"), 'vsphere:\n  vcenters: [{ password: "p w" }]\n');
});
afterEach(() => fs.rmSync(directory, { recursive: true }));

function run(step: string, props: Partial<OpenShiftClusterProps> = {}) {
  const stack = newStack();
  new OpenShiftCluster(stack, "Cluster", {
    version: "4.18.9",
    baseDomain: "example.com",
    clusterName: "lab",
    platformPath: at("platform"),
    pullSecretPath: at("pull"),
    sshPublicKeyPath: at("key.pub"),
    trustBundlePath: at("ca.pem"),
    installerPath: at("openshift-install"),
    stateDirectory: at("state"),
    ...props,
  });
  const [{ input }] = synthStack(stack).all("terraform_data") as [Block & { input: Record<string, string> }];
  const env = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, stored(value)]));
  const { status, stdout, stderr } = spawnSync("bash", [script, step], {
    env: { PATH: process.env.PATH, ...env },
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

function calls(): string[] {
  if (!fs.existsSync(at("calls"))) return [];
  const lines = fs.readFileSync(at("calls"), "utf8").trim().split("\n");
  return lines
    .filter((line) => line !== "version")
    .map((line) => line.replace(` --dir=${at("state/install")} --log-level=info`, ""));
}

test("install-config.yaml has what the files say, byte for byte, and nothing of it is printed", () => {
  expect(run("check")).toEqual({ status: 0, output: "" });
  const { status, output } = run("install");
  expect({ status, calls: calls() }).toEqual({ status: 0, calls: ["create cluster"] });
  expect(parse(fs.readFileSync(at("calls.config"), "utf8"))).toMatchObject({
    baseDomain: "example.com",
    pullSecret,
    sshKey: "ssh-ed25519 AAAA lab",
    additionalTrustBundle: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    platform: { vsphere: { vcenters: [{ password: "p w" }] } },
  });
  expect(output).toContain("kubeadmin");
  expect(output).not.toMatch(/abcde|p w|auths/);
  expect(fs.statSync(at("state/install/auth/kubeconfig")).mode & 0o777).toBe(0o600);
  expect(fs.statSync(at("state/install")).mode & 0o777).toBe(0o700);
});

test("subnets of OVN-Kubernetes go into the manifests that the installer has made", () => {
  run("check");
  run("install", { internalJoinSubnet: "100.65.0.0/16" });
  expect(calls()).toEqual(["create manifests", "create cluster"]);
  const manifest = fs.readFileSync(at("state/install/manifests/cluster-network-03-config.yml"), "utf8");
  expect(parse(manifest)).toMatchObject({
    spec: { defaultNetwork: { ovnKubernetesConfig: { ipv4: { internalJoinSubnet: "100.65.0.0/16" } } } },
  });
});

test("machines of the user's are waited for", () => {
  const own = { platformPath: undefined, platform: { none: {} } } as const;
  run("check", own);
  expect(run("install", own).status).toBe(0);
  expect(calls()).toEqual(["create ignition-configs", "wait-for bootstrap-complete", "wait-for install-complete"]);
  expect(run("destroy", own)).toMatchObject({ status: 0, output: expect.stringContaining("wipe them") as string });
  expect(calls()).toHaveLength(3);
});

test("an installation that failed is gone on with, and taken away by the installer", () => {
  run("check");
  fs.writeFileSync(at("calls.fail"), "");
  expect(run("install").status).toBe(3);
  expect(run("check").status).toBe(0);
  expect(run("install").status).toBe(0);
  expect(run("destroy").status).toBe(0);
  expect(calls()).toEqual(["create cluster", "wait-for install-complete", "destroy cluster"]);
  expect(fs.readdirSync(at("state"))).toEqual([]);
  expect(run("destroy").status).toBe(0);
});

test("another configuration for the cluster that is there is refused", () => {
  run("check");
  run("install");
  const { status, output } = run("install", { computeReplicas: 5 });
  expect({ status, output }).toMatchObject({
    status: 1,
    output: expect.stringContaining("another configuration") as string,
  });
  expect(calls()).toEqual(["create cluster"]);
});

test.each<[string, () => Partial<OpenShiftClusterProps>, string]>([
  ["the installer is not there", () => ({ installerPath: at("none") }), "is not there"],
  ["the installer is of another version", () => ({ version: "4.18.10" }), "installs OpenShift 4.18.9"],
  ["a file is missing", () => ({ trustBundlePath: at("none") }), "cannot be read"],
  ["the pull secret is none", () => ({ pullSecretPath: at("key.pub") }), "is no pull secret"],
  [
    "the SSH key is the private half",
    () => (fs.writeFileSync(at("key"), "PRIVATE KEY"), { sshPublicKeyPath: at("key") }),
    "is a private key",
  ],
  [
    "the directory is another installation's",
    () => (fs.mkdirSync(at("state/install"), { recursive: true }), fs.writeFileSync(at("state/install/x"), ""), {}),
    "has files of another installation",
  ],
])("fails if %s, before anything is made", (_, props, fault) => {
  const { status, output } = run("check", props());
  expect({ status, output }).toMatchObject({ status: 1, output: expect.stringContaining(fault) as string });
  expect(calls()).toEqual([]);
});
