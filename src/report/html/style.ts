/** The style sheet of the page. */
import { COLORS, lightDark, SERIES } from '../palette.ts';
import { STRIP } from './strip.ts';

const THEME = Object.entries(COLORS).map(([name, shade]) => `  --${name}: ${lightDark(shade)};`);
const LINES = SERIES.map((shade, i) => `.s${i} { --series: ${lightDark(shade)}; }`);

export const STYLE = `
:root {
  color-scheme: light dark;
${THEME.join('\n')}
  --band: light-dark(#dfe5ec, #2a323c);
  --slower: light-dark(#a33b00, #ff9a5c);
  --faster: light-dark(#006b4f, #4fd6ab);
  --same: light-dark(#59636e, #9aa5b1);
  --inconclusive: light-dark(#7a5c00, #e8c547);
}
:root[data-theme=light] { color-scheme: light; }
:root[data-theme=dark] { color-scheme: dark; }
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 90rem; padding: 0 1rem 3rem;
  background: var(--page); color: var(--text); font: 15px/1.45 system-ui, sans-serif;
}
h1 { font-size: 1.1rem; margin: 0; }
h2 { font-size: 1.6rem; margin: 1.5rem 0 0.2rem; }
h3 { font-size: 1.15rem; margin: 2rem 0 0.2rem; }
h4 { font-size: 1rem; margin: 1rem 0 0.2rem; }
h2, h3, h4 { overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; padding: 0.8rem 0; }
#controls:not([hidden]) { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; }
button, input, select {
  font: inherit; color: inherit; background: var(--stripe); border: 1px solid var(--line); border-radius: 4px;
  padding: 0.2rem 0.5rem; max-width: 100%;
}
::placeholder { color: var(--quiet); opacity: 1; }
thead button { border: 0; padding: 0; background: none; font-weight: inherit; cursor: pointer; }
[aria-sort=ascending] button::after { content: ' ▲' / ''; }
[aria-sort=descending] button::after { content: ' ▼' / ''; }
kbd { font-size: 0.8em; color: var(--quiet); border: 1px solid var(--line); border-radius: 3px; padding: 0 0.3em; }
.note, small, .family, .missing { color: var(--quiet); }
.note { margin: 0 0 0.6rem; max-width: 60rem; overflow-wrap: anywhere; }
small { font-size: 0.8em; }
.scroll { overflow-x: auto; max-width: 100%; position: relative; }
.scroll + .scroll { margin-top: 1rem; }
.scroll + .note { margin-top: 0.4rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption, .spoken { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
th, td { padding: 0.25rem 0.45rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
th[scope=row] { font-weight: 400; min-width: 11rem; max-width: 26rem; overflow-wrap: anywhere; }
td { white-space: nowrap; text-align: right; }
td.text, td.prose, td.plot { text-align: left; }
td.prose { white-space: normal; min-width: 14rem; max-width: 40rem; overflow-wrap: anywhere; }
details th[scope=row] { min-width: 17rem; }
details { margin: 0.5rem 0; }
summary { color: var(--accent); cursor: pointer; padding: 0.2rem 0; }
.number { text-align: right; }
td small { display: block; }
tbody tr:hover { background: var(--stripe); }
.verdict { font-weight: 600; white-space: nowrap; }
.slower { color: var(--slower); }
.wrong { color: var(--slower); font-weight: 600; }
.right { color: var(--faster); }
.faster { color: var(--faster); }
.same, .none { color: var(--same); }
.inconclusive { color: var(--inconclusive); }
.strip { display: block; width: ${STRIP.right}px; height: ${STRIP.bottom}px; }
.strip .one, .latency line { stroke: var(--quiet); }
.latency .usual { stroke-width: 3; }
.latency circle { fill: var(--accent); }
rect.series, .swatch { fill: var(--series); }
.ratio circle { fill: currentColor; }
.ratio.inconclusive circle, .ratio.none circle { fill: var(--page); stroke: currentColor; stroke-width: 1.5; }
.ratio .interval { stroke: currentColor; stroke-width: 2; }
.band { fill: var(--band); }
.one { stroke: var(--quiet); stroke-dasharray: 2 2; }
svg.flame { display: block; width: 100%; min-width: 45rem; height: auto; }
.flame rect, .flame-swatch rect { fill: color-mix(in srgb, var(--series) 40%, var(--page)); stroke: var(--page); }
.flame text { fill: var(--text); font-family: monospace; pointer-events: none; }
.flame g:focus { outline: none; }
.flame g:focus rect, .flame g:hover rect { stroke: var(--accent); stroke-width: 2; }
figure { display: inline-block; width: 36rem; max-width: 100%; margin: 0.5rem 0 1rem; padding-right: 1rem; vertical-align: top; }
figure > svg { display: block; width: 100%; height: auto; }
figcaption { font-weight: 600; overflow-wrap: anywhere; }
.legend { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0; padding: 0; list-style: none; font-size: 0.9em; }
.legend li { display: inline-flex; align-items: center; gap: 0.3rem; overflow-wrap: anywhere; }
.event line { stroke: currentColor; stroke-dasharray: 4 3; }
.runs polyline { fill: none; stroke: var(--accent); stroke-width: 1.5; }
.runs line { stroke: currentColor; stroke-dasharray: 2 2; }
.changes { margin: 0; padding-left: 1.2rem; font-size: 0.9em; }
.grid { stroke: var(--line); }
.series path { fill: var(--series); stroke: var(--page); stroke-width: 0.5; }
.series line { stroke: var(--series); stroke-width: 1.5; }
.series polyline { fill: none; stroke: var(--series); stroke-width: 1.5; }
.dashed polyline { stroke-dasharray: 5 3; }
.dashed path { fill: var(--page); stroke: var(--series); stroke-width: 1.5; }
${LINES.join('\n')}
svg text { fill: var(--quiet); font-size: 11px; font-weight: 400; }
th .swatch { vertical-align: baseline; margin-right: 0.3rem; }
.h1 { background: color-mix(in srgb, var(--accent) 6%, var(--page)); }
.h2 { background: color-mix(in srgb, var(--accent) 12%, var(--page)); }
.h3 { background: color-mix(in srgb, var(--accent) 18%, var(--page)); }
.h4 { background: color-mix(in srgb, var(--accent) 24%, var(--page)); }
.h5 { background: color-mix(in srgb, var(--accent) 30%, var(--page)); }
.h6 { background: color-mix(in srgb, var(--accent) 36%, var(--page)); }
.h7 { background: color-mix(in srgb, var(--accent) 42%, var(--page)); }
.h8 { background: color-mix(in srgb, var(--accent) 48%, var(--page)); }
li { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
@page { size: landscape; margin: 10mm; }
@media print {
  :root, :root[data-theme] { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 9pt; }
  header kbd, #controls:not([hidden]) { display: none; }
  .scroll { overflow: visible; }
  th, td { padding: 0.1rem 0.3rem; }
  td.text { white-space: normal; }
  thead th { white-space: normal; }
  details th[scope=row] { min-width: 0; }
  .strip { width: 200px; height: auto; }
  svg.flame { min-width: 0; }
  h2, h3, h4, .note { break-after: avoid; }
  tr, .chart { break-inside: avoid; }
}
@media (max-width: 40rem) {
  body { padding: 0 0.6rem 2rem; font-size: 14px; }
  th[scope=row], thead th:first-child { position: sticky; left: 0; background: var(--page); }
  th[scope=row], details th[scope=row] { min-width: 7rem; max-width: 9rem; }
  /* Names that stay have lines of their own, above them: below, the next name would cover them. */
  table { border-collapse: separate; border-spacing: 0; }
  th, td { border-bottom: 0; }
  tbody th, tbody td { border-top: 1px solid var(--line); }
  figure svg text { font-size: 14px; }
  svg.flame { min-width: 68rem; }
  kbd { display: none; }
  th, td { padding: 0.25rem 0.4rem; }
}
`;
