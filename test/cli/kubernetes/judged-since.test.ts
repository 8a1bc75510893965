import { judgedSince } from "../../../cli/kubernetes/verdicts";
import type { CheckResult } from "../../../cli/report";

const result = (checkName: string, judgedAt?: string): CheckResult =>
  ({ checkName, namespace: "media", report: judgedAt && { times: { judgedAt } } }) as CheckResult;

test("a report that was there before is none of a check that was judged anew", () => {
  const before = [result("a", "10:00"), result("b", "10:00"), result("c")];
  const now = [result("a", "10:00"), result("b", "10:01"), result("c", "10:01"), result("d", "10:01")];
  expect(judgedSince(before, now).map(({ checkName, report }) => [checkName, report?.times.judgedAt])).toEqual([
    ["a", undefined],
    ["b", "10:01"],
    ["c", "10:01"],
    ["d", "10:01"],
  ]);
});
