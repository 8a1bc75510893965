/** Colours follow the reader's system; every colour that carries meaning goes with a word or a sign. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f4f6f9; --card: #ffffff; --line: #d7dee8; --text: #1b2430; --soft: #5a6778; --shade: #eef2f7;
  --passed: #17793f; --passed-soft: #e2f4e9; --failed: #c3262c; --failed-soft: #fde8e7;
  --unknown: #6d7888; --unknown-soft: #eceff3; --sender: #1f5fc4; --sender-soft: #e4edfb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10151c; --card: #181f29; --line: #303b4a; --text: #e4e9f0; --soft: #9aa7b8; --shade: #202a36;
    --passed: #4cc27c; --passed-soft: #17332a; --failed: #ff7b72; --failed-soft: #3d2124;
    --unknown: #97a3b3; --unknown-soft: #273140; --sender: #79aaff; --sender-soft: #1c2e4d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 48px; }
h1, h2, h3 { margin: 0; line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 26px; } h2 { font-size: 19px; } h3 { font-size: 15px; margin: 22px 0 8px; }
p { margin: 6px 0; overflow-wrap: anywhere; }
a { color: inherit; }
section, header { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px; margin-bottom: 18px; }
header.passed { border-top: 5px solid var(--passed); } header.failed { border-top: 5px solid var(--failed); }
.title { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; }
.soft { color: var(--soft); }
.badge { display: inline-block; white-space: nowrap; border-radius: 999px; padding: 2px 11px; font-size: 13px; font-weight: 600; }
.badge.passed { color: var(--passed); background: var(--passed-soft); } .badge.failed { color: var(--failed); background: var(--failed-soft); }
.badge.inconclusive, .badge.plain { color: var(--unknown); background: var(--unknown-soft); } .badge.stand-in { color: var(--sender); background: var(--sender-soft); }
.causes { margin: 12px 0 0; padding: 12px 16px 12px 32px; background: var(--failed-soft); border-radius: 8px; overflow-wrap: anywhere; }
.causes li { margin: 3px 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 18px; margin: 8px 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin-top: 10px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-size: 13px; font-weight: 600; color: var(--soft); padding: 6px 10px; border-bottom: 2px solid var(--line); }
td { padding: 7px 10px; border-top: 1px solid var(--line); overflow-wrap: anywhere; vertical-align: top; }
tr.reason td { border-top: 0; padding-top: 0; color: var(--failed); } tr.reason.inconclusive td { color: var(--soft); }
code { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
details { border-top: 1px solid var(--line); padding: 8px 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
.evidence { margin-top: 16px; }
.drawing { overflow-x: auto; margin: 14px 0 4px; }
svg { display: block; margin: 0 auto; max-width: 100%; height: auto; }
svg text { font: 12px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--text); }
svg .soft { fill: var(--soft); } svg .strong { font-weight: 600; font-size: 13px; }
svg .host { fill: var(--shade); stroke: var(--line); stroke-width: 1.5; } svg .port { fill: var(--card); stroke: var(--soft); }
svg .bus { stroke: var(--soft); stroke-width: 7; stroke-linecap: round; } svg .uplink { stroke: var(--line); stroke-width: 3; }
svg .pod { fill: var(--card); stroke-width: 1.5; } svg .edge { fill: none; stroke-width: 2.5; } svg .dashed { stroke-dasharray: 6 5; }
svg .passed { stroke: var(--passed); } svg .failed { stroke: var(--failed); } svg .inconclusive { stroke: var(--unknown); } svg .sender { stroke: var(--sender); }
svg .dot.passed, svg .sign.passed { fill: var(--passed); } svg .dot.failed, svg .sign.failed { fill: var(--failed); }
svg .dot.inconclusive, svg .sign.inconclusive { fill: var(--unknown); } svg .dot.sender, svg .sign.sender { fill: var(--sender); }
svg .sign { stroke: none; font-size: 14px; font-weight: 700; } svg .dot { stroke: none; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 13px; color: var(--soft); justify-content: center; }
.legend svg { min-width: 0; display: inline-block; margin: 0 6px 0 0; vertical-align: middle; }
.phase { display: grid; grid-template-columns: 190px 1fr 150px; gap: 2px 14px; align-items: center; padding: 3px 0; overflow-wrap: anywhere; }
.track { position: relative; height: 14px; background: var(--shade); border-radius: 4px; }
.bar { position: absolute; inset: 0 auto 0 0; min-width: 2px; border-radius: 4px; background: var(--sender); } .bar.over { background: var(--failed); }
.target { position: absolute; top: -4px; bottom: -4px; width: 2px; background: var(--text); }
.over-text { color: var(--failed); font-weight: 600; }
@media (max-width: 640px) {
  main { padding: 12px 10px 32px; } section, header { padding: 15px 14px; }
  .phase { grid-template-columns: 1fr max-content; padding: 6px 0; } .phase .track { grid-column: 1 / -1; order: 1; }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table, tbody { display: block; } tr { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 2px 14px; border-top: 1px solid var(--line); padding: 9px 0; }
  td { border: 0; padding: 1px 0; } td[data-label]::before { content: attr(data-label) " "; color: var(--soft); font-size: 12px; }
  .matrix td:first-child { order: -2; } .matrix td:nth-child(7) { order: -1; justify-self: end; }
  tr.reason { display: block; border-top: 0; padding-top: 0; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 6px; }
}
@media print { body { background: none; } section, header { break-inside: avoid; } }
`;
