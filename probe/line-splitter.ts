/** A probe's line has some thousand bytes; a host with ten thousand routes still fits. */
export const MAX_LINE_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;

/** Cuts a stream into lines and never holds more than one: of a line that is too long nothing is handed on but that it was there. */
export class LineSplitter {
  private parts: Buffer[] = [];
  private length = 0;

  public constructor(
    private readonly onLine: (text: string) => void,
    private readonly onTooLong: () => void = () => undefined,
    private readonly maxBytes = MAX_LINE_BYTES,
  ) {}

  public push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.keep(chunk.subarray(from, end));
      this.finish();
      from = end + 1;
    }
    this.keep(chunk.subarray(from));
  }

  private keep(part: Buffer): void {
    if (part.length === 0) return;
    const wasTooLong = this.length > this.maxBytes;
    this.length += part.length;
    if (this.length <= this.maxBytes) this.parts.push(part);
    else if (!wasTooLong) {
      this.parts = [];
      this.onTooLong();
    }
  }

  private finish(): void {
    const text = Buffer.concat(this.parts).toString("utf8");
    const whole = this.length <= this.maxBytes;
    this.parts = [];
    this.length = 0;
    if (whole) this.onLine(text.endsWith("\r") ? text.slice(0, -1) : text);
  }
}
