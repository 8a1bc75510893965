import { Construct, Token } from "../../../constructs/private/terraform";
import { Faults, type Rule } from "../../../constructs/private/validate";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";

const even: Rule<number> = (value) => (value % 2 ? { must: "be even", use: `${value + 1}` } : undefined);
const small: Rule<number> = (value) => (value > 9 ? { must: "be small", use: "9 or less" } : undefined);

function check(value: number | undefined) {
  return faultsOf(() => new Faults(new Construct(newStack(), "Plane")).check("mtu", value, even, small).throwIfAny());
}

test("a fault names path, field, what is allowed, the value and what to do", () => {
  expect(check(3)).toEqual(["[lab/Plane] mtu must be even, got 3; use 4"]);
});

test("of a field's rules the first that refuses speaks", () => {
  expect(check(11)).toHaveLength(1);
  expect(check(12)[0]).toContain("be small");
});

test("a missing value and one that is known only at apply are left alone", () => {
  expect(check(undefined)).toEqual([]);
  expect(check(Token.asNumber({ "Fn::Later": 1 }))).toEqual([]);
});
