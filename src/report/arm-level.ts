/** What the forks of one arm say of its time. */
import { Random } from '../random.ts';
import { type Arm, armKey, type Tier } from '../results/samples.ts';
import { DEFAULT_CONFIDENCE, type Estimate, medianEstimate } from '../stats/bootstrap.ts';
import { FEWEST_FORKS, intervalOf, type Location, locateForks } from '../stats/fork-bootstrap.ts';
import type { Evidence } from '../types.ts';
import type { ArmTimes } from './arm-times.ts';

/** The figures of one arm, without the rounds that they rest on. */
export interface ArmLevel extends Arm {
  readonly evidence: Evidence;
  readonly payloadBytesPerOp: number | null;
  readonly trafficBytesPerOp: number | null;
  /** Null where series of the arm disagree, as runs of different seeds do. */
  readonly checksum: string | null;
  readonly tier: Tier;
  readonly nsPerOp: Estimate;
  /** On the scale of logarithms; null where one process alone measured the arm. */
  readonly location: Location | null;
  readonly forkCount: number;
  readonly roundCount: number;
}

/** @param seed of the run: equal samples give equal intervals, bit for bit */
export function levelOf({ forks, checksums, tiers, ...arm }: ArmTimes, seed: number): ArmLevel {
  const random = new Random(seed).fork(`level ${armKey(arm)}`);
  const location = forks.length < FEWEST_FORKS ? null : locateForks(forks, { random });
  return {
    ...arm,
    checksum: only(checksums),
    tier: only(tiers) ?? 'mixed',
    nsPerOp: location ? estimateAt(location) : exponential(medianEstimate(forks[0]!, { random })),
    location,
    forkCount: forks.length,
    roundCount: forks.reduce((sum, { length }) => sum + length, 0),
  };
}

/** A location on the scale of times or ratios, with its interval. */
export function estimateAt(location: Location): Estimate {
  return exponential({ estimate: location.estimate, ...intervalOf(location, 1 - DEFAULT_CONFIDENCE) });
}

function exponential({ estimate, low, high }: Estimate): Estimate {
  return { estimate: Math.exp(estimate), low: Math.exp(low), high: Math.exp(high) };
}

/** The one value, or null where there are several. */
function only<T>(values: ReadonlySet<T>): T | null {
  return values.size === 1 ? [...values][0]! : null;
}
