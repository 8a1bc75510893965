import { createWriteStream } from "node:fs";
import fs from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { buildOnce } from "../system/build-once";
import { sha256Of, type ArtifactSettings, type Report } from "./artifact";

const answers = new Map<string, Promise<boolean>>();

/** Whether a server answers within two seconds; asked once per run, so that a machine without internet is not held up. */
export function isReachable(settings: ArtifactSettings, url: string): Promise<boolean> {
  if (!settings.online) return Promise.resolve(false);
  const { origin } = new URL(url);
  const known = answers.get(origin);
  if (known) return known;
  const answer = fetch(origin, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(2_000) }).then(
    ({ status }) => status < 500,
    () => false,
  );
  answers.set(origin, answer);
  return answer;
}

/** A file on a server, and the digest that it must have. */
export interface Download {
  readonly url: string;
  readonly sha256: string;
  /** Where to keep it. */
  readonly target: string;
}

/** Downloads a file unless it is there; refuses one with another digest. */
export function download({ url, sha256, target }: Download, report: Report): Promise<string> {
  return buildOnce(target, async (draft) => {
    report(`downloading ${url}`);
    await fetchInto(url, draft);
    const got = await sha256Of(draft);
    if (got !== sha256) throw new Error(`${url} has SHA-256 ${got}, but ${sha256} is pinned; nothing was installed`);
    await fs.chmod(draft, 0o755);
  });
}

async function fetchInto(url: string, file: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(15 * 60_000) });
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
}
