import { ApiError, type KubeApi } from "./kube-api";
import { LineSplitter } from "./line-splitter";

/** A pod may start later than the verdict, and a log connection may end: it is opened again after this pause. */
const REOPEN_PAUSE_MS = 500;

/** Hands each line of a pod's log to `onLine` until `signal` aborts, beginning some seconds in the past. */
export async function followLog(
  api: KubeApi,
  pod: { readonly namespace: string; readonly name: string; readonly historySeconds: number },
  onLine: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const query = `container=probe&follow=true&sinceSeconds=${pod.historySeconds}`;
  const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log?${query}`;
  while (!signal.aborted) {
    try {
      const response = await api.open(path, signal);
      const lines = new LineSplitter(onLine);
      for await (const chunk of response) lines.push(chunk as Buffer);
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
