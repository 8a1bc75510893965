import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { buildOnce } from "../../../embedded/system/build-once";

describe("buildOnce", () => {
  let directory: string;
  let target: string;
  beforeEach(async () => {
    directory = await fs.mkdtemp(path.join(os.tmpdir(), "build-once-"));
    target = path.join(directory, "artifact");
  });
  afterEach(() => fs.rm(directory, { recursive: true }));

  it("builds what is not there, and only that", async () => {
    let builds = 0;
    const build = (draft: string): Promise<void> => {
      builds++;
      return fs.writeFile(draft, "made");
    };
    await buildOnce(target, build);
    await buildOnce(target, build);
    expect(builds).toBe(1);
    expect(await fs.readFile(target, "utf8")).toBe("made");
  });

  it("fails if the build fails, and leaves nothing behind", async () => {
    const build = async (draft: string): Promise<void> => {
      await fs.writeFile(draft, "half");
      throw new Error("no space");
    };
    await expect(buildOnce(target, build)).rejects.toThrow("no space");
    expect(await fs.readdir(directory)).toEqual([]);
  });

  it("removes the draft of a killed build and leaves that of a running one", async () => {
    // 2^22 is the kernel's upper limit of process numbers.
    await fs.writeFile(`${target}.draft-4194304-x`, "dead");
    await fs.writeFile(`${target}.draft-${process.ppid}-x`, "alive");
    await buildOnce(target, (draft) => fs.writeFile(draft, "made"));
    expect((await fs.readdir(directory)).sort()).toEqual(["artifact", `artifact.draft-${process.ppid}-x`]);
  });

  it("lets two builds of one directory finish side by side", async () => {
    const build = async (draft: string): Promise<void> => {
      await fs.mkdir(draft);
      await fs.writeFile(path.join(draft, "file"), "made");
    };
    await Promise.all([buildOnce(target, build), buildOnce(target, build)]);
    expect(await fs.readdir(directory)).toEqual(["artifact"]);
  });
});
