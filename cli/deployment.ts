import { existsSync } from "node:fs";
import type { Artifacts } from "../embedded/artifacts";
import type { Lab } from "../embedded/hosts";
import { Interrupted } from "./errors";
import { writeFailureBundle } from "./failure-bundle";
import { completed, judge, judgedSince, verdictIds } from "./judgement";
import { findDrift, putRight, type Drift } from "./kubernetes/drift";
import type { Kubectl } from "./kubernetes/kubectl";
import { labFiles } from "./lab-files";
import type { Found } from "./measured";
import type { Interruption } from "./process/interruption";
import type { Progress } from "./progress/progress";
import type { DeclaredLab } from "./terraform/declared";
import { DeployPhases } from "./terraform/output";
import type { SynthesisedStack } from "./terraform/stacks";
import type { LabTerraform } from "./terraform/terraform";

/** A deploy that failed, with what the checks found until then. */
export class DeployFailed extends Error {
  public constructor(
    public readonly found: Found,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

/** What was in the cluster before a deploy. */
interface Survey {
  readonly drift: readonly Drift[];
  /** UIDs of the verdict pods; those that come later are of the deploy. Nothing where the cluster could not be asked. */
  readonly verdicts?: ReadonlySet<string>;
  /** Why the cluster could not be asked. */
  readonly fault?: Error;
}

/** A lab's stacks, to be deployed and judged. */
export interface Deployable {
  readonly lab: Lab;
  readonly artifacts: Artifacts;
  readonly stacks: readonly SynthesisedStack[];
  /** What these stacks declare. */
  readonly declared: DeclaredLab;
  /** What the stacks declared that were deployed last; nothing on hosts that are new. */
  readonly deployed?: DeclaredLab;
}

/** What a deploy is done with. */
export interface DeployTools {
  readonly terraform: Pick<LabTerraform, "deploy" | "hasChanges" | "remake">;
  readonly kubectl: Kubectl;
  readonly progress: Progress;
  readonly interruption: Pick<Interruption, "stops">;
}

/** Deploys what is not as the stacks say, and judges every check in any case. */
export class Deployment {
  public constructor(
    private readonly deployable: Deployable,
    private readonly tools: DeployTools,
  ) {}

  /**
   * Brings the lab to what its stacks say, and says what the checks found in this run.
   *
   * @throws DeployFailed when the deploy fails.
   */
  public async run(): Promise<Found & { readonly changed: boolean }> {
    const { declared, deployed } = this.deployable;
    const { survey, changed } = deployed === undefined ? NEW_LAB : await this.look(deployed);
    if (!changed && survey.fault !== undefined) throw survey.fault;
    if (changed) await this.deploy(survey);
    const found = await this.tools.progress.run("verify", "checks", () =>
      this.tools.interruption.stops(this.judged(changed, survey)),
    );
    const left =
      changed && deployed !== undefined
        ? await this.tools.interruption.stops(findDrift(this.tools.kubectl, declared))
        : [];
    return {
      changed,
      checks: found.checks,
      faults: left.map(({ text }) => text),
      notes: [...survey.drift.map(({ text }) => `put right: ${text}`), ...(found.notes ?? [])],
    };
  }

  /** Whether there is anything to deploy: by Terraform's plan, and by what it does not look at. */
  private async look(deployed: DeclaredLab): Promise<{ survey: Survey; changed: boolean }> {
    return this.tools.progress.run("plan", "plan of every stack", async () => {
      const [survey, ...planned] = await Promise.all([
        this.survey(deployed),
        ...this.deployable.stacks.map((stack) => this.hasChanges(stack)),
      ]);
      return { survey, changed: planned.includes(true) || survey.drift.length > 0 };
    });
  }

  /** A plan that fails may do so for what a stack before it puts right: the deploy tells. */
  private async hasChanges(stack: SynthesisedStack): Promise<boolean> {
    try {
      return await this.tools.terraform.hasChanges(stack);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      return true;
    }
  }

  private async survey(deployed: DeclaredLab): Promise<Survey> {
    if (!existsSync(labFiles(this.deployable.lab).kubeconfig)) return NEW_LAB.survey;
    try {
      const [drift, verdicts] = await this.tools.interruption.stops(
        Promise.all([findDrift(this.tools.kubectl, deployed), verdictIds(this.tools.kubectl)]),
      );
      return { drift: drift.filter(({ isPlanned }) => !isPlanned), verdicts };
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      return { drift: [], fault: error as Error };
    }
  }

  private async deploy(survey: Survey): Promise<void> {
    const phases = new DeployPhases(this.tools.progress);
    try {
      if (survey.drift.length > 0)
        await this.tools.progress.run("mend", "what was changed by hand", () => this.mend(survey.drift));
      this.tools.progress.begin("deploy", "cdktf deploy");
      await this.tools.terraform.deploy((line) => phases.line(line));
      phases.close();
      this.tools.progress.end("deploy");
    } catch (error) {
      this.tools.progress.close("failed");
      if (error instanceof Interrupted) throw error;
      throw await this.failed(error as Error, survey);
    }
  }

  /** The marks come first: a run after an interruption then still makes anew what used the objects. */
  private async mend(drift: readonly Drift[]): Promise<void> {
    const places = drift.flatMap(({ remake }) => remake);
    const distinct = new Map(places.map((place) => [`${place.directory} ${place.address}`, place]));
    // One after the other: each writes the state.
    for (const place of distinct.values()) await this.tools.terraform.remake(place);
    await this.tools.interruption.stops(putRight(this.tools.kubectl, drift));
  }

  /** The checks that the deploy has judged are not asked again. */
  private async judged(changed: boolean, { verdicts }: Survey): Promise<Found> {
    const { checks } = this.deployable.declared;
    const done = changed && verdicts !== undefined ? await judgedSince(this.tools.kubectl, checks, verdicts) : [];
    return judge(this.tools.kubectl, checks, done);
  }

  private async failed(error: Error, { verdicts }: Survey): Promise<DeployFailed> {
    const { lab, artifacts, declared } = this.deployable;
    await writeFailureBundle(lab, artifacts).then(
      (directory) => process.stderr.write(`evidence: ${directory}\n`),
      (reason: Error) => process.stderr.write(`no evidence could be gathered: ${reason.message}\n`),
    );
    // Without an API server there are no reports either.
    const judged = verdicts && (await judgedSince(this.tools.kubectl, declared.checks, verdicts).catch(() => []));
    const checks = completed(declared.checks, judged ?? [], "no verdict in this run: the deploy failed before");
    return new DeployFailed({ checks, faults: [`the deploy failed: ${firstError(error)}`] }, error);
  }
}

const NEW_LAB: { readonly survey: Survey; readonly changed: boolean } = {
  survey: { drift: [], verdicts: new Set() },
  changed: true,
};

/** The error without its heading and without what only helps who reads all of it. */
function firstError({ message }: Error): string {
  const lines = message.split("\n").map((line) => line.trim());
  return lines.find((line, index) => index > 0 && line !== "") ?? lines[0] ?? "";
}
