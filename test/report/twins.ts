/** Made-up runs of identical arms. */
import { Random } from '../../src/random.ts';
import type { SampleSeries, SamplesDocument } from '../../src/results/samples.ts';
import { samplesDocument, series } from '../results/document.ts';
import { gauss } from '../stats/noise.ts';

const ROUNDS = 12;

export interface Twins {
  readonly workload: string;
  /** Spread of the log ratio between forks. */
  readonly spread: number;
  /** What B really takes over A. */
  readonly ratio?: number;
}

/** One run of 12 forks; each workload is a block of its own, with a build A and a build B. */
export function twinRun(workloads: readonly Twins[], seed: number): SamplesDocument {
  const list = workloads.flatMap((twins, block) => forksOf(twins, block, seed));
  const made = samplesDocument({ series: list, unavailable: [] });
  return { ...made, settings: { ...made.settings, seed, looks: [4, 6, 9, 12] } };
}

function forksOf({ workload, spread, ratio = 1 }: Twins, block: number, seed: number): SampleSeries[] {
  const random = new Random(seed).fork(workload);
  return Array.from({ length: 12 }, (_, fork) => {
    const level = 1000 * (1 + 0.1 * random.float());
    const own = ratio * Math.exp(spread * gauss(random));
    const rounds = { workload, block, fork, round: Array.from({ length: ROUNDS }, (_, round) => round) };
    const timed = (factor: number, build: string) =>
      series({
        ...rounds,
        build,
        operations: new Array<number>(ROUNDS).fill(1000),
        durationNs: rounds.round.map(() => level * factor * (1 + 0.0005 * gauss(random))),
      });
    return [timed(1, 'A b'), timed(own, 'B b')];
  }).flat();
}
