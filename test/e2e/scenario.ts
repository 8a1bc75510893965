import { documentedCommands } from "./documented";
import { LabCommand, Story } from "./lab-command";

const MINUTES = 60_000;

/** A story whose lab a page's own commands bring up, judge and take down. */
export function scenario(labName: string, page: string) {
  const lab = new LabCommand(labName);
  const story = new Story();
  const [up = [], verify = [], down = []] = documentedCommands(page);
  beforeAll(() => lab.down(), 4 * MINUTES);
  afterAll(() => lab.down(), 4 * MINUTES);
  return { lab, story, up, verify, down };
}
