/** Which share of single operations took at most how long: the cumulative distribution of latencies, its tail stretched. */
import type { Histogram } from '../../histogram/histogram.ts';
import { armKey, type SamplesDocument } from '../../results/samples.ts';
import { armNamer, fullLabel } from '../labels.ts';
import { latencyHistograms } from '../latency.ts';
import { longestByFamily, type TimedRow, timedRows } from '../latency-lines.ts';
import { armOfRow, type Summary } from '../summary.ts';
import { chart, type Line } from './chart.ts';
import type { Html } from './escape.ts';
import { section } from './section.ts';

const TEXT = {
  title: 'Distribution of latencies',
  note: 'Cumulative: the share of single operations that took at most the time, each further nine at the same distance; 0% is the fastest. Of each family the workload that takes longest.',
};

const PERCENTS = [0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 99.999];

/** Operations of which one is beyond the percentile: equal factors are equal distances. */
function placeOf(percent: number): number {
  return 100 / (100 - percent);
}

/** Against rounding: 100 / (100 - 99.9) is 1000.0000000000568. */
const ROUNDING = 1e-9;

const PERCENT_TEXTS = new Map(PERCENTS.map((percent) => [placeOf(percent), `${percent}%`]));

export function distributionSection({ workloads, settings }: Summary, samples: SamplesDocument): Html {
  const histograms = latencyHistograms(samples.latencies ?? []);
  const rows = longestByFamily(timedRows(workloads)).flat();
  const nameOf = armNamer(rows.map(armOfRow));
  const lineOf = (row: TimedRow): Line => {
    const histogram = histograms.get(armKey(armOfRow(row)));
    return { name: nameOf(armOfRow(row)), points: histogram ? pointsOf(histogram) : [] };
  };
  const byWorkload = Map.groupBy(rows, (row) => fullLabel(row.name, row.params, settings));
  return section(
    TEXT,
    [...byWorkload].map(([title, ofWorkload]) =>
      chart({
        title,
        lines: ofWorkload.map(lineOf),
        along: 'share of operations',
        axis: 'log',
        format: (place) => PERCENT_TEXTS.get(place)!,
      }),
    ),
  );
}

/** Percentiles that at least one operation is beyond. */
function pointsOf(histogram: Histogram): Line['points'] {
  const most = histogram.count * (1 + ROUNDING);
  return PERCENTS.filter((percent) => placeOf(percent) <= most).map((percent) => {
    const ns = percent === 0 ? histogram.min : histogram.percentile(percent);
    return { x: placeOf(percent), timeNs: { estimate: ns, low: ns, high: ns } };
  });
}
