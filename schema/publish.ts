/** Writes what is published of the schema of configuration files; a test says when it has to run again. */
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { publishedFiles } from "./published-files";

const root = path.resolve(__dirname, "..");
for (const [file, text] of Object.entries(publishedFiles())) writeFileSync(path.join(root, file), text);
