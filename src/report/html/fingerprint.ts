/** Where the numbers come from, and what they do not rest on. */
import { exclusionTexts } from '../exclusions.ts';
import type { Comparison, Summary } from '../summary.ts';
import { percentText, verdictNotes } from '../verdict-lines.ts';
import { type Html, html } from './escape.ts';
import { leftOutNote, MOST_ROWS } from './limits.ts';
import { section } from './section.ts';

type Fact = readonly [name: string, value: string];

/** @param compared those whose verdicts the page begins with */
export function provenance(summary: Summary, compared: readonly Comparison[]): Html {
  return html`${missing(summary)}${section(
    { title: 'How this was measured', note: verdictNotes(compared, summary).join(' ') },
    [
      facts('Run', runFacts(summary)),
      facts('Machine', textFacts(summary.fingerprint)),
      facts('Settings', textFacts(summary.settings)),
    ],
  )}`;
}

function runFacts({ createdAt, confidence, workloads, settings }: Summary): Fact[] {
  const listed = (values: readonly string[]) => [...new Set(values)].join(', ');
  return [
    ['started', createdAt],
    ['device', [settings.device, settings.policy].filter(Boolean).join(', policy ')],
    ['runtimes', listed(workloads.map(({ runtime }) => runtime))],
    ['builds', listed(workloads.map(({ build }) => build))],
    ['intervals', `of ${percentText(confidence)}`],
  ];
}

/** Known and unknown ones: fields may be added to either record. */
function textFacts(record: Readonly<Record<string, unknown>>): Fact[] {
  return Object.entries(record)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
}

function facts(title: string, list: readonly Fact[]): Html {
  const shown = list.filter(([, value]) => value !== '');
  if (shown.length === 0) return html``;
  return html`<h4>${title}</h4>
<dl>${shown.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
`;
}

/** What could not be measured, and what was measured and left out, by reason. */
function missing({ workloads, excluded, settings }: Summary): Html {
  const unavailable = workloads.filter(({ available }) => !available);
  const byReason = Map.groupBy(unavailable, ({ implementation, reason }) => `${implementation}: ${reason}`);
  const lines = [
    ...[...byReason].map(([reason, rows]) => `${rows.length} not available, ${reason}`),
    ...exclusionTexts(excluded, settings).map((text) => `left out: ${text}`),
  ];
  const shown = lines.slice(0, MOST_ROWS);
  const list = html`${leftOutNote(shown.length, lines.length, 'lines')}<ul>${shown.map((line) => html`<li>${line}</li>`)}</ul>
`;
  return section({ title: 'What was excluded', note: '' }, lines.length === 0 ? [] : [list]);
}
