import { bundleDirectory } from "../../../embedded/artifacts/bundle";

test("there is no bundle unless LAB_BUNDLE names one", () => {
  expect(bundleDirectory(undefined)).toBeUndefined();
  expect(bundleDirectory("")).toBeUndefined();
  expect(bundleDirectory(__dirname)).toBe(__dirname);
});

test.each(["/nonexistent", __filename])("fails if LAB_BUNDLE names %s", (named) => {
  expect(() => bundleDirectory(named)).toThrow(`LAB_BUNDLE must name a directory of real parts, got "${named}"`);
});
