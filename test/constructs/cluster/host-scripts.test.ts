import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { describeWith } from "../../helpers/needs";

const assets = path.join(__dirname, "../../../constructs/cluster/assets");
const programs = [
  "run.sh",
  "external.sh",
  ...fs.readdirSync(path.join(assets, "host")).map((name) => `host/${name}`),
].filter((name) => fs.readFileSync(path.join(assets, name), "utf8").startsWith("#!"));

describeWith(["shellcheck"], "shellcheck", () => {
  test.each(programs)("accepts %s and what it reads in", (name) => {
    const { stdout, status } = spawnSync("shellcheck", ["-x", name], { cwd: assets, encoding: "utf8" });
    expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
  });
});

describe("the comparison with the baseline", () => {
  let directory: string;
  beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), "compare-test-"))));
  afterEach(() => fs.rmSync(directory, { recursive: true }));

  function difference(baseline: string[], now: string[]): string[] {
    fs.writeFileSync(path.join(directory, "baseline"), `${baseline.join("\n")}\n`);
    fs.writeFileSync(path.join(directory, "now"), `${now.join("\n")}\n`);
    const program = `. ${assets}/host/snapshot.sh; compare baseline now`;
    return execFileSync("sh", ["-c", program], { cwd: directory, encoding: "utf8" }).split("\n").filter(Boolean);
  }

  test("is empty for equal snapshots", () =>
    expect(difference(["link a", "unit b"], ["link a", "unit b"])).toEqual([]));

  test("tells what is left over and what is missing", () => {
    expect(difference(["link a", "unit b"], ["link a", "link cni0"])).toEqual(["- unit b", "+ link cni0"]);
  });

  test("tells a setting that has another value, but not one that appeared with a kernel module", () => {
    const differing = difference(["sysctl /proc/a:0"], ["sysctl /proc/a:1", "sysctl /proc/new:5"]);
    expect(differing).toEqual(["- sysctl /proc/a:0", "+ sysctl /proc/a:1"]);
  });
});
