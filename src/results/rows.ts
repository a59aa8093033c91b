/** Between the flat rows in which rounds are measured and analysed, and the series in which they are saved. */
import { armKey, type SampleSeries } from './samples.ts';

type Column = 'round' | 'durationNs' | 'operations';

/** One round with all of its facts. */
export type SampleRow = Omit<SampleSeries, Column> & Record<Column, number>;

/** Puts rows together that share all facts but their number, time and operations, in the order they come. */
export function toSeries(rows: Iterable<SampleRow>): SampleSeries[] {
  const byFacts = new Map<string, SampleSeries>();
  for (const row of rows) {
    const { round, durationNs, operations, ...facts } = row;
    const key = armKey(row) + JSON.stringify({ ...facts, params: null });
    const series = byFacts.get(key) ?? { ...facts, round: [], durationNs: [], operations: [] };
    series.round.push(round);
    series.durationNs.push(durationNs);
    series.operations.push(operations);
    byFacts.set(key, series);
  }
  return [...byFacts.values()];
}
