/** The offline lab once more, by a configuration file, with K3s, images and CNI plugins from a web server that only this machine reaches. */
import { spawn } from "node:child_process";
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { rangeOn } from "../../stacks/lab-site";
import type { InventoryHost, LabInventory } from "../../stacks/lab-inventory";
import { LabCommand, Story } from "./lab-command";

const lab = new LabCommand("e2e-web");
const story = new Story();
const repository = path.join(__dirname, "../..");
const MINUTES = 60_000;
const UP_SECONDS = 2_400;

/** Files by their paths on the server, and what was asked of it. */
class WebServer {
  public readonly asked: string[] = [];
  private readonly files = new Map<string, string>();
  private readonly server: Server;

  public constructor() {
    this.server = createServer(({ url = "", socket }, response) => {
      this.asked.push(`${socket.remoteAddress} ${url}`);
      const file = this.files.get(url);
      if (file === undefined) response.writeHead(404).end();
      else createReadStream(file).pipe(response);
    });
  }

  public listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  public close(): void {
    this.server.close();
  }

  /** The artifact as one of this server, as a configuration file names it. */
  public serve({ path: file, sha256 }: { readonly path: string; readonly sha256: string }) {
    const place = `/media/${this.files.size}-${path.basename(file)}`;
    this.files.set(place, file);
    return { url: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${place}`, sha256 };
  }
}

const web = new WebServer();
const directory = mkdtempSync(path.join(tmpdir(), "offline-media-"));
const configFile = path.join(directory, "lab.json");
let environment: Record<string, string> = {};
let inventory: LabInventory;

function sshEntry({ name, address, port, user, privateKeyPath, hostKey, managementInterface }: InventoryHost) {
  return { nodeName: name, address, port, user, privateKeyPath, hostKey, managementInterface };
}

/** What somebody writes who has these hosts and that server. */
function config() {
  const { hosts, k3s, images } = inventory;
  const ofRole = (role: InventoryHost["role"]) => hosts.filter((host) => host.role === role);
  const outside = ofRole("external")[0]!;
  const [conf, apart] = [rangeOn(inventory, 200, 216, "upper half"), rangeOn(inventory, 50, 99, "lower half")];
  return {
    lab: "offline-planes",
    cluster: {
      k3s: {
        servers: ofRole("server").map(sshEntry),
        agents: ofRole("agent").map(sshEntry),
        release: { version: k3s.version, binary: web.serve(k3s.binary) },
        imageArchives: k3s.imageArchives.map((archive) => web.serve(archive)),
        cniPlugins: web.serve(k3s.cniPlugins),
      },
    },
    planes: [
      { networkName: "macvlan-conf", master: "eth1", range: conf },
      { networkName: "macvlan-apart", master: "eth2", range: apart },
    ],
    external: {
      ssh: sshEntry(outside),
      dataInterface: outside.dataInterfaces[0],
      address: `${rangeOn(inventory, 130, 130).rangeStart}/25`,
    },
    probeImage: images.probe,
    multusImage: images.multus,
  };
}

/** cdktf as a user calls it: what it printed. */
function cdktf(command: string, expectedCode = 0): Promise<string> {
  const args = ["cdktf", command, "*", "--auto-approve"];
  const child = spawn("npx", args, { cwd: repository, env: { ...process.env, ...environment } });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  return new Promise((resolve, reject) =>
    child.once("close", (code) => {
      if (code === expectedCode) resolve(text);
      else reject(new Error(`npx ${args.join(" ")}: exit code ${code} instead of ${expectedCode}\n${text}`));
    }),
  );
}

beforeAll(() => lab.down(), 4 * MINUTES);
afterAll(async () => {
  web.close();
  await lab.down();
  rmSync(directory, { recursive: true, force: true });
}, 4 * MINUTES);

test(
  "hosts that reach nothing, and nothing is on them",
  story.step(async () => {
    await lab.run(["--yes", "up", "--lab", "offline-planes"], { seconds: UP_SECONDS });
    environment = JSON.parse(await lab.run(["env", "--json"])) as Record<string, string>;
    inventory = JSON.parse(readFileSync(environment.LAB_INVENTORY!, "utf8")) as LabInventory;
    await cdktf("destroy");
    expect(await lab.exec("agent", "sh", "-c", "command -v k3s || echo none")).toBe("none\n");
  }),
  UP_SECONDS * 1000,
);

test(
  "an archive that is not the pinned one is refused before anything is installed",
  story.step(async () => {
    await web.listen();
    const out = path.join(directory, "out");
    environment = { ...environment, LAB_INVENTORY: "", LAB_CONFIG: configFile, CDKTF_OUTDIR: out, CDKTF_OUTPUT: out };
    const right = config();
    const { k3s } = right.cluster;
    const wrong = { ...k3s, cniPlugins: { ...k3s.cniPlugins, sha256: "ab".repeat(32) } };
    writeFileSync(configFile, JSON.stringify({ ...right, cluster: { k3s: wrong } }));
    const text = await cdktf("deploy", 1);
    expect(text.replace(/\s+/g, " ")).toContain(`not the pinned ${wrong.cniPlugins.sha256}`);
    expect(await lab.exec("agent", "sh", "-c", "command -v k3s || echo none")).toBe("none\n");
    writeFileSync(configFile, JSON.stringify(right));
  }),
  5 * MINUTES,
);

test(
  "the deploy is green with all of it from the web server, which this machine alone asks",
  story.step(async () => {
    await cdktf("deploy");
    const { k3s } = inventory;
    const served = [k3s.binary, k3s.cniPlugins, ...k3s.imageArchives].map((file) => path.basename(file.path));
    for (const name of served) expect(web.asked.join("\n")).toContain(`-${name}`);
    expect(web.asked.filter((line) => !line.startsWith("127.0.0.1 "))).toEqual([]);
    const report = ["get", "configmap", "outside-reaches-net1-report", "--namespace=planes"];
    const summary = await lab.exec("server", "k3s", "kubectl", ...report, "--output=jsonpath={.data.summary}");
    expect(summary).toMatch(/^2 of 2 expectations met/);
  }),
  10 * MINUTES,
);

test(
  "destroy and down leave nothing behind",
  story.step(async () => {
    await cdktf("destroy");
    expect(await lab.down()).toMatch(/^residue: 0$/m);
  }),
  8 * MINUTES,
);
