import type { DeploymentKey } from "./deployment-key";
import { list, object, optional, text, tryParse, type Shape } from "./shape";

/** What a member of a ServiceCheck answers. */
export interface Answer {
  readonly name: string;
  /** Names of those that were heard in the group during the last two seconds, in alphabetical order. */
  readonly hears: readonly string[];
  /** Why the group could not be joined or sent to, the last time that it was tried. */
  readonly trouble?: string;
  /** Node that it runs on, where its environment says so. */
  readonly node?: string;
}

const answerShape: Shape<Answer> = object<Answer>({
  name: text(253),
  hears: list(text(253), 1000),
  trouble: optional(text(1000)),
  node: optional(text(253)),
});

/** An answer to one question as text: a signature that holds for that question alone, then the answer as JSON. */
export function signAnswer(key: DeploymentKey, question: string, answer: Answer): string {
  const json = JSON.stringify(answer);
  return `${key.sign("answer", question, json).toString("hex")} ${json}\n`;
}

/** Reads {@link signAnswer}'s text; gives nothing where it was not signed by the deployment for this question. */
export function readAnswer(key: DeploymentKey, question: string, received: string): Answer | undefined {
  const [, signature = "", json = ""] = /^([0-9a-f]{64}) ([^\n]+)\n$/.exec(received) ?? [];
  if (json === "" || !key.verify("answer", Buffer.from(signature, "hex"), question, json)) return undefined;
  return tryParse(json, answerShape);
}
