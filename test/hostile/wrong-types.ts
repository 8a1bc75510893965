import { Fn, Lazy, TerraformVariable, Token, type TerraformStack } from "../../constructs/private/terraform";

/** Values that no compiler let through: each is refused by path and field, or means the same as a right one. */
export function wrongValues(): Record<string, unknown> {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const list: unknown[] = [];
  list.push(list);
  const throwing = () => {
    throw new TypeError("of the caller's own");
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return {
    null: null,
    "a number": 7,
    NaN: Number.NaN,
    infinity: Number.POSITIVE_INFINITY,
    "a BigInt": 7n,
    "a symbol": Symbol("x"),
    "a function": () => "eth1",
    true: true,
    "a text": "eth1",
    "a String object": new String("eth1"),
    "a Number object": new Number(7),
    "a list with a text": ["eth1"],
    "a list with a hole": Array(2),
    "an empty object": {},
    "a circle": circle,
    "a list in itself": list,
    "no prototype": Object.create(null),
    "a getter that throws": Object.defineProperty({}, "name", { get: throwing, enumerable: true }),
    "a toJSON that throws": { toJSON: throwing },
    "a Proxy that throws": new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing, getPrototypeOf: throwing }),
    "a revoked Proxy": proxy,
    "a Map": new Map([["a", 1]]),
    "a Date": new Date(0),
    "an Error": new Error("x"),
  };
}

/** Each kind of what Terraform knows only later. */
export function tokens(stack: TerraformStack): Record<string, unknown> {
  const variable = new TerraformVariable(stack, "Later", { type: "string" });
  return {
    "a variable": variable.stringValue,
    "a variable in a text": `eth${variable.stringValue}`,
    "a number": variable.numberValue,
    "a list": variable.listValue,
    "a boolean": variable.booleanValue,
    "a map": Token.asStringMap(variable.fqn),
    "a function of Terraform": Fn.upper(variable.stringValue),
    "a lazy text": Lazy.stringValue({ produce: () => "${var.Later}" }),
    "a lazy list": Lazy.listValue({ produce: () => ["eth1"] }),
    "a text that looks like one": "${TfToken[TOKEN.99999999]}",
  };
}
