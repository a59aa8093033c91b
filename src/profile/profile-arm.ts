/** A CPU profile of one arm, taken by the process that it runs in. */

import { type Profiler, Session } from 'node:inspector/promises';
import { setImmediate } from 'node:timers/promises';
import { BarometerError } from '../errors.ts';
import type { MeasuredArm } from '../measure/arm.ts';
import { timerCostNs, warmUp } from '../measure/calibrate-batch.ts';
import { prepareArm } from '../measure/prepare-arm.ts';
import type { TimedSample } from '../measure/rounds.ts';
import { answersBefore, verifyAfter } from '../measure/verify.ts';
import { median } from '../stats/median.ts';
import { profiledPasses } from './passes.ts';
import type { ProfileRequest, RecordedProfile } from './protocol.ts';

/** As short as V8's sampling thread keeps to where a processor is left for it. */
const INTERVAL_US = 100;
/** Passes before the profiler starts, to hold those under it against. */
const UNPROFILED_MS = 200;
/** After so long, messages of the parent are heard. */
const STRETCH_MS = 50;

/** Seen on 26.10; on 24.21 and 22.15, calls that were put into the timed loop counted as the loop. */
const SEES_INLINED_SINCE = 26;

export interface ProfileHooks {
  readonly progress: (phase: string) => void;
  readonly stopped: () => boolean;
}

/**
 * @returns null where it was stopped before there was anything to see
 * @throws BarometerError where the arm cannot run; WrongAnswerError where it answers otherwise than is on record
 */
export async function profileArm(
  request: ProfileRequest,
  { progress, stopped }: ProfileHooks,
): Promise<RecordedProfile | null> {
  progress('preparing');
  const session = new Session();
  session.connect();
  // Before any code is compiled: V8 then keeps what tells functions apart that it has put into their callers.
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  const { arm, build, recorded, reason } = await prepareArm({ ...request, layoutSeed: request.seed });
  if (!arm) throw new BarometerError(`${request.workload.name} on ${request.implementation}: ${reason}`);
  const answers = answersBefore([arm], recorded);
  progress('warm-up');
  const { passes } = warmUp(arm, timerCostNs());
  const before = profiledPasses(arm, passes, UNPROFILED_MS);
  await setImmediate();
  if (stopped()) return null;
  progress('profiling');
  await session.post('Profiler.start');
  const samples = await inStretches(arm, passes, request.durationMs, stopped);
  const { profile } = (await session.post('Profiler.stop')) as { profile: Profiler.Profile };
  const tier = arm.tier();
  verifyAfter(answers, [...before, ...samples]);
  const seesInlined = Number.parseInt(process.versions.node, 10) >= SEES_INLINED_SINCE;
  const rates = { unprofiled: nsPerOp(before), profiled: nsPerOp(samples) };
  return { v8: profile, build, tier, seesInlined, nsPerOp: rates };
}

async function inStretches(
  arm: MeasuredArm,
  passes: number,
  durationMs: number,
  stopped: () => boolean,
): Promise<TimedSample[]> {
  const samples: TimedSample[] = [];
  const end = performance.now() + durationMs;
  let leftMs = durationMs;
  do {
    samples.push(...profiledPasses(arm, passes, Math.min(STRETCH_MS, leftMs)));
    await setImmediate();
    leftMs = end - performance.now();
  } while (leftMs > 0 && !stopped());
  return samples;
}

function nsPerOp(samples: readonly TimedSample[]): number {
  return median(samples.map(({ durationNs, operations }) => durationNs / operations));
}
