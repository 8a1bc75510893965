import { visibleLines } from "../probe/visible";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { EXIT, Interrupted, LabError } from "./errors";
import type { GlobalOptions, UpOptions } from "./options";
import { endOwnChildren, Interruption } from "./process/interruption";

const HELP = path.join(__dirname, "help.txt");
const interruption = new Interruption();

/** The command line. Commands are loaded when they run, so that help is quick. */
function program(): Command {
  const lab = new Command("lab")
    .helpCommand(false)
    .showHelpAfterError('(see "./lab --help")')
    .configureHelp({ showGlobalOptions: true })
    .addOption(new Option("--name <name>", "name of the lab").default("lab").argParser(labName))
    .option("-y, --yes", "install what is missing without asking", false)
    .option("--json", "print data as JSON", false)
    .configureOutput({ writeErr: (text) => process.stderr.write(visibleLines(text)) })
    .exitOverride();
  lab.helpInformation = () => readFileSync(HELP, "utf8");
  addLifeCycle(lab);
  addAccess(lab);
  return lab;
}

function addLifeCycle(lab: Command): void {
  lab
    .command("up")
    .description("set up everything, deploy, print the verdict")
    .option("--lab <stack>", "which stack to put on the lab (see below)")
    .addOption(
      new Option("--cluster-network <network>", "what carries the pods").choices(["flannel", "ovn-kubernetes"]),
    )
    .option("--dry-run", "only say what would be done", false)
    .addHelpText("after", () => `\n${labsHelp()}`)
    .action(async (_, command: Command) =>
      finish((await import("./commands/up.js")).up(command.optsWithGlobals<UpOptions>(), interruption)),
    );
  lab
    .command("verify")
    .description("run the checks of a running lab again, without a deploy")
    .action(async (_, command: Command) =>
      finish((await import("./commands/verify.js")).verify(globals(command), interruption)),
    );
  lab
    .command("down")
    .description("destroy, remove the hosts, compare the machine with its baseline")
    .action(async (_, command: Command) =>
      finish((await import("./commands/down.js")).down(globals(command), interruption)),
    );
  lab
    .command("test")
    .description("type check, lint, unit tests, end-to-end tests")
    .option("--fast", "leave out what needs hosts", false)
    .action(async (own: { fast: boolean }, command: Command) =>
      finish((await import("./commands/test.js")).test({ ...globals(command), ...own }, interruption)),
    );
}

function addAccess(lab: Command): void {
  const access = (): Promise<typeof import("./commands/access.js")> => import("./commands/access.js");
  lab
    .command("report")
    .description("print the last verdict and where its files are")
    .action(async (_, command: Command) => finish((await import("./commands/report.js")).report(globals(command))));
  lab
    .command("doctor")
    .description("say what the machine lacks, and of every part whether it is real or a stand-in")
    .action(async (_, command: Command) => finish((await import("./commands/doctor.js")).doctor(globals(command))));
  lab
    .command("check")
    .description("say what is wrong in a configuration file, without a deploy")
    .argument("<file>", "YAML or JSON, as LAB_CONFIG names it")
    .action(async (file: string, _, command: Command) =>
      finish((await import("./commands/check.js")).check(file, globals(command))),
    );
  lab
    .command("exec")
    .description("run a command on a host")
    .argument("<host>", "a host of the lab, like server, agent or external")
    .argument("<command...>", "after --, the command and its arguments")
    .action(async (host: string, words: string[], _, command: Command) =>
      finish((await access()).exec(host, words, globals(command))),
    );
  lab
    .command("kubeconfig")
    .description("print the kubeconfig of the cluster")
    .action(async (_, command: Command) => finish((await access()).kubeconfig(globals(command))));
  lab
    .command("env")
    .description("print the environment that cdktf needs")
    .action(async (_, command: Command) => finish((await access()).env(globals(command))));
}

/** The part of help.txt that lists the stacks: the help of `up` shows it too, without loading them. */
function labsHelp(): string {
  const help = readFileSync(HELP, "utf8");
  return help.slice(help.indexOf("Labs "), help.indexOf("\nOptions "));
}

function globals(command: Command): GlobalOptions {
  return command.optsWithGlobals<GlobalOptions>();
}

function labName(text: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError(
    'use 1 to 20 lower-case letters, digits and "-", with a letter or digit at both ends.',
  );
}

async function finish(code: Promise<number>): Promise<void> {
  process.exitCode = await code;
}

async function main(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    process.exitCode = await exitCodeOf(error);
  }
  // Streams to ended children may still be open after an interruption.
  if (interruption.asked.aborted) process.exit();
}

async function exitCodeOf(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const told = interruption.asked.aborted ? new Interrupted() : (error as Error);
  if (told instanceof Interrupted) await endOwnChildren();
  process.stderr.write(`lab: ${visibleLines(told.message)}\n`);
  if (process.env.LAB_DEBUG === "1" && told.stack !== undefined) process.stderr.write(`${visibleLines(told.stack)}\n`);
  return told instanceof LabError ? told.exitCode : EXIT.failed;
}

void main();
