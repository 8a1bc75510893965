/** Text of others at every place where it reaches a screen, a file that people read, or Terraform's error: nothing of it goes out raw. */
import { ValidationError } from "../../constructs/private/validate";
import { MulticastGroup } from "../../constructs/verification/multicast-group";
import { VerificationPod } from "../../constructs/verification/verification-pod";
import { phaseLine } from "../../cli/progress/phase";
import { labReport, renderHtml, renderJson, renderJunit, renderMatrix } from "../../cli/report";
import { failureMessages, signed } from "../../probe/publish";
import type { Report } from "../../probe/report";
import { visible, visibleJson, visibleLines } from "../../probe/visible";
import { ConfigError } from "../../stacks/config/faults";
import { RefusedInput } from "../../stacks/refused-input";
import { verdictOn } from "../probe/scene";
import { newStack } from "../helpers/synth";
import { surroundings } from "../helpers/test-cluster";

/** One of each kind: C0, C1, the bidirectional overrides, isolates and marks, separators, invisibles, half a pair. */
const unseen =
  "\u0000\u0007\b\u001b[2J\r\u007f\u0085\u009b31m\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e" +
  "\u2060\u2066\u2067\u2068\u2069\ufeff\ufff9\ud800\u{e0041}";
/** Raw, whatever library prints it. */
const raw =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]/;

function faultOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof ValidationError) return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}

/** A pod with that in one of its fields. */
function podWith(props: object): string {
  const stack = newStack();
  const { namespace } = surroundings(stack);
  return faultOf(() => new VerificationPod(stack, "Pod", { namespace, command: ["node"], ...props }));
}

function hostileReport(): Report {
  const report = verdictOn({ joinError: unseen, control: { ear: () => 0 }, heard: { ear: () => 0 } });
  const [first, ...rest] = report.receivers;
  return {
    ...report,
    summary: unseen,
    receivers: [{ ...first!, name: unseen, node: unseen, reason: unseen, verdict: "failed" }, ...rest],
    sender: { ...report.sender, evidence: { ...report.sender.evidence!, operstate: unseen } },
    verdict: "failed",
  };
}

const lab = labReport({
  labName: unseen,
  createdAt: "2026-11-27T12:00:00Z",
  command: "verify",
  durationSeconds: 1,
  phases: [],
  artifacts: [],
  hosts: [],
  versions: { [unseen]: unseen },
  checks: [{ checkName: unseen, namespace: "media", report: hostileReport() }],
});

test.each<[string, () => string]>([
  ["a refused value", () => podWith({ podName: unseen })],
  ["the name of a refused variable", () => podWith({ env: { [unseen]: "x" } })],
  ["the name of a refused label", () => podWith({ labels: { [unseen]: "x" } })],
  [
    "a refused group",
    () =>
      faultOf(() => {
        throw new ValidationError([
          {
            construct: unseen,
            field: unseen,
            got: MulticastGroup.of(unseen, { port: 1 }).address,
            must: unseen,
            use: unseen,
          },
        ]);
      }),
  ],
  ["a refused configuration", () => new ConfigError(unseen, [{ message: unseen }]).message],
  ["refused input", () => new RefusedInput(unseen).message],
  ["a warning on the verdict's pod", () => failureMessages(hostileReport()).join("\n")],
  ["the report of a verdict", () => JSON.stringify(signed(hostileReport(), { name: "v", uid: "u" }))],
  ["its summary", () => signed(hostileReport(), { name: "v", uid: "u" }).summary],
  ["the report as text", () => renderMatrix(lab, { color: false, width: 100 } as never)],
  ["the report as a page", () => renderHtml(lab)],
  ["the report for CI", () => renderJunit(lab)],
  ["the report for programs", () => renderJson(lab)],
  ["a phase", () => phaseLine({ id: "x", title: "x", state: "running", startedAt: 0, note: unseen }, 0, 500)],
  ["an error of ./lab", () => visibleLines(`${unseen}\n${unseen}`)],
])("%s shows what cannot be seen", (_, text) => {
  const shown = text();
  expect(shown).toMatch(/1b/i);
  expect(raw.exec(shown)?.[0]?.codePointAt(0)?.toString(16)).toBeUndefined();
});

test("what can be seen stays as it is", () => {
  const text = 'Grüße, 日本語 👍🏽 \\n {"a": 1}';
  expect([visible(text), visibleLines(`${text}\n${text}`)]).toEqual([text, `${text}\n${text}`]);
  expect(JSON.parse(visibleJson(JSON.stringify({ text, unseen }, undefined, 2)))).toEqual({ text, unseen });
});
