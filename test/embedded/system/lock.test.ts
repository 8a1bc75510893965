import { spawn } from "node:child_process";
import { once } from "node:events";
import { tryLock, withLock } from "../../../embedded/system/lock";

const name = `lock-test-${process.pid}`;

test("tryLock gives a lock once, and again after its release", async () => {
  const first = await tryLock(name);
  expect(first).toBeDefined();
  const other = await tryLock(`${name}-other`);
  await expect(tryLock(name)).resolves.toBeUndefined();
  await first?.release();
  const second = await tryLock(name);
  expect(second).toBeDefined();
  await Promise.all([second?.release(), other?.release()]);
});

test("withLock lets one after the other run", async () => {
  let running = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
  };
  await Promise.all([1, 2, 3, 4].map(() => withLock(name, work)));
  expect(most).toBe(1);
});

test("withLock gives the result, and the lock back after a failure", async () => {
  await expect(withLock(name, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  await expect(withLock(name, () => Promise.resolve(7))).resolves.toBe(7);
});

test("a holder that was killed lets those who wait go on", async () => {
  const lock = require.resolve("../../../embedded/system/lock");
  const script = `require(${JSON.stringify(lock)}).withLock(process.argv[1], () => new Promise(() => console.log("held")))`;
  const holder = spawn(process.execPath, ["--import", "tsx", "-e", script, name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  const waiting = withLock(name, () => Promise.resolve("free"));
  holder.kill("SIGKILL");
  await expect(waiting).resolves.toBe("free");
});
