import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { constructIds } from "./construct-ids";
import { everyConstruct } from "./every-construct";

const outdir = mkdtempSync(path.join(tmpdir(), "construct-ids-"));
writeFileSync(path.join(__dirname, "../api/construct-ids.txt"), constructIds(everyConstruct(outdir)));
rmSync(outdir, { recursive: true });
