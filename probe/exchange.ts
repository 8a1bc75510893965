import { connect } from "node:net";

/** One question by TCP and its answer. */
export interface Question {
  readonly host: string;
  readonly port: number;
  /** What is sent first. */
  readonly text: string;
  /** The answer must be whole by then, however it drips. */
  readonly withinMs: number;
  /** Longer answers are not read. */
  readonly maxBytes: number;
}

/**
 * Sends the text, and gives all that comes back until the other side ends.
 *
 * @throws Error when there is no connection, or no whole answer in time or in length.
 */
export function exchange({ host, port, text, withinMs, maxBytes }: Question): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const connection = connect({ host, port }, () => connection.write(text));
    const timer = setTimeout(
      () => connection.destroy(new Error(length > 0 ? `no end within ${withinMs} ms` : `no answer for ${withinMs} ms`)),
      withinMs,
    );
    connection.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) connection.destroy(new Error(`the answer is longer than ${maxBytes} bytes`));
      else chunks.push(chunk);
    });
    connection.on("error", ({ message }) => reject(new Error(`${message} (${host}:${port})`)));
    connection.on("close", () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString("utf8"));
    });
  });
}
