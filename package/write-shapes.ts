import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { publicShapes } from "./shapes";

writeFileSync(path.join(__dirname, "../constructs/private/assets/shapes.json"), publicShapes());
