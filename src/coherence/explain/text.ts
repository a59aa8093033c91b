/** An explanation for people: a line a step, and the parts with their sum. Nanoseconds to the picosecond. */
import { columnLines } from '../columns.ts';
import type { ExplanationReport, PartsNs, StepReport } from './report.ts';

const HEAD = ['begin', 'end', 'from', 'message', 'to', 'spent, ns', 'states'];

/** Ends with a line break. */
export function explanationText(report: ExplanationReport): string {
  const { access, line, lineMeaning, profile, steps } = report;
  const sections = [
    [`${access}, --line ${line}: ${lineMeaning}. Profile ${profile}, modelled.`, ...beforeLines(report)],
    ['Steps, ns since it began; what is in brackets is not part of the latency', ...stepLines(steps)],
    partLines(report),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function beforeLines({ preparation, before }: ExplanationReport): string[] {
  const states = before.map(({ at, state }) => `${at} ${state}`).join(', ');
  const made = preparation.length === 0 ? 'nothing before it' : `after ${preparation.join(', then ')}`;
  return [`Before: ${states} (${made}).`];
}

function stepLines(steps: readonly StepReport[]): string[] {
  const times = steps.map(({ beginNs, endNs }) => [exact(beginNs), exact(endNs)] as const);
  const widths = [0, 1].map((i) =>
    Math.max(...[...times.map((time) => time[i]!), HEAD[i]!].map((text) => text.length)),
  );
  const rows = steps.map(({ name, kind, from, to, spentNs, partOfLatency, changes }, i) => [
    ...times[i]!,
    from,
    name,
    kind === 'message' ? to : '',
    partOfLatency ? spentText(spentNs) : `[${spentText(spentNs)}]`,
    changes.map((change) => `${change.at} ${change.from} -> ${change.to}`).join(', '),
  ]);
  const padded = [HEAD, ...rows].map((row) =>
    row.map((text, i) => (i < 2 ? text.padStart(widths[i]!) : text)),
  );
  return columnLines(padded, HEAD.length);
}

function spentText(spentNs: PartsNs): string {
  return Object.entries(spentNs)
    .map(([part, ns]) => `${part} ${ns}`)
    .join(', ');
}

function partLines({ latencyNs, partsNs, closedNs, steps }: ExplanationReport): string[] {
  const rows = [...Object.entries(partsNs), ['sum', latencyNs] as const].map(([part, ns]) => [
    part,
    exact(ns),
  ]);
  const home = steps[0]!.to;
  return [
    `Latency ${exact(latencyNs)} ns, the sum of its parts to the picosecond`,
    ...columnLines(rows, 1),
    ...(closedNs === null
      ? []
      : [
          '',
          `${home} serves no other request for the line from ${exact(closedNs.from)} to ${exact(closedNs.until)} ns.`,
        ]),
  ];
}

/** Picoseconds are its last digits. */
function exact(ns: number): string {
  return ns.toFixed(3);
}
