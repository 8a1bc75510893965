import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { host } from "./hosts";
import { stepsOf, valuesOf } from "./steps";
import { K3sCluster } from "../../../constructs/cluster/k3s-cluster";
import { renderRegistries, type K3sRegistries, type RegistryConfig } from "../../../constructs/cluster/k3s-registries";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";

const server = host("192.0.2.11", { nodeName: "server" });
const config: RegistryConfig = {
  auth: { username: "lab's: user", passwordPath: "/secrets/password" },
  tls: { caPath: "/secrets/ca.crt", certPath: "/secrets/client.crt", keyPath: "/secrets/client.key" },
};
const registries: K3sRegistries = {
  mirrors: {
    "docker.io": { endpoint: ["https://mirror.example.com:5000/v2"], rewrite: { "^library/(.*)": "mirror/$1" } },
    "*": { endpoint: ["http://other.example.com"] },
  },
  configs: { "mirror.example.com:5000": config, "other.example.com": { tls: { insecureSkipVerify: true } } },
};

test("the state has paths, never what is in the files", () => {
  const install = valuesOf(stepsOf({ servers: [server], registries }).install, "server");
  expect(install.LAB_REGISTRY_FILES!.split("\n")).toEqual([
    "secret /secrets/password",
    "public /secrets/ca.crt",
    "public /secrets/client.crt",
    "secret /secrets/client.key",
  ]);
  expect(install.LAB_VALUE_REGISTRIES).toBe(renderRegistries(registries).text);
});

test("without registries no file is written", () => {
  const install = valuesOf(stepsOf({ servers: [server] }).install, "server");
  expect(install).toMatchObject({ LAB_VALUE_REGISTRIES: "", LAB_REGISTRY_FILES: "" });
});

describe("on the host", () => {
  let directory: string;
  beforeEach(() => fs.mkdirSync((directory = fs.mkdtempSync(path.join(os.tmpdir(), "registries-"))) + "/values"));
  afterEach(() => fs.rmSync(directory, { recursive: true }));

  function onHost(password: string): unknown {
    fs.writeFileSync(path.join(directory, "values/REGISTRIES"), renderRegistries(registries).text);
    fs.writeFileSync(path.join(directory, "values/FILE_0"), password);
    const program = path.join(__dirname, "../../../constructs/cluster/assets/host/registries.awk");
    const options = { cwd: directory, encoding: "utf8", stdio: "pipe" } as const;
    return parse(execFileSync("awk", ["-v", "place=/etc/x", "-f", program, "values/REGISTRIES"], options));
  }

  test.each(["plain", "p'a\"s s: {#} \\1 & !text 1", "- [x"])(
    "the password %j arrives as it is, files by their place",
    (password) => {
      expect(onHost(`${password}\n`)).toEqual({
        mirrors: registries.mirrors,
        configs: {
          "mirror.example.com:5000": {
            auth: { username: "lab's: user", password },
            tls: { ca_file: "/etc/x/1", cert_file: "/etc/x/2", key_file: "/etc/x/3" },
          },
          "other.example.com": { tls: { insecure_skip_verify: true } },
        },
      });
    },
  );

  test.each(["", "one\ntwo\n"])("fails if the password file holds %j", (password) => {
    expect(() => onHost(password)).toThrow(/exactly one line/);
  });
});

const withMirror = (name: string, endpoint: string[] = []): K3sRegistries => ({ mirrors: { [name]: { endpoint } } });
const withConfig = (changed: RegistryConfig): K3sRegistries => ({ configs: { "a.example.com": changed } });
const cases: [string, string, K3sRegistries][] = [
  ["a registry is an address", "registries.mirrors must be named by host and port", withMirror("https://docker.io")],
  ["a config is for an address", "registries.configs must be named by host", { configs: { "a/b": {} } }],
  ["an endpoint is a name", 'registries.mirrors["a"].endpoint[0] must be an http', withMirror("a", ["a.example.com"])],
  [
    "an endpoint has a user",
    'registries.mirrors["a"].endpoint[0] must be',
    withMirror("a", ["https://u:p@a.example.com"]),
  ],
  [
    "a rewrite has two lines",
    'registries.mirrors["a"].rewrite["x"] must be one line',
    { mirrors: { a: { rewrite: { x: "a\nb" } } } },
  ],
  [
    "a user name has two lines",
    'registries.configs["a.example.com"].auth.username must be one line',
    withConfig({ auth: { username: "a\nb", passwordPath: "/p" } }),
  ],
  [
    "a password's path has two lines",
    'registries.configs["a.example.com"].auth.passwordPath must be a file path',
    withConfig({ auth: { username: "a", passwordPath: "/p\nsecret /etc/shadow" } }),
  ],
  [
    "a CA's path has two lines",
    'registries.configs["a.example.com"].tls.caPath must',
    withConfig({ tls: { caPath: "/a\n" } }),
  ],
  [
    "a client's certificate has no key",
    'registries.configs["a.example.com"].tls.keyPath must be given',
    withConfig({ tls: { certPath: "/a" } }),
  ],
  [
    "a CA is given and not used",
    'registries.configs["a.example.com"].tls.insecureSkipVerify must not be given with caPath',
    withConfig({ tls: { caPath: "/a", insecureSkipVerify: true } }),
  ],
];
test.each(cases)("fails if %s", (_, fault, wrong) => {
  const faults = faultsOf(() => new K3sCluster(newStack(), "Cluster", { servers: [server], registries: wrong }));
  expect(faults).toEqual([expect.stringContaining(`[lab/Cluster] ${fault}`)]);
});
