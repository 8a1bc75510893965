/** The table of shapes beside the types that it is made of. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { publicShapes } from "../../package/shapes";
import { root } from "../helpers/source-files";

test("constructs/private/assets/shapes.json is what `npm run api` makes of the types", () => {
  expect(readFileSync(path.join(root, "constructs/private/assets/shapes.json"), "utf8")).toBe(publicShapes());
});
