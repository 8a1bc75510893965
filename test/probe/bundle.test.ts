import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { BUNDLE_PATH, bundleProbe } from "../../probe/bundle";

const text = readFileSync(BUNDLE_PATH, "utf8");

test("the checked-in bundle is what the sources give; else run `npm run build:probe`", async () => {
  expect(await bundleProbe()).toBe(text);
});

test("the bundle needs nothing but Node.js and fits a ConfigMap", () => {
  const required = [...text.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name?.replace(/^node:/, ""));
  expect(required.length).toBeGreaterThan(0);
  expect(required.filter((name) => !builtinModules.includes(name ?? ""))).toEqual([]);
  // A ConfigMap takes 1 MiB, configurations included (https://kubernetes.io/docs/concepts/configuration/configmap/).
  expect(text.length).toBeLessThan(200_000);
});
