import { createHash } from "node:crypto";
import { canMakeHostRoot, HostRoot } from "./host-root";

/** Moments for each step; the closing note of a change to the steps names the numbers of a run with HOST_KILLS=40. */
const moments = Number(process.env.HOST_KILLS ?? 2);
const killed = ["guard-create", "install", "guard-destroy"] as const;
const seed = process.env.HOST_KILLS_SEED ?? "multicast-lab";

const runs = killed.flatMap((step) => Array.from({ length: moments }, (_, index) => ({ step, index })));

/** A number from 1 to `commands`, the same for the same seed. */
function momentOf(step: string, index: number, commands: number): number {
  const digest = createHash("sha256").update(`${seed} ${step} ${index}`).digest();
  return 1 + (digest.readUInt32BE(0) % commands);
}

/** Puts the host where `step` is the next. */
async function prepare(host: HostRoot, step: (typeof killed)[number]): Promise<void> {
  for (const before of ["guard-create", "files", "install"]) {
    if (before === step) return;
    expect(await host.step(before)).toMatchObject({ code: 0 });
  }
}

(canMakeHostRoot ? describe : describe.skip)("a step that is killed (needs root and namespaces)", () => {
  const commands: Record<string, number> = {};

  beforeAll(async () => {
    const host = await HostRoot.start();
    for (const step of ["guard-create", "files", "install", "guard-destroy"]) {
      const { code, output } = await host.step(step, {}, 0);
      if (code !== 0) throw new Error(output);
      commands[step] = Number(host.exec("cat /dev/commands"));
    }
    host.stop();
  });

  test.each(runs)("$step, moment $index: the next apply or destroy works", async ({ step, index }) => {
    const host = await HostRoot.start();
    try {
      const before = host.look();
      await prepare(host, step);
      const moment = momentOf(step, index, commands[step] ?? 1);
      const end = await host.step(step, {}, moment);
      expect({ moment, code: end.code }).toEqual({ moment, code: 1 });
      // Every other run applies again before it destroys. A guard that failed has nothing to destroy (ADR 0007).
      const steps =
        index % 2 === 0 || step === "guard-create"
          ? ["guard-create", "files", "install", "guard-destroy"]
          : ["guard-destroy"];
      for (const next of steps) expect({ moment, ...(await host.step(next)) }).toMatchObject({ moment, code: 0 });
      expect(host.look()).toBe(before);
    } finally {
      host.stop();
    }
  });
});
