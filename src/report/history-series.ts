/** A history as series: what one arm took, run by run, and where it changed. */
import { Random } from '../random.ts';
import { conditionsKey } from '../results/conditions.ts';
import type { HistoryEntry } from '../results/history.ts';
import type { HistorySeries } from '../results/history-document.ts';
import { armKey } from '../results/samples.ts';
import { changePoints } from '../stats/change-point.ts';
import { median } from '../stats/median.ts';

/** Series in the order in which they begin in `entries`. Builds are what a history is over, so a series has many. */
export function historySeries(entries: Iterable<HistoryEntry>): HistorySeries[] {
  return [...Map.groupBy(entries, seriesKey)].map(([key, members]) => {
    const points = members.toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
    const times = points.map(({ nsPerOp }) => nsPerOp.estimate);
    const found = changePoints(times, { random: new Random(0).fork(key) });
    const changes = found.map(({ index, ratio }) => ({ index, createdAt: points[index]!.createdAt, ratio }));
    const start = changes.at(-1)?.index ?? 0;
    const { workload, params, implementation, evidence, conditions } = points[0]!;
    return {
      workload,
      params,
      implementation,
      runtime: runtimeFamily(points[0]!),
      evidence,
      conditions,
      points,
      changes,
      window: {
        since: points[start]!.createdAt,
        runCount: points.length - start,
        nsPerOp: median(times.slice(start)),
      },
    };
  });
}

function seriesKey(entry: HistoryEntry): string {
  const arm = armKey({ ...entry, runtime: runtimeFamily(entry), build: '' });
  return JSON.stringify([entry.evidence, conditionsKey(entry.conditions), arm]);
}

/** `node 26` of `node 26.10.0`. */
function runtimeFamily({ runtime }: HistoryEntry): string {
  return /^\S+ \d+/.exec(runtime)?.[0] ?? runtime;
}
