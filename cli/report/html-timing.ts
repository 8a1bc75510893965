import { markup, type Markup } from "./markup";
import type { LabReport, ReportedPhase } from "./model";

/** Phases as bars on one scale, with a mark where each one's target is. */
export function timing({ command, durationSeconds, targetSeconds, phases }: LabReport): Markup {
  const whole: ReportedPhase = { name: `${command}, in all`, seconds: durationSeconds, targetSeconds };
  const all = [...phases, whole];
  const longest = Math.max(1, ...all.flatMap(({ seconds, targetSeconds: target = 0 }) => [seconds, target]));
  return markup`<section>
<h2>Time</h2>
<p class="soft">Phases overlap where one does not wait for the other. A mark shows the target, where there is one.</p>
${all.map((phase) => bar(phase, longest))}
</section>`;
}

function bar({ name, seconds, targetSeconds }: ReportedPhase, longest: number): Markup {
  const share = (value: number): string => ((value / longest) * 100).toFixed(2);
  const over = targetSeconds !== undefined && seconds > targetSeconds;
  const target =
    targetSeconds && markup`<span class="target" style="left: calc(${share(targetSeconds)}% - 2px)"></span>`;
  return markup`<div class="phase"><span>${name}</span>
<span class="track"><span class="bar${over ? " over" : ""}" style="width: ${share(seconds)}%"></span>${target}</span>
<span>${seconds.toFixed(1)} s${targetText(over, targetSeconds)}</span></div>`;
}

function targetText(over: boolean, targetSeconds: number | undefined): Markup | undefined {
  if (targetSeconds === undefined) return undefined;
  return over
    ? markup` <span class="over-text">over ${targetSeconds} s</span>`
    : markup` <span class="soft">of ${targetSeconds} s</span>`;
}
