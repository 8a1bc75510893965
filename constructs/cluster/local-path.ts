import * as os from "node:os";
import * as path from "node:path";

/** A path as the user wrote it, absolute: Terraform runs its programs in the synthesised stack's own directory. */
export function localPath(text: string): string {
  return text.startsWith("~/") ? path.join(os.homedir(), text.slice(2)) : path.resolve(text);
}
