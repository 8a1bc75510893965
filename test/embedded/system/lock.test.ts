import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { withLock } from "../../../embedded/system/lock";

describe("withLock", () => {
  let file: string;

  beforeEach(async () => {
    file = path.join(await fs.mkdtemp(path.join(os.tmpdir(), "lock-")), "made", "lock");
  });

  afterEach(() => fs.rm(path.dirname(path.dirname(file)), { recursive: true }));

  it("lets one after the other run", async () => {
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    };
    await Promise.all([1, 2, 3, 4].map(() => withLock(file, work)));
    expect(most).toBe(1);
  });

  it("gives the result, and the lock back after a failure", async () => {
    await expect(withLock(file, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    await expect(withLock(file, () => Promise.resolve(7))).resolves.toBe(7);
  });

  it("is free again after its holder was killed", async () => {
    const lock = require.resolve("../../../embedded/system/lock");
    const script = `require(${JSON.stringify(lock)}).withLock(process.argv[1], () => new Promise(() => console.log("held")))`;
    const holder = spawn(process.execPath, ["--import", "tsx", "-e", script, file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    holder.kill("SIGKILL");
    await expect(withLock(file, () => Promise.resolve("free"))).resolves.toBe("free");
  });

  it("says which file cannot be locked", async () => {
    await expect(withLock("/sys/kernel/none", () => Promise.resolve())).rejects.toThrow(
      "/sys/kernel/none could not be locked",
    );
  });
});
