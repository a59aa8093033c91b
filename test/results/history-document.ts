/** A document of `history show --json`, with what a test changes. */
import {
  HISTORY_SERIES_SCHEMA,
  type HistoryDocument,
  type HistorySeries,
} from '../../src/results/history-document.ts';
import { historyEntry } from './history-entry.ts';

const day = (i: number) => `2026-11-${String(i + 1).padStart(2, '0')}T10:00:00.000Z`;

/** Runs of these times, a day each, with a change at `index` where one is given. */
export function historySeriesOf(
  timesNs: readonly number[],
  index: number | null,
  changes: Partial<HistorySeries> = {},
): HistorySeries {
  const points = timesNs.map((ns, i) =>
    historyEntry({
      run: `r${i}`,
      createdAt: day(i),
      build: `b${i}`,
      nsPerOp: { estimate: ns, low: ns * 0.99, high: ns * 1.01 },
    }),
  );
  const { workload, params, implementation, runtime, evidence, conditions } = points[0]!;
  const start = index ?? 0;
  return {
    ...{ workload, params, implementation, runtime, evidence, conditions, points },
    changes:
      index === null ? [] : [{ index, createdAt: day(index), ratio: timesNs[index]! / timesNs[index - 1]! }],
    window: { since: day(start), runCount: points.length - start, nsPerOp: timesNs.at(-1)! },
    ...changes,
  };
}

/** One arm that got twice as slow, and one that did not change. */
export function historyDocument(changes: Partial<HistoryDocument> = {}): HistoryDocument {
  return {
    schema: HISTORY_SERIES_SCHEMA,
    file: 'results/history.ndjson',
    series: [historySeriesOf([2, 2, 4], 2), historySeriesOf([3, 3], null, { implementation: 'ts' })],
    ...changes,
  };
}
