/** Below every table: machine, runtime and run; then what the intervals and verdicts do and do not say. */
import { extentOf } from '../stats/extent.ts';
import { exclusionTexts } from './exclusions.ts';
import { machineText } from './machine-text.ts';
import { wrap } from './plain-text.ts';
import { isRoundTrip, sharingText } from './sharing.ts';
import type { Side } from './sides.ts';
import type { Comparison, Summary, SummaryRow } from './summary.ts';
import { verdictNotes } from './verdict-lines.ts';

/** Columns of the names, gap included. */
const INDENT = 10;

export interface FooterFacts {
  /** Sides whose title in the table does not say what they are. */
  readonly sides: readonly Side[];
  /** Those whose verdicts the tables show. */
  readonly comparisons: readonly Comparison[];
}

/** Lines of at most `width` columns, unless a single word is longer: a path stays whole. */
export function footerLines(summary: Summary, { sides, comparisons }: FooterFacts, width: number): string[] {
  const measured = comparable(summary.workloads.filter((row) => row.available));
  const facts: [name: string, value: string][] = [
    ['machine', machineText(summary.fingerprint)],
    ['runtime', [...new Set(measured.map((row) => row.runtime))].join(', ')],
    ...sides.map(({ title, names }): [string, string] => [title, names.join(', ')]),
    [
      'run',
      [deviceText(summary.settings), `seed ${summary.settings.seed}`, countsText(measured)]
        .filter(Boolean)
        .join(', '),
    ],
    ['agents', sharingText(measured)],
    ['ping-pong', measured.some(isRoundTrip) ? 'an operation is a round trip; one way is half of it' : ''],
    ...exclusionTexts(summary.excluded, summary.settings).map((text): [string, string] => ['excluded', text]),
    ['interval', intervalText(measured, summary.confidence)],
    ['verdict', verdictNotes(comparisons, summary).join(' ')],
  ];
  return facts
    .filter(([, value]) => value !== '')
    .flatMap(([name, value]) => wrap(name.padEnd(INDENT) + value, width, ' '.repeat(INDENT)));
}

function deviceText({ device, policy }: Summary['settings']): string {
  if (device === null) return '';
  // Of a served device it is the server's, and not known.
  return policy === null ? device : `${device}, policy ${policy}`;
}

/** `4 to 12 forks, 72 to 115 rounds`: of each figure. */
function countsText(measured: readonly SummaryRow[]): string {
  if (measured.length === 0) return '';
  const forks = rangeText(measured.map(({ forkCount }) => forkCount));
  const rounds = rangeText(measured.map(({ roundCount }) => roundCount));
  return `${forks} ${forks === '1' ? 'fork' : 'forks'}, ${rounds} rounds`;
}

/** Without noop, which one fork measures: nothing is held against it. */
function comparable(measured: readonly SummaryRow[]): readonly SummaryRow[] {
  const others = measured.filter(({ implementation }) => implementation !== 'noop');
  return others.length > 0 ? others : measured;
}

function rangeText(counts: readonly number[]): string {
  const [fewest, most] = extentOf(counts);
  return fewest === most ? String(fewest) : `${fewest} to ${most}`;
}

function intervalText(measured: readonly SummaryRow[], confidence: number): string {
  if (measured.length === 0) return '';
  const share = `of ${Number((confidence * 100).toFixed(2))}%; ± is half of it`;
  const alone = measured.filter(({ forkCount }) => forkCount === 1).length;
  if (alone === measured.length) {
    return `${share}. Of the median within one process: fresh processes differ by a few percent more.`;
  }
  const rest =
    alone === 0 ? '.' : `; too narrow for the ${alone} of ${measured.length} figures of one process alone.`;
  return `${share}. Over fresh processes, the forks${rest}`;
}
