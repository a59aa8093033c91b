/** What the comparisons between workloads say: the cost of emulation, of sparse backing, of misalignment. */
import type { Settings } from '../results/samples.ts';
import { formatDigits } from '../units.ts';
import { formatInterval } from './figures.ts';
import type { Cell, GridLine } from './grid.ts';
import { paramsLabel } from './labels.ts';
import type { ComparisonKind } from './pairs.ts';
import type { Comparison, Summary } from './summary.ts';

/** Implementations against each other have their columns in the table, and a call stands beside its batch there. */
const TITLES: Partial<Record<ComparisonKind, string>> = {
  emulation: 'Emulated over direct access',
  sparse: 'Sparse over flat backing',
  alignment: 'Misaligned over aligned',
};

/** For each kind one line per workload and implementation: the range of its ratios, and where the worst was. */
export function findingLines(summary: Summary): GridLine[] {
  return Object.entries(TITLES).flatMap(([kind, title]): GridLine[] => {
    const ofKind = summary.comparisons.filter((comparison) => comparison.kind === kind);
    if (ofKind.length === 0) return [];
    const groups = Map.groupBy(ofKind, ({ candidate }) =>
      JSON.stringify([candidate.workload, candidate.implementation]),
    );
    return [
      {
        heading: { text: title, style: 'bold' },
        note: { text: 'ratio of times; above 1 is slower', style: 'dim' },
      },
      ...[...groups.values()].map((group) => ({ cells: findingCells(group, summary.settings) })),
    ];
  });
}

function findingCells(group: readonly Comparison[], settings: Settings): Cell[] {
  const ordered = group.toSorted((a, b) => a.ratio.estimate - b.ratio.estimate);
  const best = ordered[0]!;
  const worst = ordered.at(-1)!;
  const { workload, implementation, params } = worst.candidate;
  const range = ordered.length > 1 ? `${times(best)} to ${times(worst)}` : times(worst);
  const place = paramsLabel(params, settings);
  return [
    { text: `  ${workload}` },
    { text: implementation, align: 'left' },
    { text: range },
    { text: formatInterval(worst.ratio) },
    { text: ordered.length > 1 && place ? `worst at ${place}` : place, align: 'left' },
  ];
}

function times({ ratio }: Comparison): string {
  return `${formatDigits(ratio.estimate)}×`;
}
