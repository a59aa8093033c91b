/** What happens once in each process, summed up over processes. */
import { Random } from '../random.ts';
import { armKey, type Phase, type SampleSeries, type SamplesDocument } from '../results/samples.ts';
import type { BootstrapOptions, Estimate } from '../stats/bootstrap.ts';
import { forkOf, levelOfForks, timesOf } from '../stats/estimate.ts';
import { median } from '../stats/median.ts';

/** Levels over processes, with intervals; null where none was measured. */
export interface PhaseSummary {
  implementation: string;
  runtime: string;
  build: string;
  compileNs: Estimate | null;
  instantiateNs: Estimate | null;
  /** Time of the first pass of an arm over its steady time in the same process. */
  firstOverSteady: Estimate | null;
  /** Processes that the figures rest on. */
  forks: number;
}

type OncePhase = Exclude<Phase, 'steady'>;

/** One entry for each implementation, runtime and build that was started, in the order of the series. */
export function summarizePhases(
  samples: SamplesDocument,
  options: Omit<BootstrapOptions, 'random'> = {},
): PhaseSummary[] {
  const random = new Random(samples.settings.seed).fork('phases');
  const once = samples.series.filter(({ phase }) => phase !== 'steady');
  const steady = new Map<string, SampleSeries>();
  const hasFirst = once.some(({ phase }) => phase === 'first');
  for (const series of hasFirst ? samples.series : []) {
    if (series.phase === 'steady') steady.set(`${forkOf(series)} ${armKey(series)}`, series);
  }
  const places = Map.groupBy(once, ({ implementation, runtime, build }) =>
    JSON.stringify([implementation, runtime, build]),
  );
  return [...places].map(([place, list]) => {
    const { implementation, runtime, build } = list[0]!;
    const estimate = (phase: OncePhase, valuesOf: (series: SampleSeries) => readonly number[]) => {
      const found = list
        .filter((series) => series.phase === phase)
        .map((series) => ({ process: forkOf(series), values: valuesOf(series) }))
        .filter(({ values }) => values.length > 0);
      const forks = [...Map.groupBy(found, ({ process }) => process).values()].map((fork) =>
        fork.flatMap(({ values }) => values),
      );
      return forks.length === 0
        ? null
        : levelOfForks(forks, { ...options, random: random.fork(`${phase} ${place}`) });
    };
    const overSteady = (series: SampleSeries) => {
      const later = steady.get(`${forkOf(series)} ${armKey(series)}`);
      return later ? [median(timesOf(series)) / median(timesOf(later))] : [];
    };
    return {
      implementation,
      runtime,
      build,
      compileNs: estimate('compile', timesOf),
      instantiateNs: estimate('instantiate', timesOf),
      firstOverSteady: estimate('first', overSteady),
      forks: new Set(list.map(forkOf)).size,
    };
  });
}
