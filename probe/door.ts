import type { Server, Socket } from "node:net";

/** Strangers that wait at a time; one more, and the one that waits longest is sent away. */
const MAX_WAITING = 32;
/** Longest first line. */
const MAX_LINE_BYTES = 256;

/** What a server does with those who knock. */
export interface DoorRules {
  /** The first line must be whole by then. */
  readonly withinMs: number;
  /** What is sent to a stranger at once; nothing where undefined. */
  readonly greet?: (connection: Socket) => void;
}

/**
 * Takes connections to a port that anything can reach: each gets a short time and few bytes for its first line, which is handed to
 * `onLine`, and only so many are held at a time. A stranger costs little and keeps no others away.
 */
export function admit(
  server: Server,
  { withinMs, greet }: DoorRules,
  onLine: (connection: Socket, line: string) => void,
): void {
  const waiting = new Set<Socket>();
  server.on("connection", (connection: Socket) => {
    let text = "";
    const leave = (): void => void waiting.delete(connection);
    const timer = setTimeout(() => connection.destroy(), withinMs);
    waiting.add(connection);
    if (waiting.size > MAX_WAITING) [...waiting][0]?.destroy();
    connection.on("close", () => {
      clearTimeout(timer);
      leave();
    });
    // The other side may be gone before it has read.
    connection.on("error", () => connection.destroy());
    const read = (chunk: Buffer): void => {
      text += chunk.toString("latin1");
      const end = text.indexOf("\n");
      if (end < 0 && text.length <= MAX_LINE_BYTES) return;
      connection.off("data", read);
      if (end < 0 || end > MAX_LINE_BYTES) return void connection.destroy();
      clearTimeout(timer);
      leave();
      // What comes after the line is let go.
      connection.resume();
      onLine(connection, text.slice(0, end).trimEnd());
    };
    connection.on("data", read);
    greet?.(connection);
  });
}
