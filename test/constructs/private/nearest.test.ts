import { nearest } from "../../../constructs/private/nearest";

const KNOWN = ["k3s-media", "offline-planes", "multus-quickstart", "lab"];

test.each([
  ["k3smedia", "k3s-media"],
  ["K3S-media", "k3s-media"],
  ["ofline-plane", "offline-planes"],
  ["quickstart", "multus-quickstart"],
  ["labs", "lab"],
  ["lab", "lab"],
  ["", "lab"],
])("%j is nearest to %j", (word, expected) => {
  expect(nearest(word, KNOWN)).toBe(expected);
});

test("where nothing is known, nothing is near", () => {
  expect(nearest("lab", [])).toBeUndefined();
});
