import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { describeWith } from "../../helpers/needs";

const assets = path.join(__dirname, "../../../constructs/openshift/assets");
const programs = fs.readdirSync(assets).filter((name) => name.endsWith(".sh"));

describeWith(["shellcheck"], "shellcheck", () => {
  test.each(programs)("accepts %s and what it reads in", (name) => {
    const { stdout, status } = spawnSync("shellcheck", ["-x", name], { cwd: assets, encoding: "utf8" });
    expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
  });
});
