/** How the time of an operation grows with its size, a line for each implementation and alignment. */
import { formatBytes } from '../../units.ts';
import { armNamer, fullLabel, paramsLabel } from '../labels.ts';
import type { Summary } from '../summary.ts';
import { chart, type Line } from './chart.ts';
import type { Html } from './escape.ts';
import { section } from './section.ts';
import { OFFSETS, offsetsOf, type Swept, sweptLines, without, workloadKey } from './swept-rows.ts';

/** More lines in one chart have no reader. */
const MOST_LINES = 8;

const TEXT = {
  title: 'Size and alignment',
  note: 'Time of an operation over its size, both logarithmic (times from a factor of four on). A bar is the interval; +16 is 16 bytes off an aligned address.',
};

export function sweepSection(summary: Summary): Html {
  const { settings } = summary;
  const lines = sweptLines(summary, ['sizeBytes']);
  const nameOf = armNamer(lines.map(({ arm }) => arm));
  const lineOf = ({ arm, rows }: Swept): Line => ({
    name: [nameOf(arm), paramsLabel(offsetsOf(arm.params), settings)].filter(Boolean).join(' '),
    points: rows.map(({ params, nsPerOp }) => ({ x: Number(params.sizeBytes), timeNs: nsPerOp })),
  });
  return section(
    TEXT,
    chartsOf(lines, nameOf).map(({ arm, members }) => {
      const { workload, params } = without(members[0]!.arm, OFFSETS);
      const title = [fullLabel(workload, params, settings), arm].filter(Boolean).join(', ');
      return chart({ title, lines: members.map(lineOf), along: 'size', axis: 'log', format: formatBytes });
    }),
  );
}

interface Members {
  /** Where each arm has a chart of its own. */
  readonly arm: string;
  readonly members: readonly Swept[];
}

/** A chart for each workload; where that is too many lines, one for each of its arms. */
function chartsOf(lines: readonly Swept[], nameOf: (arm: Swept['arm']) => string): Members[] {
  const byWorkload = Map.groupBy(lines, ({ arm }) => workloadKey(without(arm, OFFSETS)));
  return [...byWorkload.values()].flatMap((members): Members[] => {
    if (members.length <= MOST_LINES) return [{ arm: '', members }];
    const byArm = Map.groupBy(members, ({ arm }) => nameOf(arm));
    return [...byArm].map(([arm, ofArm]) => ({ arm, members: ofArm }));
  });
}
