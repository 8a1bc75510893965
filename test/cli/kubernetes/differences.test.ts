import { differences } from "../../../cli/kubernetes/differences";

test.each<[string, unknown, unknown, string[]]>([
  ["nothing", { a: [1, { b: "x" }] }, { a: [1, { b: "x" }] }, []],
  ["the order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
  ["a value", { spec: { mtu: 1500 } }, { spec: { mtu: 9000 } }, ["spec.mtu is 9000 instead of 1500"]],
  ["an emptied text", { spec: { config: "x" } }, { spec: { config: "" } }, ['spec.config is empty instead of "x"']],
  ["a field that is gone", { spec: { config: "x" } }, { spec: {} }, ['spec.config is gone, it was "x"']],
  ["a field that was added", { spec: {} }, { spec: { vlan: 7 } }, ["spec.vlan was added: 7"]],
  ["a list's element", { list: ["a", "b"] }, { list: ["a", "c"] }, ['list[1] is "c" instead of "b"']],
  ["a list's end", { list: ["a", "b"] }, { list: ["a"] }, ['list[1] is gone, it was "b"']],
  ["a key with dots", { a: { "b.c/d": "1" } }, { a: {} }, ['a["b.c/d"] is gone, it was "1"']],
  ["the type", { a: "1" }, { a: 1 }, ['a is 1 instead of "1"']],
  ["an object for a text", { a: "1" }, { a: { b: 1 } }, ['a is {"b":1} instead of "1"']],
  ["null", { a: null }, { a: {} }, ["a is {} instead of null"]],
  [
    "a text that holds JSON",
    { spec: { config: '{"type":"macvlan","master":"eth1","ipam":{"type":"host-local"}}' } },
    { spec: { config: '{"type":"macvlan","ipam":{"type":"host-local"},"master":"eth9"}' } },
    ['spec.config.master is "eth9" instead of "eth1"'],
  ],
  [
    "a text that holds JSON no more",
    { spec: { config: '{"type":"macvlan"}' } },
    { spec: { config: '{"type":' } },
    ['spec.config is "{\\"type\\":" instead of "{\\"type\\":\\"macvlan\\"}"'],
  ],
])("%s", (_, expected, actual, words) => {
  expect(differences(expected, actual)).toEqual(words);
});

test("a long value is cut", () => {
  const [text] = differences({ config: "x".repeat(5000) }, { config: "" });
  expect(text?.length).toBeLessThan(200);
});
