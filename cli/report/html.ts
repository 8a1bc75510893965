import { badge, checkSection } from "./html-check";
import { timing } from "./html-timing";
import { Markup, markup } from "./markup";
import { tally, type LabReport, type ReportedArtifact } from "./model";
import { STYLE } from "./style";
import { checkTitle, noVerdictText } from "./words";

/** Nothing is loaded and nothing runs, even if text were taken for markup (https://www.w3.org/TR/CSP3/). */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** The report as one page that needs nothing else: topology, matrix, evidence, timings, what the lab was made of. */
export function renderHtml(report: LabReport): string {
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${POLICY}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>${report.labName}: ${report.ok ? "passed" : "failed"}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
${pageHeader(report)}
${report.checks.map((check, index) => checkSection(report, check, index))}
${timing(report)}
${artifacts(report.artifacts)}
${surroundings(report)}
</main>
</body>
</html>
`.text;
}

function pageHeader(report: LabReport): Markup {
  const { labName, command, createdAt, durationSeconds, checks, ok } = report;
  const { passed, failed } = tally(report);
  const held = checks.length === 0 ? "No check has judged." : `${passed} of ${passed + failed} expectations held.`;
  const verdict = ok ? "passed" : "failed";
  return markup`<header class="${verdict}">
<div class="title"><h1>Lab ${labName}</h1>${badge(verdict)}</div>
<p><strong>${held}</strong> <span class="soft">Measured by <code>${command}</code>, which took ${durationSeconds.toFixed(1)} s, at ${createdAt}.</span></p>
${causes(report)}
${notes(report)}
</header>`;
}

/** What failed, before anything else. */
function causes({ checks, faults = [] }: LabReport): Markup | undefined {
  const ofChecks = checks.flatMap((check, index) => {
    const title = markup`<a href="#check-${index}">${checkTitle(check)}</a>`;
    if (check.report === undefined) return [markup`<li>${title}: ${noVerdictText(check)}</li>`];
    return check.report.receivers
      .filter(({ verdict }) => verdict !== "passed")
      .map(({ name, reason }) => markup`<li>${title}, <strong>${name}</strong>: ${reason}</li>`);
  });
  const found = [...faults.map((fault) => markup`<li>${fault}</li>`), ...ofChecks];
  return found.length === 0 ? undefined : markup`<ul class="causes">${found}</ul>`;
}

function notes({ notes: texts = [] }: LabReport): Markup | undefined {
  return texts.length === 0 ? undefined : markup`<ul>${texts.map((text) => markup`<li>${text}</li>`)}</ul>`;
}

function artifacts(list: readonly ReportedArtifact[]): Markup {
  const standIns = list.filter(({ kind }) => kind === "stand-in").length;
  const note = standIns === 0 ? "No part is a stand-in." : `${standIns} of ${list.length} parts are stand-ins.`;
  return markup`<section>
<h2>Artifacts</h2>
<p class="soft">${note}</p>
<table>
<thead><tr><th scope="col">artifact</th><th scope="col">kind</th><th scope="col">from</th><th scope="col">version</th></tr></thead>
<tbody>
${list.map(artifactRow)}
</tbody>
</table>
</section>`;
}

function artifactRow({ name, kind, origin, version, sha256 }: ReportedArtifact): Markup {
  const digest = sha256 ? markup`<br /><code class="soft">sha256:${sha256}</code>` : undefined;
  const mark = markup`<span class="badge ${kind === "stand-in" ? kind : "plain"}">${kind}</span>`;
  return markup`<tr><td><strong>${name}</strong></td><td>${mark}</td><td data-label="from">${origin}</td><td data-label="version">${version}${digest}</td></tr>`;
}

function surroundings({ hosts, versions, dataSubnet }: LabReport): Markup {
  const rows = hosts.map(
    ({ name, role, address, managementInterface = "-", dataInterface = "-" }) =>
      markup`<tr><td><strong>${name}</strong></td><td data-label="role">${role}</td><td data-label="address">${address}</td><td data-label="management">${managementInterface}</td><td data-label="data">${dataInterface}</td></tr>`,
  );
  const facts = Object.entries({ ...versions, ...(dataSubnet === undefined ? {} : { "data network": dataSubnet }) });
  return markup`<section>
<h2>Hosts and versions</h2>
<table>
<thead><tr><th scope="col">host</th><th scope="col">role</th><th scope="col">address</th><th scope="col">management</th><th scope="col">data</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
<dl>
${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}
</dl>
</section>`;
}
