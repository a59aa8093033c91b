/** The page in ten seconds: a line for each workload, with its times, what they are over the reference, and the verdicts. */
import { formatNs } from '../../units.ts';
import { referenceNotes } from '../notes.ts';
import type { Comparison, Summary, SummaryRow } from '../summary.ts';
import { answeringImplementations, type WorkloadLine, workloadLines } from '../workload-lines.ts';
import { type Html, html, type Insertion } from './escape.ts';
import { MOST_ROWS } from './limits.ts';
import { estimated } from './quantity.ts';
import { type Column, section, table } from './section.ts';
import { verdictCell } from './verdict.ts';

interface LineColumn extends Column {
  cell(line: WorkloadLine): Insertion;
}

const NOTE =
  'Median time of an operation with its interval. A ratio is of times: below 1× the first is faster.';

export function summaryTable(summary: Summary): Html {
  const lines = workloadLines(summary);
  const caption = 'Workloads';
  if (lines.length === 0) return html`<p>Nothing was measured.</p>`;
  const columns = columnsOf(lines);
  const rows = lines.slice(0, MOST_ROWS).map((line) => columns.map((column) => column.cell(line)));
  const references = referenceNotes(summary.workloads.map((row) => ({ row }))).map((text) => `${text}.`);
  return section({ title: caption, note: [NOTE, ...references].join(' ') }, [
    table({ caption, columns, rows, total: lines.length }),
  ]);
}

function columnsOf(lines: readonly WorkloadLine[]): LineColumn[] {
  const answering = answeringImplementations(lines);
  const hasNoop = lines.some(({ byImplementation }) => byImplementation.has('noop'));
  return [
    { title: 'workload', kind: 'text', cell: nameCell },
    ...answering.map((name) => timeColumn(name)),
    ...missing(lines, answering).map((name) => timeColumn(name)),
    ...ratioColumns(lines, answering),
    ...(hasNoop ? [timeColumn('noop')] : []),
  ];
}

/** Implementations that no line has a figure of: they were asked for, and are not to vanish. */
function missing(lines: readonly WorkloadLine[], answering: readonly string[]): string[] {
  const named = new Set(lines.flatMap(({ byImplementation }) => [...byImplementation.keys()]));
  return [...named].filter((name) => name !== 'noop' && !answering.includes(name));
}

function ratioColumns(lines: readonly WorkloadLine[], answering: readonly string[]): LineColumn[] {
  const columns = [
    ...answering.map((name) => comparisonColumn(`${name} / native`, (line) => line.overNative.get(name))),
    comparisonColumn('wasm / ts', (line) => line.comparison),
  ];
  return columns.filter(({ comparisonOf }) => lines.some(comparisonOf));
}

function comparisonColumn(title: string, comparisonOf: (line: WorkloadLine) => Comparison | undefined) {
  const cell = (line: WorkloadLine) => {
    const comparison = comparisonOf(line);
    return comparison ? verdictCell(comparison) : null;
  };
  return { title, kind: 'number' as const, comparisonOf, cell };
}

function nameCell({ heading, label }: WorkloadLine): Html {
  return label === '' ? html`${heading}` : html`<span class="family">${heading}</span> ${label}`;
}

function timeColumn(implementation: string): LineColumn {
  return {
    title: implementation,
    kind: 'number',
    cell: ({ byImplementation }) => timeCell(byImplementation.get(implementation)),
  };
}

function timeCell(row: SummaryRow | undefined): Insertion {
  if (row === undefined) return null;
  if (row.nsPerOp === null) return html`<span class="missing" title="${row.reason}">not available</span>`;
  return estimated(row.nsPerOp, formatNs);
}
