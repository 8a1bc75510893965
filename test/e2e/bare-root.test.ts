/** The README's test command on a machine that has nothing installed; it does not run this test again, since that takes a lab's machine. */
import { BareRoot } from "./bare-root";
import { documentedTable } from "./documented";

const SECONDS = 30 * 60;

const command = documentedTable("README.md").find(([program, word]) => program === "./lab" && word === "test");
let system: BareRoot;

beforeAll(async () => {
  system = await BareRoot.make();
}, 600_000);

afterAll(() => system.remove());

test(
  "on a bare Debian the README's test command installs what it needs, and nothing fails or is skipped",
  async () => {
    const { code, output } = await system.run([...command!, "--fast", "--yes"], SECONDS);
    const lines = output.trimEnd().split("\n");
    const [last = ""] = lines.slice(-1);
    const skipped = lines.filter((line) => / skipped:$/.test(line));
    if (code !== 0 || skipped.length > 0) process.stderr.write(output);
    expect({ code, skipped, last }).toEqual({
      code: 0,
      skipped: [],
      last: expect.stringMatching(/^\d{4,} passed, 0 failed$/),
    });
  },
  (SECONDS + 60) * 1000,
);
