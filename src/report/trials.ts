/** What trials of barometer's own verdicts come to. */
import type { Trial, TrialComparison } from '../results/trials.ts';
import { median } from '../stats/median.ts';
import { lowerBound, shareInterval, upperBound } from '../stats/proportion.ts';
import { formatCount } from '../units.ts';
import { countVerdicts } from './calibration.ts';
import { formatGivenMargin } from './verdict-text.ts';

/** `open` where there are not enough trials yet to say. */
export type Outcome = 'held' | 'missed' | 'open';

export interface TrialReport {
  readonly lines: readonly string[];
  readonly outcome: Outcome;
}

const MS_PER_COMPARISON = 10_000;

/** Identical arms: what may come out false, and what has to come out the same. */
export interface TwinClaim {
  readonly comparisons: number;
  readonly falseShare: number;
  readonly sameShare: number;
}

export function twinReport(trials: readonly Trial[], claim: TwinClaim): TrialReport {
  const margin = trials[0]?.margin ?? 0;
  const counts = countVerdicts(
    trials.map(({ comparisons }) => comparisons.flatMap(({ verdict }) => verdict ?? [])),
    margin,
  );
  const all = counts.same + counts.inconclusive + counts.faster + counts.slower;
  if (all === 0) return { lines: ['no trial yet'], outcome: 'open' };
  const ms = sum(trials.map(({ durationMs }) => durationMs)) / all;
  const found = counts.faster + counts.slower;
  const { suiteRuns, suiteRunsWithFalse: falseRuns } = counts;
  const held =
    found <= claim.falseShare * all && counts.same >= claim.sameShare * all && ms <= MS_PER_COMPARISON;
  return {
    lines: [
      `${formatCount(all)} comparisons of identical arms in ${formatCount(suiteRuns)} runs, margin ${formatGivenMargin(margin)}`,
      `same ${counts.same} (${percent(counts.same / all)}), inconclusive ${counts.inconclusive}, faster ${counts.faster}, slower ${counts.slower}`,
      `false ${percent(found / all)}, 95% upper bound ${percent(upperBound(found, all))}; claimed at most ${percent(claim.falseShare)}`,
      `runs with any false verdict ${falseRuns} of ${suiteRuns} (${percent(falseRuns / suiteRuns)}), upper bound ${percent(upperBound(falseRuns, suiteRuns))}`,
      `time per comparison ${(ms / 1000).toFixed(2)} s, starts of processes included`,
      ...byWorkload(trials),
    ],
    outcome: all < claim.comparisons ? 'open' : held ? 'held' : 'missed',
  };
}

function byWorkload(trials: readonly Trial[]): string[] {
  const groups = Map.groupBy(
    trials.flatMap(({ comparisons }) => comparisons),
    nameOf,
  );
  return [...groups].map(([name, list]) => {
    const same = list.filter(({ verdict }) => verdict === 'same').length;
    const spread = median(list.map(({ ratio }) => Math.abs(Math.log(ratio.estimate))));
    const forks = sum(list.map(({ forkCount }) => forkCount)) / list.length;
    return `  ${name}: same ${same} of ${list.length}, typical error ${percent(spread)}, ${forks.toFixed(1)} forks`;
  });
}

/** A build with extra work against the one without. */
export interface SlowClaim {
  readonly trials: number;
  /** Share that has to be found; 0 where it is only the sign that counts. */
  readonly foundShare: number;
}

export function slowReport(trials: readonly Trial[], size: readonly Trial[], claim: SlowClaim): TrialReport {
  const comparisons = trials.flatMap((trial) => trial.comparisons);
  const sizeLines = size.flatMap((trial) => trial.comparisons.map(sizeLine));
  if (comparisons.length === 0) return { lines: [...sizeLines, 'no trial yet'], outcome: 'open' };
  const count = (verdict: string) => comparisons.filter((one) => one.verdict === verdict).length;
  const [found, wrong] = [count('slower'), count('faster')];
  const n = comparisons.length;
  const seconds = sum(trials.map(({ durationMs }) => durationMs)) / n / 1000;
  const held = wrong === 0 && found >= claim.foundShare * n;
  return {
    lines: [
      ...sizeLines,
      `${n} runs, margin ${formatGivenMargin(trials[0]!.margin)}, ${seconds.toFixed(2)} s each`,
      `found slower ${found} (${percent(found / n)}, at least ${percent(lowerBound(found, n))} with 95% confidence)`,
      `wrong sign ${wrong} (upper bound ${percent(upperBound(wrong, n))}); same ${count('same')}, inconclusive ${count('inconclusive')}`,
      `typical estimate ${percent(median(comparisons.map(({ ratio }) => ratio.estimate)) - 1)} slower`,
    ],
    outcome: n < claim.trials ? 'open' : held ? 'held' : 'missed',
  };
}

function sizeLine({ ratio, forkCount }: TrialComparison): string {
  const interval = [ratio.low, ratio.high].map((end) => percent(end - 1)).join(' to ');
  return `true size ${percent(ratio.estimate - 1)} slower, ${interval} (one run of ${forkCount} forks)`;
}

/** Share of 95 % intervals that has to hold the truth, over repeated runs, of all kinds and variants and of each. */
const COVERAGE = { least: 0.9, most: 0.99 } as const;
const COVERAGE_TRIALS = 100;

/**
 * How often intervals hold the truth: 1 for identical arms, and otherwise the median of what all runs estimate, whatever
 * their order of arms, their seed and their number of forks.
 */
export function coverageReport(trials: readonly Trial[]): TrialReport {
  if (trials.length === 0) return { lines: ['no trial yet'], outcome: 'open' };
  const truths = truthsOf(trials);
  const holds = ({ variant, comparisons }: Trial) =>
    comparisons.map((one) => {
      const truth = truths.get(nameOf(one))!;
      return { variant, kind: one.kind, held: one.ratio.low <= truth && truth <= one.ratio.high };
    });
  const all = trials.flatMap(holds);
  const share = (list: typeof all) => list.filter(({ held }) => held).length / list.length;
  const line = (name: string, list: typeof all) => {
    const { low, high } = heldInterval(list);
    return `${name}: ${percent(share(list))} of ${list.length} intervals (${percent(low)} to ${percent(high)})`;
  };
  const parts = [Map.groupBy(all, ({ kind }) => kind), Map.groupBy(all, ({ variant }) => variant)];
  const total = share(all);
  const isOff = parts.flatMap((groups) => [...groups.values()]).some(isOutside);
  const inRange = total >= COVERAGE.least && total <= COVERAGE.most && !isOff;
  return {
    lines: [
      line('all', all),
      ...parts.flatMap((groups) => [...groups].map(([name, list]) => line(`  ${name}`, list))),
    ],
    outcome: trials.length < COVERAGE_TRIALS ? 'open' : inRange ? 'held' : 'missed',
  };
}

interface Holding {
  readonly held: boolean;
}

/** Whether more trials would hardly bring the share back: a pooled one hides a kind or variant that is off. */
function isOutside(list: readonly Holding[]): boolean {
  const { low, high } = heldInterval(list);
  return high < COVERAGE.least || low > COVERAGE.most;
}

function heldInterval(list: readonly Holding[]): { low: number; high: number } {
  return shareInterval(list.filter(({ held }) => held).length, list.length);
}

function truthsOf(trials: readonly Trial[]): Map<string, number> {
  const groups = Map.groupBy(
    trials.flatMap(({ comparisons }) => comparisons),
    nameOf,
  );
  return new Map(
    [...groups].map(([name, list]) => [
      name,
      list[0]!.kind === 'build' ? 1 : median(list.map(({ ratio }) => ratio.estimate)),
    ]),
  );
}

/** What tinybench's statistics would have said of identical arms. */
export function tinybenchReport(trials: readonly Trial[]): TrialReport {
  const verdicts = trials.flatMap(({ comparisons }) => comparisons.flatMap((one) => one.tinybench ?? []));
  const n = verdicts.length;
  if (n === 0) return { lines: ['no trial yet'], outcome: 'open' };
  const line = (name: string, found: number) =>
    `${name}: ${found} of ${n} pairs called different (${percent(found / n)}, at least ${percent(lowerBound(found, n))})`;
  return {
    lines: [
      'one process, as tinybench is used',
      line('  intervals mean ± moe apart', verdicts.filter(({ fork }) => fork.apart).length),
      line('  t test of its means, p < 0.05', verdicts.filter(({ fork }) => fork.welch).length),
      'rounds of all processes together',
      line('  intervals mean ± moe apart', verdicts.filter(({ all }) => all.apart).length),
      line('  t test of its means, p < 0.05', verdicts.filter(({ all }) => all.welch).length),
    ],
    outcome: 'held',
  };
}

/** Equal for comparisons of the same two things, whichever build or order they were measured in. */
function nameOf({ kind, workload, params, candidate, baseline }: TrialComparison): string {
  const sides = kind === 'build' ? candidate.split(' ')[0] : `${candidate} over ${baseline}`;
  return `${workload} ${JSON.stringify(params)} ${sides}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(Math.abs(share) < 0.0995 ? 2 : 1)}%`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
