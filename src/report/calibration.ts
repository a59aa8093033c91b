/**
 * Figures of a calibration, from runs in which every arm was measured beside an identical one. The runs went to their
 * last look whatever came out, so that every look of every comparison can be read again with any margin.
 */

import { type Calibration, familyOf, type Limits, type VerdictCounts } from '../results/calibration.ts';
import { armKey, type SampleSeries, type SamplesDocument } from '../results/samples.ts';
import { DEFAULT_CONFIDENCE } from '../stats/bootstrap.ts';
import { timeRatio } from '../stats/estimate.ts';
import { mostOf } from '../stats/extent.ts';
import { intervalOf } from '../stats/fork-bootstrap.ts';
import { FEWEST_FORKS_TO_DECIDE, levelAt } from '../stats/looks.ts';
import { upperBound } from '../stats/proportion.ts';
import { covering, type Reach, reachOf } from '../stats/reach.ts';
import { logMargin, type Verdict } from '../stats/verdict.ts';
import { type Comparison, compareArms, ratioOf, summaryStream } from './comparisons.ts';
import { type MeasuredArm, measuredArms } from './measured-arm.ts';
import { type Pair, pairArms } from './pairs.ts';

/**
 * Share of identical arms that come out `same` at the noise floor. Nine of ten are promised of later runs: a floor at
 * exactly nine of ten of these would miss that every other time.
 */
const FLOOR_SHARE = 0.95;
/** Probability with which the smallest effect is found. */
const POWER = 0.9;
/** Floors are rounded up to a margin that one would type: 0.1 %. */
const FLOOR_STEPS = 1000;
const ALPHA = 1 - DEFAULT_CONFIDENCE;

type Figures = Pick<Calibration, 'atMargin' | 'atFloor' | 'overall' | 'families'>;

/**
 * @param runs of one plan: equal looks, equal arms
 * @param margin at which verdicts are counted
 * @returns null where no comparison got as far as a verdict that decides: below four forks, none does
 */
export function calibrationFigures(runs: readonly SamplesDocument[], margin: number): Figures | null {
  const reaches = runs.flatMap(reachesOf);
  if (reaches.length === 0) return null;
  const apart = runs.slice(1).flatMap((run, i) => marginsApart(runs[i]!, run));
  const limits = (family: string | null): Limits => {
    const inFamily = (one: { family: string }) => family === null || one.family === family;
    return limitsOf(reaches.filter(inFamily), apart.filter(inFamily), margin);
  };
  const overall = limits(null);
  const families = [...new Set(reaches.map(({ family }) => family))];
  return {
    atMargin: verdictsAt(runs, margin),
    atFloor: verdictsAt(runs, overall.noiseFloor),
    overall,
    families: Object.fromEntries(families.map((family) => [family, limits(family)])),
  };
}

interface FamilyReach extends Reach {
  readonly family: string;
}

function limitsOf(
  reaches: readonly Reach[],
  apart: readonly { readonly margin: number }[],
  margin: number,
): Limits {
  const noiseFloor = floorOf(reaches.map(({ same }) => same));
  const excess = covering(
    reaches.flatMap(({ slower, faster }) => [slower, faster]),
    POWER,
  );
  return {
    comparisons: reaches.length,
    noiseFloor,
    noiseFloorApart: apart.length === 0 ? null : floorOf(apart.map((one) => one.margin)),
    smallestEffect: Math.expm1(logMargin(Math.max(margin, noiseFloor)) + Math.max(0, excess)),
  };
}

function floorOf(logMargins: readonly number[]): number {
  const floor = Math.expm1(covering(logMargins, FLOOR_SHARE));
  // One step at least: no margin is zero. The little less keeps 0.002 * 1000 from becoming 3 steps.
  return Math.max(1, Math.ceil(floor * FLOOR_STEPS - 1e-9)) / FLOOR_STEPS;
}

/** What each comparison of a run with its own twin would have taken to come out one way or the other. */
function reachesOf(samples: SamplesDocument): FamilyReach[] {
  return selfPairs(samples).flatMap((pair) => {
    const looks = samples.settings.looks;
    const forks = forksOf(pair.candidate);
    const reached = looksReached(looks, forks.length).filter((count) => count >= FEWEST_FORKS_TO_DECIDE);
    const intervals = reached.flatMap((count) => {
      const { location } = ratioOf(withForks(pair, forks.slice(0, count)), samples.settings, {});
      return location === null ? [] : [intervalOf(location, levelAt(looks ?? [count], count, ALPHA))];
    });
    return intervals.length === 0 ? [] : [{ family: familyOf(pair.candidate), ...reachOf(intervals) }];
  });
}

function selfPairs(samples: SamplesDocument): Pair<MeasuredArm>[] {
  return pairArms(measuredArms(samples.series)).filter(({ kind }) => kind === 'build');
}

/** Looks that a comparison of so many forks had; where it was cut off between two, the forks that it has. */
function looksReached(looks: readonly number[] | undefined, forks: number): number[] {
  return [...new Set([...(looks ?? []).filter((look) => look < forks), forks])];
}

/** In the order in which they were measured. */
function forksOf({ series }: MeasuredArm): number[] {
  return [...new Set(series.map(({ fork }) => fork))].sort((a, b) => a - b);
}

function withForks({ kind, candidate, baseline }: Pair<MeasuredArm>, forks: readonly number[]) {
  const cut = (arm: MeasuredArm): MeasuredArm => {
    return { ...arm, series: arm.series.filter(({ fork }) => forks.includes(fork)) };
  };
  return { kind, candidate: cut(candidate), baseline: cut(baseline) };
}

/**
 * Margins at which the arms of one run come out the same as those of another, compared afterwards: no round has a
 * neighbour, and there is one look.
 */
function marginsApart(
  earlier: SamplesDocument,
  later: SamplesDocument,
): { family: string; margin: number }[] {
  if (earlier.settings.seed !== later.settings.seed) return []; // other accesses, other times
  const before = new Map(measuredArms(earlier.series).map((arm) => [armKey(arm), arm]));
  return measuredArms(later.series).flatMap((arm) => {
    const other = before.get(armKey(arm));
    if (!other) return [];
    const random = summaryStream(later.settings, `apart ${armKey(arm)}`);
    const { location, forkCount } = timeRatio(ofRun('later', arm), ofRun('earlier', other), { random });
    if (location === null || forkCount < FEWEST_FORKS_TO_DECIDE) return [];
    const { low, high } = intervalOf(location, ALPHA);
    return [{ family: familyOf(arm), margin: Math.max(-low, high) }];
  });
}

function ofRun(run: string, { series }: MeasuredArm): SampleSeries[] {
  return series.map((one) => ({ ...one, run }));
}

function verdictsAt(runs: readonly SamplesDocument[], margin: number): VerdictCounts {
  const byRun = runs.map((run) => replay(run, margin).flatMap(({ verdict }) => verdict ?? []));
  return countVerdicts(byRun, margin);
}

/** @param byRun verdicts of each run on arms that do not differ */
export function countVerdicts(byRun: readonly (readonly Verdict[])[], margin: number): VerdictCounts {
  const verdicts = byRun.flat();
  const count = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
  const [same, inconclusive, faster, slower] = [
    count('same'),
    count('inconclusive'),
    count('faster'),
    count('slower'),
  ];
  const isFalse = (verdict: Verdict) => verdict === 'faster' || verdict === 'slower';
  return {
    margin,
    same,
    inconclusive,
    faster,
    slower,
    falseShare: verdicts.length === 0 ? 0 : (faster + slower) / verdicts.length,
    falseShareBound: verdicts.length === 0 ? 1 : upperBound(faster + slower, verdicts.length),
    suiteRuns: byRun.length,
    suiteRunsWithFalse: byRun.filter((run) => run.some(isFalse)).length,
  };
}

/**
 * The verdicts on identical arms that a run with another margin would have ended with: at each look, blocks of which
 * all are decided are left out, and those that are left go on.
 */
function replay(samples: SamplesDocument, margin: number): Comparison[] {
  const settings = { ...samples.settings, margin };
  const byBlock = Map.groupBy(samples.series, ({ block }) => block);
  const forks = new Map([...byBlock].map(([block, list]) => [block, forksOfSeries(list)]));
  const taken = new Map([...forks.keys()].map((block) => [block, 0]));
  const most = mostOf(
    [...forks.values()].map(({ length }) => length),
    0,
  );
  let open = new Set(forks.keys());
  let comparisons: Comparison[] = [];
  for (const look of looksReached(settings.looks, most)) {
    for (const block of open) taken.set(block, look);
    const series = samples.series.filter(
      ({ block, fork }) => forks.get(block)!.indexOf(fork) < taken.get(block)!,
    );
    comparisons = compareArms(measuredArms(series), settings).filter(({ kind }) => kind === 'build');
    const undecided = comparisons.filter(({ verdict }) => verdict === null || verdict === 'inconclusive');
    const keys = new Set(undecided.flatMap(({ candidate }) => armKey(candidate)));
    open = new Set(series.filter((one) => keys.has(armKey(one))).map(({ block }) => block));
  }
  return comparisons;
}

function forksOfSeries(list: SamplesDocument['series']): number[] {
  return [...new Set(list.map(({ fork }) => fork))].sort((a, b) => a - b);
}
