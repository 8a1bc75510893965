import { nameFromPath, shortened } from "../../../constructs/private/names";
import { dns1123Label } from "../../../constructs/private/rules";
import { Construct } from "../../../constructs/private/terraform";
import { newStack } from "../../helpers/synth";

function nameOf(...ids: string[]) {
  const inner = ids.reduce<Construct>((scope, id) => new Construct(scope, id), newStack());
  return nameFromPath(inner);
}

test("an id in PascalCase gives its words", () => {
  expect([nameOf("Plane"), nameOf("MediaPlane"), nameOf("Plane2")]).toEqual(["plane", "media-plane", "plane2"]);
});

test("ids that would give the same words are told apart, and each is a label of 63 characters at most", () => {
  const paths = [
    ["MediaPlane"],
    ["Media", "Plane"],
    ["mediaPlane"],
    ["media-plane"],
    ["Media Plane"],
    ["média-plane"],
    ["IPPlane"],
    ["IpPlane"],
    ["日本"],
    ["-"],
    ["x".repeat(200)],
    [`${"x".repeat(199)}y`],
    [`X${"x".repeat(62)}`],
    [`X${"x".repeat(63)}`],
  ];
  const names = paths.map((ids) => nameOf(...ids));
  expect(new Set(names).size).toBe(paths.length);
  expect(names.filter((name) => dns1123Label(name))).toEqual([]);
});

test("a name depends on nothing but the path inside the stack", () => {
  expect(nameOf("Media", "Plane")).toBe(nameOf("Media", "Plane"));
  expect(nameFromPath(new Construct(newStack("other"), "a"))).toBe(nameFromPath(new Construct(newStack(), "a")));
});

test("a text that fits is not changed, one that does not keeps its start", () => {
  expect(shortened("nad-plane", 9)).toBe("nad-plane");
  expect(shortened("nad-a-very-long-plane", 20)).toMatch(/^nad-a-very-[0-9a-f]{8}$/);
});
