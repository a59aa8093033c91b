/** What the comparisons between workloads say: the cost of emulation, of sparse backing, of misalignment. */
import type { Settings } from '../results/samples.ts';
import { formatDigits } from '../units.ts';
import { fitGrid, type Layouts, labelCell } from './fit.ts';
import type { Cell, GridLine } from './grid.ts';
import { paramsLabel } from './labels.ts';
import type { ComparisonKind } from './pairs.ts';
import type { Comparison, Summary } from './summary.ts';
import { formatInterval } from './times.ts';

/** Implementations against each other have their columns in the table, and a call stands beside its batch there. */
const TITLES: Partial<Record<ComparisonKind, string>> = {
  emulation: 'Emulated over direct access',
  sparse: 'Sparse over flat backing',
  alignment: 'Misaligned over aligned',
};

/** What a line says beside the worst ratio. */
interface Detail {
  interval: boolean;
  place: boolean;
  range: boolean;
}

const EVERYTHING: Detail = { interval: true, place: true, range: true };
const LAYOUTS: Layouts<Detail> = {
  details: [EVERYTHING, { ...EVERYTHING, interval: false }],
  lastResorts: [
    { interval: false, place: false, range: true },
    { interval: false, place: false, range: false },
  ],
};

/** For each kind one line per workload and implementation: the range of its ratios, and where the worst was. */
export function findingTable(summary: Summary, width: number): GridLine[] {
  return fitGrid(LAYOUTS, (detail) => findingLines(summary, detail), width).grid;
}

function findingLines(summary: Summary, detail: Detail): GridLine[] {
  return Object.entries(TITLES).flatMap(([kind, title]): GridLine[] => {
    const ofKind = summary.comparisons.filter((comparison) => comparison.kind === kind);
    if (ofKind.length === 0) return [];
    const groups = Map.groupBy(ofKind, ({ candidate }) =>
      JSON.stringify([candidate.workload, candidate.implementation]),
    );
    const caption = detail.range ? 'ratio of times' : 'worst ratio of times';
    return [
      {
        heading: { text: title, style: 'bold' },
        note: { text: `${caption}; above 1 is slower`, style: 'dim' },
      },
      ...[...groups.values()].map((group) => ({ cells: findingCells(group, summary.settings, detail) })),
    ];
  });
}

function findingCells(group: readonly Comparison[], settings: Settings, detail: Detail): Cell[] {
  const ordered = group.toSorted((a, b) => a.ratio.estimate - b.ratio.estimate);
  const best = ordered[0]!;
  const worst = ordered.at(-1)!;
  const { workload, implementation, params } = worst.candidate;
  const place = paramsLabel(params, settings);
  return [
    labelCell(workload),
    { text: implementation, align: 'left' },
    { text: ordered.length > 1 && detail.range ? `${times(best)} to ${times(worst)}` : times(worst) },
    ...(detail.interval ? [{ text: formatInterval(worst.ratio) }] : []),
    ...(detail.place
      ? [{ text: ordered.length > 1 && place ? `worst at ${place}` : place, align: 'left' as const }]
      : []),
  ];
}

function times({ ratio }: Comparison): string {
  return `${formatDigits(ratio.estimate)}×`;
}
