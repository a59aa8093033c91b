/** Ratios with their intervals, each on the axis of its kind: the margin as a band, sameness as a line. */
import type { Tick } from '../axis.ts';
import { armNamer, fullLabel, type LabelContext } from '../labels.ts';
import type { ComparisonKind } from '../pairs.ts';
import { armOfRow, type Comparison, type Summary } from '../summary.ts';
import { formatMargin, formatRatio } from '../verdict-text.ts';
import { type Html, html } from './escape.ts';
import { MOST_ROWS } from './limits.ts';
import { estimated, quantity } from './quantity.ts';
import { type Scale, tenths } from './scale.ts';
import { section, table } from './section.ts';
import { STRIP, strip, stripAxis, stripScale } from './strip.ts';
import { verdictBadge } from './verdict.ts';

const TITLES: Record<ComparisonKind, string> = {
  implementation: 'Implementations',
  build: 'Builds',
  runtime: 'Runtimes',
  emulation: 'Emulated over direct access',
  sparse: 'Sparse over flat backing',
  alignment: 'Misaligned over aligned',
  call: 'One access a call over many',
};

/** Units that `0.5×` takes. */
const LABEL_UNITS = 34;

/** A table for each of `kinds` that `summary` has comparisons of, the slowest candidate first. */
export function ratioSections(summary: Summary, kinds: readonly ComparisonKind[]): Html[] {
  const nameOf = armNamer(summary.workloads.map(armOfRow));
  return kinds.flatMap((kind) => {
    const ofKind = summary.comparisons.filter((comparison) => comparison.kind === kind);
    if (ofKind.length === 0) return [];
    const title = TITLES[kind];
    const note = `Ratio of times with its interval: below 1× the first is faster. The band is ${formatMargin(ofKind[0]!.margin)}, within which is the same.`;
    const ordered = inOrder(ofKind);
    return [
      section({ title, note }, [
        ratioTable(title, ordered, (one) => armsText(one, nameOf, summary.settings)),
      ]),
    ];
  });
}

/** Where not all have room, those with a difference stand before the others, and of each the largest first. */
function inOrder(comparisons: readonly Comparison[]): Comparison[] {
  const slowestFirst = comparisons.toSorted((a, b) => b.ratio.estimate - a.ratio.estimate);
  if (comparisons.length <= MOST_ROWS) return slowestFirst;
  const isDifferent = ({ verdict }: Comparison) => Number(verdict === 'slower' || verdict === 'faster');
  const sizeOf = ({ ratio }: Comparison) => Math.abs(Math.log(ratio.estimate));
  return slowestFirst.sort((a, b) => isDifferent(b) - isDifferent(a) || sizeOf(b) - sizeOf(a));
}

/** Of kinds that differ in more than the arm, the place of the baseline tells it. */
function armsText(
  { kind, candidate, baseline }: Comparison,
  nameOf: ReturnType<typeof armNamer>,
  settings: LabelContext,
): readonly [workload: string, arms: string] {
  const workload = fullLabel(candidate.workload, candidate.params, settings);
  if (kind === 'implementation' || kind === 'build' || kind === 'runtime') {
    return [workload, `${nameOf(candidate)} over ${nameOf(baseline)}`];
  }
  return [workload, `${nameOf(candidate)}, over ${fullLabel(baseline.workload, baseline.params, settings)}`];
}

function ratioTable(
  caption: string,
  comparisons: readonly Comparison[],
  textsOf: (comparison: Comparison) => readonly [string, string],
): Html {
  const margin = comparisons[0]!.margin;
  const shown = comparisons.flatMap(({ ratio }) => [ratio.estimate, ratio.low, ratio.high]);
  const scale = stripScale([...shown, 1 - margin, 1 + margin], LABEL_UNITS)!;
  const columns = [
    { title: 'workload', kind: 'text' },
    { title: 'what over what', kind: 'text' },
    { title: 'verdict', kind: 'text' },
    { title: 'ratio', kind: 'number' },
    { title: stripAxis(scale, tickText), kind: 'plot' },
    { title: 'forks', kind: 'number' },
  ] as const;
  const rows = comparisons.slice(0, MOST_ROWS).map((comparison) => {
    const { ratio, verdict, reason, forkCount } = comparison;
    const [workload, arms] = textsOf(comparison);
    return [
      workload,
      arms,
      html`${verdictBadge(verdict)}${reason === null ? null : html` <small>${reason}</small>`}`,
      estimated(ratio, formatRatio),
      plot(comparison, scale),
      quantity(forkCount, String(forkCount)),
    ];
  });
  return table({ caption, columns, rows, total: comparisons.length });
}

/** A tick is a round number: as many digits as it has. */
function tickText({ ns: ratio }: Tick): string {
  return `${Number(ratio.toPrecision(6))}×`;
}

function plot({ ratio, margin, verdict }: Comparison, { at }: Scale): Html {
  const [low, high] = [at(1 - margin), at(1 + margin)];
  const { middle, bottom } = STRIP;
  return strip(
    `ratio ${verdict ?? 'none'}`,
    html`<rect class="band" x="${low}" width="${tenths(Math.max(1, high - low))}" height="${bottom}"/><line class="one" x1="${at(1)}" x2="${at(1)}" y2="${bottom}"/><line class="interval" x1="${at(ratio.low)}" x2="${at(ratio.high)}" y1="${middle}" y2="${middle}"/><circle cx="${at(ratio.estimate)}" cy="${middle}" r="3"/>`,
  );
}
