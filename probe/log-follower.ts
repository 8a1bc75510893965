import { ApiError, type KubeApi } from "./kube-api";
import { LineSplitter } from "./line-splitter";

/** A pod may start later than the verdict, and a log connection may end: it is opened again after this pause. */
const REOPEN_PAUSE_MS = 500;

/** Takes a line; `isNews` is false for one that was there before the follower began. */
export type OnLine = (text: string, isNews: boolean) => void;

/** A pod's log, and how many of its last lines are read each time that it is opened. */
export interface PodLog {
  readonly namespace: string;
  readonly name: string;
  readonly lines: number;
}

/**
 * Hands each line of a pod's log to `onLine` until `signal` aborts: first those that are there, read once to their end, then
 * what is written from then on. Lines are counted and not dated, since a node's clock may be wrong, or be put right meanwhile.
 * A log that is opened again gives some lines once more.
 */
export async function followLog(api: KubeApi, pod: PodLog, onLine: OnLine, signal: AbortSignal): Promise<void> {
  const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log?container=probe&tailLines=${pod.lines}`;
  const read = async (query: string, isNews: boolean): Promise<void> => {
    const lines = new LineSplitter((text) => onLine(text, isNews));
    for await (const chunk of await api.open(`${path}${query}`, signal)) lines.push(chunk as Buffer);
  };
  let hasHistory = false;
  while (!signal.aborted) {
    try {
      if (!hasHistory) await read("", false);
      hasHistory = true;
      await read("&follow=true", true);
    } catch (error) {
      // The reason is not lost: a pod that cannot be read is diagnosed from its state and its missing lines.
      if (!signal.aborted && !(error instanceof ApiError)) api.retries += 1;
    }
    await pause(REOPEN_PAUSE_MS, signal);
  }
}

/** Waits, or returns at once when aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener("abort", finish);
  });
}
