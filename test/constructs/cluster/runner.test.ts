import { execFileSync, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { freePort, makeKey, publicKey, Sshd } from "./sshd";
import { describeWith } from "../../helpers/needs";

const assets = path.join(__dirname, "../../../constructs/cluster/assets");
const hostile = [
  "$(touch CANARY)",
  "`touch CANARY`",
  "a'b\"c\\d",
  "two\nlines\n",
  "\n",
  "",
  " ${x} %{ if } ",
  "; touch CANARY #",
  "ünïcödé \u{1f600}",
  "-rf",
  "*",
];

// What the host's step finds: its values as a tar in base64, and what any user of the host could have read meanwhile.
const report = `#!/bin/sh
touch "$(cat values/MARK)"
{ ps -eo args; tr '\\0' '\\n' </proc/self/environ; } >seen
stat -c %a . >>modes 2>&1
tar -cf - values seen modes | base64 -w0
`;

// Every host lacks what it is asked for. That it asked is told to the web server, which gives nothing before all have.
const filesCheck = `#!/bin/sh
curl --silent "$(cat values/WEB)/checked"
cat values/WANTED
`;
const filesPut = `#!/bin/sh
sha256sum files/*
`;

const needs = ["root", "sshd", "ssh", "ssh-keygen", "curl", "ps"];

describeWith(needs, "the runner, against an SSH server of its own", () => {
  let directory: string;
  let sshd: Sshd;

  beforeAll(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "runner-test-"));
    sshd = await Sshd.start(directory);
    fs.cpSync(assets, path.join(directory, "assets"), { recursive: true });
    fs.writeFileSync(path.join(directory, "assets/host/guard-create.sh"), report);
    fs.writeFileSync(path.join(directory, "assets/host/token.sh"), "#!/bin/sh\n");
  });
  afterAll(() => {
    sshd.stop();
    fs.rmSync(directory, { recursive: true });
  });

  const leftOnHost = () => fs.readdirSync("/run").filter((name) => name.startsWith("multicast-lab."));

  async function run(step: string, environment: Record<string, string> = {}) {
    const place = fs.mkdtempSync(path.join(directory, "run-"));
    const [temporary, state, mark] = ["tmp", "state", "mark"].map((name) => path.join(place, name)) as [
      string,
      string,
      string,
    ];
    fs.mkdirSync(temporary);
    const env = {
      PATH: process.env.PATH,
      HOME: place,
      TMPDIR: temporary,
      LAB_HOST: "node",
      LAB_NAME: "runner-test",
      LAB_IDENTITY: "identity-of-the-state",
      LAB_FOUNDS: "true",
      LAB_ADDRESS: "127.0.0.1",
      LAB_PORT: String(sshd.port),
      LAB_USER: "root",
      LAB_PRIVATE_KEY_PATH: sshd.privateKeyPath,
      LAB_HOST_KEY: sshd.hostKey,
      LAB_STATE_DIRECTORY: state,
      LAB_VALUE_MARK: mark,
      ...environment,
    };
    const child = spawn("bash", [path.join(directory, "assets/run.sh"), step], { env, cwd: place });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
    const code = await new Promise((resolve) => child.once("close", resolve));
    return { code, output, place, state, temporary, reached: fs.existsSync(mark) };
  }

  /** What the host's step found and saw. */
  function unpackedOf(state: string): string {
    const archive = Buffer.from(fs.readFileSync(path.join(state, "baseline/node.snapshot"), "latin1"), "base64");
    const unpacked = fs.mkdtempSync(path.join(directory, "unpacked-"));
    execFileSync("tar", ["-C", unpacked, "-xf", "-"], { input: archive });
    return unpacked;
  }

  test("values arrive byte for byte, run nothing, stand on no command line and leave nothing behind", async () => {
    const before = leftOnHost();
    const values = Object.fromEntries(hostile.map((text, index) => [`LAB_VALUE_V${index}`, text]));
    const { code, output, place, state, temporary } = await run("guard-create", {
      ...values,
      LAB_VALUE_SECRET: "s3cr3t-of-the-test",
    });
    expect(output).toContain("lab-phase: host=node phase=guard-done");
    expect(code).toBe(0);
    const unpacked = unpackedOf(state);
    const arrived = hostile.map((_, index) => fs.readFileSync(path.join(unpacked, `values/V${index}`), "utf8"));
    expect(arrived).toEqual(hostile);
    const seen = fs.readFileSync(path.join(unpacked, "seen"), "utf8");
    expect(seen).toContain("host/guard-create.sh");
    expect(seen).not.toContain("s3cr3t-of-the-test");
    expect(fs.readFileSync(path.join(unpacked, "modes"), "utf8")).toMatch(/^700\n/);
    expect(fs.readdirSync(place).sort()).toEqual(["mark", "state", "tmp"]);
    expect(fs.readdirSync(temporary)).toEqual([]);
    expect(leftOnHost()).toEqual(before);
  });

  test("a host learns whose it is: the lab by its name and the state's identity, and its own name", async () => {
    const { state } = await run("guard-create");
    const values = path.join(unpackedOf(state), "values");
    expect(fs.readFileSync(path.join(values, "LAB"), "utf8")).toBe("runner-test identity-of-the-state");
    expect(fs.readFileSync(path.join(values, "HOST"), "utf8")).toBe("node");
  });

  describe("the token", () => {
    const write = (name: string, text: string) =>
      fs.writeFileSync(path.join(directory, `assets/host/${name}.sh`), `#!/bin/sh\n${text}`);
    const kept = (state: string) => fs.readFileSync(path.join(state, "token"), "utf8");
    const noHostHasIt = "exit 0";
    afterAll(() => write("token", noHostHasIt));

    test("comes with the cluster: made by the server that founds it, for its owner alone", async () => {
      write("token", noHostHasIt);
      write("install", "[ -s values/TOKEN ] && [ -e values/TOKEN_IS_NEW ]");
      const { code, output, state } = await run("install", { LAB_REGISTRY_FILES: "" });
      expect({ code, output }).toMatchObject({ code: 0 });
      expect(kept(state)).toMatch(/^[0-9a-f]{64}$/);
      expect(fs.statSync(path.join(state, "token")).mode & 0o777).toBe(0o600);
      expect(fs.readdirSync(state)).toEqual(["token"]);
    });

    test("is not kept where the host did not take it", async () => {
      write("token", noHostHasIt);
      write("install", "exit 1");
      const { code, state } = await run("install", { LAB_REGISTRY_FILES: "" });
      expect({ code, kept: fs.existsSync(path.join(state, "token")) }).toEqual({ code: 1, kept: false });
    });

    test("that is lost here comes from a host that has it, for several steps at the same time too", async () => {
      write("token", "printf secret-of-the-cluster");
      const state = path.join(directory, "shared-state");
      const runs = await Promise.all([1, 2, 3].map(() => run("guard-create", { LAB_STATE_DIRECTORY: state })));
      expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
      expect(kept(state)).toBe("secret-of-the-cluster");
      expect(fs.statSync(path.join(state, "token")).mode & 0o777).toBe(0o600);
      expect(fs.readdirSync(state).sort()).toEqual(["baseline", "token"]);
    });

    test("that no host has is not made anew for a node that joins; the error names the file", async () => {
      write("token", noHostHasIt);
      write("install", "exit 0");
      const { code, output, state } = await run("install", { LAB_REGISTRY_FILES: "", LAB_FOUNDS: "false" });
      expect(code).toBe(1);
      expect(output).toContain(`the cluster's token is missing: ${state}/token; copy it from`);
      expect(fs.existsSync(path.join(state, "token"))).toBe(false);
    });

    test("is not made anew where the host gives no answer", async () => {
      write("token", "exit 1");
      write("install", "exit 0");
      const { code, output, state } = await run("install", { LAB_REGISTRY_FILES: "" });
      expect(code).toBe(1);
      expect(output).toContain("the host did not say whether it has the cluster's token");
      expect(fs.existsSync(path.join(state, "token"))).toBe(false);
    });

    test("is not asked for by a destroy from another machine", async () => {
      write("token", "exit 1");
      write("guard-destroy", "exit 0");
      const { code, state } = await run("guard-destroy");
      expect({ code, kept: fs.existsSync(path.join(state, "token")) }).toEqual({ code: 0, kept: false });
    });
  });

  test("what several hosts need from the web is downloaded once, and not changed while it is sent", async () => {
    fs.writeFileSync(path.join(directory, "assets/host/files-check.sh"), filesCheck);
    fs.writeFileSync(path.join(directory, "assets/host/files-put.sh"), filesPut);
    fs.writeFileSync(path.join(directory, "assets/host/leave.sh"), "#!/bin/sh\n");
    const body = randomBytes(8 << 20);
    const sha256 = createHash("sha256").update(body).digest("hex");
    const hosts = ["a", "b", "c"];
    const asked: string[] = [];
    let answer = () => {};
    const allChecked = new Promise<void>((resolve) => (answer = resolve));
    const web = createServer(({ url = "" }, response) => {
      asked.push(url);
      if (asked.filter((place) => place === "/checked").length === hosts.length) answer();
      if (url === "/checked") response.end();
      else void allChecked.then(() => response.end(body));
    });
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const shared = {
      LAB_STATE_DIRECTORY: path.join(directory, "web-state"),
      LAB_VALUE_WEB: origin,
      LAB_VALUE_WANTED: sha256,
      LAB_SOURCES: `${sha256} ${origin}/k3s`,
    };
    const runs = await Promise.all(hosts.map((host) => run("files", { ...shared, LAB_HOST: host })));
    web.close();
    for (const { code, output } of runs) {
      expect(output).toContain(`${sha256}  files/${sha256}`);
      expect(code).toBe(0);
    }
    expect(asked.filter((place) => place === "/k3s")).toHaveLength(1);
  });

  test("fails if the host has another key, and sends nothing", async () => {
    makeKey(path.join(directory, "other"));
    const { code, output, reached } = await run("guard-create", {
      LAB_HOST_KEY: publicKey(path.join(directory, "other")),
    });
    expect({ code, reached }).toEqual({ code: 1, reached: false });
    expect(output).toMatch(/host key of root@127\.0\.0\.1 port \d+ is not the pinned one .* nothing was sent/);
  });

  test("fails if the user's key is not accepted", async () => {
    makeKey(path.join(directory, "stranger"));
    const { code, output, reached } = await run("guard-create", {
      LAB_PRIVATE_KEY_PATH: path.join(directory, "stranger"),
    });
    expect({ code, reached }).toEqual({ code: 1, reached: false });
    expect(output).toMatch(/refused the key .*stranger; put its public half/);
  });

  test("fails if nobody answers, and says what was tried", async () => {
    const port = await freePort();
    const { code, output } = await run("guard-create", { LAB_PORT: String(port) });
    expect(code).toBe(1);
    expect(output).toMatch(
      new RegExp(
        `root@127.0.0.1 port ${port} cannot be reached by SSH \\(3 attempts.*Connection refused.*Check that the host runs`,
      ),
    );
  });

  test("fails if the key file is not there", async () => {
    const { code, output } = await run("guard-create", { LAB_PRIVATE_KEY_PATH: "/nonexistent/key" });
    expect(code).toBe(1);
    expect(output).toContain("private key /nonexistent/key cannot be read");
  });

  test("fails if the step on the host is killed, and leaves nothing there", async () => {
    fs.writeFileSync(path.join(directory, "assets/host/install.sh"), "#!/bin/sh\nkill -KILL $$\n");
    const before = leftOnHost();
    const { code, output } = await run("install", { LAB_REGISTRY_FILES: "" });
    expect(code).toBe(1);
    expect(output).toContain("K3s was not installed");
    expect(leftOnHost()).toEqual(before);
  });

  test.each([
    ["secret", 0o640, "can be read by others than its owner"],
    ["secret", 0o600, "K3s was not installed"],
    ["public", 0o644, "K3s was not installed"],
  ])("a %s file of registries with mode %d: %s", async (secrecy, mode, said) => {
    const file = path.join(directory, "a password");
    fs.writeFileSync(file, "x\n");
    fs.chmodSync(file, mode);
    const { output, reached } = await run("install", { LAB_REGISTRY_FILES: `${secrecy} ${file}` });
    expect(output).toContain(said);
    expect(reached).toBe(false);
  });
});
