/** What a run comes to: a line for each pair of arms, and what the harness itself costs. */
import { extentOf } from '../../stats/extent.ts';
import { median } from '../../stats/median.ts';
import type { Verdict } from '../../stats/verdict.ts';
import { formatCount, formatNs } from '../../units.ts';
import { callCosts, harnessLine } from '../harness.ts';
import { armNamer } from '../labels.ts';
import type { ComparisonKind } from '../pairs.ts';
import { armOfRow, type Comparison, type Summary } from '../summary.ts';
import { formatRatio, VERDICT_ORDER } from '../verdict-text.ts';
import { type Html, html, type Insertion } from './escape.ts';
import { quantity } from './quantity.ts';
import { section, table } from './section.ts';

const TITLE = 'In short';
const NOTE =
  'Ratios of times over all workloads, from the least to the greatest: at 2× the first takes twice as long.';

/** What a change has done, one implementation against another, and the cost of emulation. */
const KINDS: readonly ComparisonKind[] = ['build', 'runtime', 'implementation', 'emulation'];

export function inShort(summary: Summary): Html {
  const nameOf = armNamer(summary.workloads.map(armOfRow));
  const armsText = ({ kind, candidate, baseline }: Comparison) =>
    kind === 'emulation'
      ? `${nameOf(candidate)}, emulated over direct`
      : `${nameOf(candidate)} over ${nameOf(baseline)}`;
  const compared = KINDS.flatMap((kind) => summary.comparisons.filter((one) => one.kind === kind));
  if (compared.length === 0) return html``;
  const columns = [
    { title: 'what over what', kind: 'text' },
    { title: 'median', kind: 'number' },
    { title: 'from', kind: 'number' },
    { title: 'to', kind: 'number' },
    ...VERDICT_ORDER.map((title) => ({ title, kind: 'number' as const })),
  ] as const;
  const rows = [...Map.groupBy(compared, armsText)].map(([name, alike]) => [name, ...cellsOf(alike)]);
  return section({ title: TITLE, note: [NOTE, ...overheadNotes(summary)].join(' ') }, [
    html`<div class="sums">${table({ caption: TITLE, columns, rows })}</div>`,
  ]);
}

function cellsOf(comparisons: readonly Comparison[]): Insertion[] {
  const ratios = comparisons.map(({ ratio }) => ratio.estimate);
  const figures = [median(ratios), ...extentOf(ratios)];
  return [
    ...figures.map((ratio) => quantity(ratio, formatRatio(ratio))),
    ...VERDICT_ORDER.map((verdict) => countCell(comparisons, verdict)),
  ];
}

function countCell(comparisons: readonly Comparison[], verdict: Verdict): Insertion {
  const count = comparisons.filter((one) => (one.verdict ?? 'inconclusive') === verdict).length;
  if (count === 0) return null;
  return html`<span class="verdict ${verdict}">${quantity(count, formatCount(count))}</span>`;
}

/** What noop took, and what calls of batches did. */
function overheadNotes({ workloads, stacks, settings }: Summary): string[] {
  const noop = workloads.flatMap(({ implementation, nsPerOp }) =>
    implementation === 'noop' && nsPerOp ? nsPerOp.estimate : [],
  );
  const costs = callCosts(stacks);
  return [
    ...(noop.length > 0 ? [`The harness alone (noop) takes ${formatNs(median(noop))} in the median`] : []),
    ...(costs.length > 0 ? [harnessLine(costs, settings)] : []),
  ].map((note) => `${note[0]!.toUpperCase()}${note.slice(1)}.`);
}
