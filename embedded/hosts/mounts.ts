import fs from "node:fs/promises";

/** Mount points in the text of a mountinfo file, in the order they were mounted. */
export function parseMountPoints(mountinfo: string): string[] {
  return mountinfo
    .split("\n")
    .map((line) => line.split(" ")[4])
    .filter((point) => point !== undefined)
    .map((point) => point.replace(/\\([0-7]{3})/g, (_match, code: string) => String.fromCharCode(parseInt(code, 8))));
}

/** This machine's mount points. */
export async function machineMountPoints(): Promise<string[]> {
  return parseMountPoints(await fs.readFile("/proc/self/mountinfo", "utf8"));
}

/** Mount points at or below a directory, in the order they were mounted. */
export async function mountsBelow(directory: string): Promise<string[]> {
  return (await machineMountPoints()).filter((point) => point === directory || point.startsWith(`${directory}/`));
}
