/** What `npm run selftest -- profile` finds: what profiling costs, and how the two views of an arm's time agree. */

import type { Random } from '../random.ts';
import {
  isNarrow,
  type PartVerdict,
  PROFILE_PARTS,
  type ProfiledPart,
  type ProfilePart,
} from '../results/profile.ts';
import type { Estimate } from '../stats/bootstrap.ts';
import { intervalOf, locateForks } from '../stats/fork-bootstrap.ts';
import { formatCount } from '../units.ts';

/** Time of a profiled arm over that of the same arm alone. */
const MAX_COST = 1.05;
/** Of the interval of what lies between the two views. */
const LEVEL = 0.05;

export interface CostTrial {
  readonly name: string;
  readonly ratio: Estimate;
  readonly samples: number;
}

/** `config-read/call wasm: 0.7% (0.5% to 0.9%), 3,811 samples`. */
export function costLine({ name, ratio, samples }: CostTrial): string {
  const { estimate, low, high } = ratio;
  return (
    `${name}: profiling costs ${percent(estimate - 1)} (${percent(low - 1)} to ${percent(high - 1)}), ` +
    `${formatCount(samples)} samples`
  );
}

/** The whole interval is to lie below what is promised, and of a profiler that took no sample nothing is known. */
export function keepsCost({ ratio, samples }: CostTrial): boolean {
  return samples > 0 && ratio.high <= MAX_COST;
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface PartTrial {
  readonly part: ProfilePart;
  /** Means over processes, as are the intervals. */
  readonly least: number;
  readonly most: number;
  readonly stack: number;
  readonly accepted: Interval;
  readonly stackInterval: Interval;
  /** By how much the cost stack has more than the profile allows, below 0 less; 0 where their intervals meet. */
  readonly gap: Estimate;
}

/**
 * Parts over several processes, each of which gave both views. What the intervals of a single process do not hold, how
 * processes differ, is in that of the gap.
 * @param processes parts of one profile each; `gapOf` is their distance
 */
export function partTrials(
  processes: readonly (readonly ProfiledPart[])[],
  gapOf: (part: ProfiledPart) => number,
  random: Random,
): PartTrial[] {
  return PROFILE_PARTS.flatMap((part): PartTrial[] => {
    const found = processes.flatMap((parts) =>
      parts.filter((one) => one.part === part && one.stack !== null),
    );
    if (found.length < 2) return [];
    const gaps = locateForks(
      found.map((one) => [gapOf(one)]),
      { random: random.fork(part) },
    );
    return [
      {
        part,
        least: mean(found.map(({ least }) => least)),
        most: mean(found.map(({ most }) => most)),
        stack: mean(found.map(({ stack }) => stack!.share)),
        accepted: meanInterval(found),
        stackInterval: meanInterval(found.map(({ stack }) => stack!)),
        gap: { estimate: gaps.estimate, ...intervalOf(gaps, LEVEL) },
      },
    ];
  });
}

/** As of a single profile: where the two lie apart they differ, and what is as wide as nearly all tells nothing. */
export function trialVerdict({ gap, accepted, stackInterval }: PartTrial): PartVerdict {
  if (gap.low > 0 || gap.high < 0) return 'differs';
  return isNarrow(accepted) && isNarrow(stackInterval) ? 'agrees' : 'cannot tell';
}

/** Where no part of any arm is told, nothing was tested; a part that an arm has none of agrees easily. */
export function partsHold(trials: readonly PartTrial[]): boolean {
  const isTested = trials.some((trial) => trialVerdict(trial) === 'agrees' && trial.stack > 0);
  return isTested && trials.every((trial) => trialVerdict(trial) !== 'differs');
}

/** `31 of 40 parts agree, 9 cannot be told, 0 differ`. */
export function trialsLine(trials: readonly PartTrial[]): string {
  const count = (verdict: PartVerdict) => trials.filter((trial) => trialVerdict(trial) === verdict).length;
  return (
    `${count('agrees')} of ${trials.length} parts agree, ${count('cannot tell')} cannot be told, ` +
    `${count('differs')} differ`
  );
}

/** `  copy: profile 44% to 64%, cost stack 57%: agree`. */
export function partLine(trial: PartTrial): string {
  const { part, least, most, stack, gap } = trial;
  const verdicts = {
    agrees: 'agree',
    'cannot tell': 'cannot tell',
    differs: `DIFFER by ${percent(gap.estimate)} (${percent(gap.low)} to ${percent(gap.high)})`,
  };
  return `  ${part}: profile ${percent(least)} to ${percent(most)}, cost stack ${percent(stack)}: ${verdicts[trialVerdict(trial)]}`;
}

function meanInterval(intervals: readonly Interval[]): Interval {
  return { low: mean(intervals.map(({ low }) => low)), high: mean(intervals.map(({ high }) => high)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
