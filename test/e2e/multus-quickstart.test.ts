/** Multus' quick start, by the commands of docs/scenarios/multus-quickstart.md. */
import { documentedCommands } from "./documented";
import { LabCommand, Story } from "./lab-command";

const lab = new LabCommand("e2e-quickstart");
const story = new Story();
const [up = [], verify = [], down = []] = documentedCommands("docs/scenarios/multus-quickstart.md");

const UP_SECONDS = 2_400;
const MINUTES = 60_000;

beforeAll(() => lab.down(), 4 * MINUTES);
afterAll(() => lab.down(), 4 * MINUTES);

test(
  "up ends with exit code 0",
  story.step(async () => {
    expect(up).toEqual(["up", "--lab", "multus-quickstart"]);
    const text = await lab.run(["--yes", ...up], { seconds: UP_SECONDS });
    expect(text).toMatch(/lab e2e-quickstart: PASSED, (\d+) of \1 expectations held/);
  }),
  UP_SECONDS * 1000,
);

test(
  "verify is green",
  story.step(async () => {
    expect(verify).toEqual(["verify"]);
    await lab.verify("passed");
  }),
  2 * MINUTES,
);

test(
  "down leaves nothing behind",
  story.step(async () => {
    expect(down).toEqual(["down"]);
    expect(await lab.down()).toMatch(/^residue: 0$/m);
  }),
  4 * MINUTES,
);
