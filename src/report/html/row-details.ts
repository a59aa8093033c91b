/** What is known of each row beside its time: rates, tier, checksum, how far agents ran together. Folded away. */
import {
  formatBytesPerSec,
  formatCount,
  formatDigits,
  formatNs,
  formatOpsPerSec,
  formatPercent,
} from '../../units.ts';
import { armNamer, fullLabel } from '../labels.ts';
import { armOfRow, type Summary, type SummaryRow } from '../summary.ts';
import { type Html, html, type Insertion } from './escape.ts';
import { MOST_ROWS } from './limits.ts';
import { quantity } from './quantity.ts';
import { type Column, details, table } from './section.ts';

const CAPTION = 'Rates, tiers and checksums of each row';

const NOTES: Readonly<Record<string, string>> = {
  traffic: 'Payload is what operations deliver, traffic what they read and write.',
  together:
    'Together is the share of a window in which all agents ran; fairness is Jain’s index of their rates, 1 where all are equal.',
};

interface DetailColumn extends Column {
  /** Null where the row has nothing of the kind. */
  cell(row: SummaryRow): Insertion;
}

const COLUMNS: readonly DetailColumn[] = [
  number('operations', ({ opsPerSec }) => opsPerSec, formatOpsPerSec),
  number('payload', ({ bytesPerSec }) => bytesPerSec?.payload, formatBytesPerSec),
  number('traffic', ({ bytesPerSec }) => bytesPerSec?.traffic, formatBytesPerSec),
  { title: 'tier', kind: 'text', cell: ({ tier }) => tier },
  { title: 'checksum', kind: 'text', cell: ({ checksum }) => checksum },
  {
    title: 'evidence',
    kind: 'text',
    cell: ({ evidence }) => (evidence === 'measured' ? null : evidence),
  },
  number('rounds', ({ roundCount }) => roundCount, formatCount),
  number('forks', ({ forkCount }) => forkCount, formatCount),
  number('together', ({ sharing }) => sharing?.overlap, formatPercent),
  number('starts within', ({ sharing }) => sharing?.startSkewNs, formatNs),
  number('fairness', ({ sharing }) => sharing?.fairness, formatDigits),
  number('slowest / fastest', ({ sharing }) => sharing?.leastShare, formatDigits),
  number('windows apart', ({ sharing }) => sharing?.windowsApart || null, formatCount),
  { title: 'where', kind: 'text', cell: ({ sharing }) => sharing?.pinning.join('; ') ?? null },
];

function number(
  title: string,
  figureOf: (row: SummaryRow) => number | null | undefined,
  format: (value: number) => string,
): DetailColumn {
  const cell = (row: SummaryRow) => {
    const value = figureOf(row) ?? null;
    return value === null ? null : quantity(value, format(value));
  };
  return { title, kind: 'number', cell };
}

export function rowDetails({ workloads, settings }: Summary): Html {
  const rows = workloads.filter(({ available }) => available);
  if (rows.length === 0) return html``;
  const nameOf = armNamer(rows.map(armOfRow));
  const shown = COLUMNS.filter(({ cell }) => rows.some((row) => cell(row) !== null));
  const notes = shown.flatMap(({ title }) => NOTES[String(title)] ?? []);
  const columns: readonly DetailColumn[] = [
    { title: 'workload', kind: 'text', cell: (row) => fullLabel(row.name, row.params, settings) },
    { title: 'arm', kind: 'text', cell: (row) => nameOf(armOfRow(row)) },
    ...shown,
  ];
  const cells = rows.slice(0, MOST_ROWS).map((row) => columns.map(({ cell }) => cell(row)));
  return details(
    CAPTION,
    html`<p class="note">${notes.join(' ')}</p>
${table({ caption: CAPTION, columns, rows: cells, total: rows.length })}`,
  );
}
