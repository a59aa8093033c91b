/** How the time of an operation grows with its size, a line for each implementation and alignment. */
import { armKey, type Params } from '../../results/samples.ts';
import { formatBytes } from '../../units.ts';
import { armNamer, fullLabel, paramsLabel } from '../labels.ts';
import { armOfRow, type Summary, type SummaryRow } from '../summary.ts';
import { chart } from './chart.ts';
import type { Html } from './escape.ts';
import { section } from './section.ts';

/** Fewer points are no curve. */
const LEAST_POINTS = 3;
const OFFSETS = ['srcOffsetBytes', 'dstOffsetBytes'];

const TEXT = {
  title: 'Size and alignment',
  note: 'Time of an operation over its size, both logarithmic. A bar is the interval; +16 is 16 bytes off an aligned address.',
};

type SweptRow = SummaryRow & { readonly nsPerOp: NonNullable<SummaryRow['nsPerOp']> };

export function sweepSection({ workloads, settings }: Summary): Html {
  const swept = workloads.filter(
    (row): row is SweptRow =>
      row.nsPerOp !== null && row.implementation !== 'noop' && typeof row.params.sizeBytes === 'number',
  );
  const nameOf = armNamer(swept.map(armOfRow));
  const lines = [...Map.groupBy(swept, (row) => armKey(armWithout(row, ['sizeBytes']))).values()]
    .filter((rows) => new Set(rows.map(({ params }) => params.sizeBytes)).size >= LEAST_POINTS)
    .map((rows) => ({
      row: rows[0]!,
      name: [nameOf(armOfRow(rows[0]!)), paramsLabel(offsetsOf(rows[0]!.params), settings)]
        .filter(Boolean)
        .join(' '),
      points: rows.map(({ params, nsPerOp }) => ({ x: Number(params.sizeBytes), timeNs: nsPerOp })),
    }));
  const charts = Map.groupBy(lines, ({ row }) => workloadKey(row));
  return section(
    TEXT,
    [...charts.values()].map((members) => {
      const { workload, params } = armWithout(members[0]!.row, ['sizeBytes', ...OFFSETS]);
      return chart({
        title: fullLabel(workload, params, settings),
        lines: members,
        along: 'size',
        axis: 'log',
        format: formatBytes,
      });
    }),
  );
}

function workloadKey(row: SummaryRow): string {
  return armKey({
    ...armWithout(row, ['sizeBytes', ...OFFSETS]),
    implementation: '',
    runtime: '',
    build: '',
  });
}

function armWithout(row: SummaryRow, names: readonly string[]) {
  const arm = armOfRow(row);
  return { ...arm, params: pick(arm.params, (name) => !names.includes(name)) };
}

function offsetsOf(params: Params): Params {
  return pick(params, (name) => OFFSETS.includes(name));
}

function pick(params: Params, isWanted: (name: string) => boolean): Params {
  return Object.fromEntries(Object.entries(params).filter(([name]) => isWanted(name)));
}
