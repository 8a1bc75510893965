import { spawn } from "node:child_process";
import { once } from "node:events";
import { endLeftOvers, LAB_MARK } from "../../../cli/process/left-over";
import { parseStat, processTable } from "../../../cli/process/process-table";

const SLEEP = ["-e", "process.stdout.write('ready'); setInterval(() => undefined, 1000)"];

async function start(mark: string, script = SLEEP): Promise<ReturnType<typeof spawn>> {
  const env = { PATH: process.env.PATH, [LAB_MARK]: mark };
  const child = spawn(process.execPath, script, { env, detached: true, stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "data");
  return child;
}

test("ends the processes of one lab and no others, whoever their parent is", async () => {
  const directory = `/nonexistent/labs/test-${process.pid}`;
  const mine = await start(directory);
  const other = await start(`${directory}-other`);
  const ended = once(mine, "close");
  expect(await endLeftOvers(directory)).toBe(1);
  expect((await ended)[1]).toBe("SIGTERM");
  expect(other.exitCode).toBeNull();
  other.kill();
  await once(other, "close");
});

test("ends also a process that ignores the request to end", async () => {
  const directory = `/nonexistent/labs/stubborn-${process.pid}`;
  const stubborn = await start(directory, ["-e", `process.on("SIGTERM", () => undefined); ${SLEEP[1]}`]);
  const ended = once(stubborn, "close");
  await endLeftOvers(directory);
  expect((await ended)[1]).toBe("SIGKILL");
});

test("this process is in the table, with its parent", async () => {
  expect((await processTable()).find(({ pid }) => pid === process.pid)?.parent).toBe(process.ppid);
});

test("a program's name may hold blanks and parentheses", () => {
  const rest = Array.from({ length: 16 }, (_, index) => index).join(" ");
  expect(parseStat(7, `7 (a) b (c) S 1 2 ${rest} 4711 0`)).toEqual({
    pid: 7,
    name: "a) b (c",
    parent: 1,
    group: 2,
    startTime: "4711",
  });
});
