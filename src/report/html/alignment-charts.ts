/** What it takes to be off an aligned address, a line for each implementation. */
import type { Params } from '../../results/samples.ts';
import { armNamer, fullLabel } from '../labels.ts';
import type { Summary } from '../summary.ts';
import { chart, type Line } from './chart.ts';
import type { Html } from './escape.ts';
import { section } from './section.ts';
import { OFFSETS, type Swept, type SweptRow, sweptLines, workloadKey } from './swept-rows.ts';

const TEXT = {
  title: 'Alignment',
  note: 'Time of an operation by its offsets from an aligned address, of what it reads | of what it writes, in bytes.',
};

/** Offsets at equal distances: most of them are small, and a few bytes are what matters. */
export function alignmentSection(summary: Summary): Html {
  const lines = bySize(sweptLines(summary, OFFSETS));
  const nameOf = armNamer(lines.map(({ arm }) => arm));
  return section(
    TEXT,
    [...Map.groupBy(lines, ({ arm }) => workloadKey(arm)).values()].map((members) => {
      const { workload, params } = members[0]!.arm;
      const places = placesOf(members.flatMap(({ rows }) => rows));
      const lineOf = ({ arm, rows }: Swept): Line => ({
        name: nameOf(arm),
        points: rows.map((row) => ({ x: places.indexOf(offsetsText(row.params)), timeNs: row.nsPerOp })),
      });
      return chart({
        title: fullLabel(workload, params, summary.settings),
        lines: members.map(lineOf),
        along: 'offsets',
        axis: 'linear',
        format: (i) => places[i]!,
      });
    }),
  );
}

/** Workload by workload, each from the smallest size on. */
function bySize(lines: readonly Swept[]): Swept[] {
  const sizeOf = ({ arm }: Swept) => Number(arm.params.sizeBytes);
  const ordered = lines.toSorted((a, b) => sizeOf(a) - sizeOf(b));
  return [...Map.groupBy(ordered, ({ arm }) => arm.workload).values()].flat();
}

/** The text of each place: aligned first, then by the offset of what is written, which costs more. */
function placesOf(rows: readonly SweptRow[]): string[] {
  const offset = ({ params }: SweptRow, name: string) => Number(params[name] ?? 0);
  const ordered = rows.toSorted(
    (a, b) =>
      offset(a, 'dstOffsetBytes') - offset(b, 'dstOffsetBytes') ||
      offset(a, 'srcOffsetBytes') - offset(b, 'srcOffsetBytes'),
  );
  return [...new Set(ordered.map(({ params }) => offsetsText(params)))];
}

/** `+3 | +17`: short enough to stand below each point. */
function offsetsText(params: Params): string {
  const offsets = OFFSETS.flatMap((name) => params[name] ?? []);
  return offsets.every((offset) => offset === 0)
    ? 'aligned'
    : offsets.map((offset) => `+${offset}`).join(' | ');
}
