/** One line per workload while a run goes on; the table with intervals comes at its end. */
import { armKey, isSteadyRow, type SampleSeries, type Settings } from '../results/samples.ts';
import { median } from '../stats/median.ts';
import { formatNs } from '../units.ts';
import { paramsLabel } from './labels.ts';
import { plainText } from './plain-text.ts';

/** `config-read/batch 4 B, header: wasm 0.62 ns, ts 1.23 ns`, in the order of the series. */
export function firstResults(series: readonly SampleSeries[], settings: Settings): string[] {
  const rows = series.filter(isSteadyRow);
  const workloads = Map.groupBy(rows, (arm) => armKey({ ...arm, implementation: '' }));
  return [...workloads.values()].map((arms) => {
    const { workload, params } = arms[0]!;
    const name = [workload, paramsLabel(params, settings)].filter(Boolean).join(' ');
    const implementations = Map.groupBy(arms, ({ implementation }) => implementation);
    const figures = [...implementations].map(
      ([implementation, list]) => `${implementation} ${medianTime(list)}`,
    );
    return plainText(`${name}: ${figures.join(', ')}`);
  });
}

function medianTime(list: readonly SampleSeries[]): string {
  return formatNs(
    median(list.flatMap(({ durationNs, operations }) => durationNs.map((ns, i) => ns / operations[i]!))),
  );
}
