/** One measured run in a process of its own: `library N OUT` or `plain JSON OUT`; prints milliseconds and bytes as JSON. */
import { libraryApp, plainApp, plainResources } from "./synth-apps";

const [kind, source = "", outdir = ""] = process.argv.slice(2);
const work = kind === "library" ? () => libraryApp(outdir, Number(source)) : plainRun(source);
const started = process.cpuUsage();
work();
const { user, system } = process.cpuUsage(started);
const milliseconds = (user + system) / 1000;
process.stdout.write(JSON.stringify({ milliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));

function plainRun(file: string): () => void {
  const resources = plainResources(file);
  return () => plainApp(outdir, resources);
}
