/** Commands of the README that no other end-to-end test runs, as a user types them. */
import path from "node:path";
import { parse } from "yaml";
import { LabCommand, Story } from "./lab-command";
import { run } from "../../embedded/system/commands";

const lab = new LabCommand("e2e-readme");
const story = new Story();
const root = path.join(__dirname, "../..");
const MINUTES = 60_000;

/** A line of bash in the repository. */
async function bash(line: string, seconds: number): Promise<string> {
  const words = ["-euo", "pipefail", "-c", `cd -- "$1"\n${line}`, "bash", root];
  return (await run("bash", words, { timeoutMilliseconds: seconds * 1000 })).stdout;
}

beforeAll(() => lab.down(), 4 * MINUTES);
afterAll(() => lab.down(), 4 * MINUTES);

test(
  "the kubeconfig is one, and names the cluster's API server",
  story.step(async () => {
    await lab.run(["--yes", "up"], { seconds: 2_400 });
    const { clusters } = parse(await lab.run(["kubeconfig"])) as { clusters: { cluster: { server: string } }[] };
    expect(clusters.map(({ cluster }) => cluster.server)).toEqual([expect.stringMatching(/^https:\/\//)]);
  }),
  2_500_000,
);

test(
  "with the environment of ./lab env, cdktf deploys by hand",
  story.step(async () => {
    const text = await bash(`eval "$(./lab --name ${lab.name} env)" && npx cdktf deploy '*' --auto-approve`, 300);
    // Once for each of the two stacks, and nothing to change: it was just deployed.
    expect(text.match(/Apply complete! Resources: 0 added, 0 changed, 0 destroyed/g)).toHaveLength(2);
  }),
  6 * MINUTES,
);
