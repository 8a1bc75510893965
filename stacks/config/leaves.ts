import * as path from "node:path";
import { z } from "zod";
import { filePath, sha256 } from "../../constructs/private/rules";
import type { Rule } from "../../constructs/private/validate";
import type { FileArtifact } from "../../constructs/cluster/k3s-release";
import { objectOf } from "./plain";

/** Text that a rule of the library accepts. */
export function text(rule: Rule<string>) {
  return z.string().superRefine((value, context) => refuse(context, rule, value));
}

/** A number that a rule of the library accepts. */
export function number(rule: Rule<number>) {
  return z.number().superRefine((value, context) => refuse(context, rule, value));
}

function refuse<T>(context: z.RefinementCtx<T>, rule: Rule<T>, value: T): void {
  const violation = rule(value);
  if (violation) context.addIssue({ code: "custom", params: violation });
}

/** What depends on where the configuration file lies. */
export class FileLeaves {
  /** Path of a file or directory; relative ones start at the configuration file. */
  public readonly path: z.ZodType<string, string>;
  /** A pinned file. */
  public readonly artifact: z.ZodType<FileArtifact>;

  public constructor(directory: string) {
    this.path = text(filePath).transform((value) => (value.startsWith("~/") ? value : path.resolve(directory, value)));
    this.artifact = objectOf<FileArtifact>("FileArtifact")({ path: this.path, sha256: text(sha256) });
  }
}

/** A mapping with exactly one of the keys: the way that is taken. */
export function oneWayOf<Shape extends Record<string, z.ZodOptional>>(shape: Shape) {
  const known = Object.keys(shape);
  return z
    .strictObject(shape)
    .superRefine((value, context) => {
      // A key that is not known may be a slip of the one that is wanted, and is told already.
      if (context.issues.length > 0 || Object.keys(value as object).length === 1) return;
      const params = { must: `have exactly one of the keys ${known.join(", ")}`, use: "the one that fits" };
      context.addIssue({ code: "custom", params });
    })
    .meta({ minProperties: 1, maxProperties: 1 });
}
