import * as fs from "node:fs";
import { ConfigError } from "./faults";

/** More than any lab needs, and little enough to parse at once. */
const LARGEST_BYTES = 1024 * 1024;

/**
 * The text of a configuration file.
 *
 * @throws ConfigError where the file cannot be read or is no text.
 */
export function readConfigText(file: string): string {
  const bytes = readBytes(file);
  if (bytes[0] === 0xff || bytes[0] === 0xfe)
    throw unreadable(file, "must be UTF-8 text, got UTF-16; save it as UTF-8");
  try {
    // Drops a byte order mark.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(file, "must be UTF-8 text, got bytes that are none; save it as UTF-8");
  }
}

function readBytes(file: string): Buffer {
  let descriptor: number;
  try {
    // Without O_NONBLOCK a named pipe would be waited for.
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch (error) {
    throw unreadable(file, `cannot be read: ${reasonOf(error)}`);
  }
  try {
    const status = fs.fstatSync(descriptor);
    if (status.isDirectory()) throw unreadable(file, "must be a file, got a directory");
    if (!status.isFile()) throw unreadable(file, "must be a regular file");
    if (status.size > LARGEST_BYTES)
      throw unreadable(file, `must have ${LARGEST_BYTES} bytes at most, got ${status.size}`);
    return fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function unreadable(file: string, message: string): ConfigError {
  return new ConfigError(file, [{ message }]);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: "there is no such file",
    EACCES: "permission denied",
    ELOOP: "its symbolic links go round in a circle",
    ENOTDIR: "a part of its path is no directory",
    ENAMETOOLONG: "its name is too long",
  };
  return reasons[code ?? ""] ?? message;
}
