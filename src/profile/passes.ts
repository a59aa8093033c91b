import { nowNs } from '../clock.ts';
import type { MeasuredArm } from '../measure/arm.ts';
import type { TimedSample } from '../measure/rounds.ts';

/** Name of the function in this file that stands below every sample of a profile that counts. */
export const LOOP = 'profiledPasses';

/** Samples of `passes` passes each until `durationMs` are over: what a profile is taken of. */
export function profiledPasses(arm: MeasuredArm, passes: number, durationMs: number): TimedSample[] {
  const samples: TimedSample[] = [];
  const tier = arm.tier();
  const operations = passes * arm.operations;
  const end = nowNs() + durationMs * 1e6;
  do {
    const { durationNs, checksum } = arm.time(passes);
    samples.push({ arm, round: samples.length, tier, durationNs, operations, checksum });
  } while (nowNs() < end);
  return samples;
}
