/** A CPU profile of one arm, taken by the process that it runs in. */

import { type Profiler, Session } from 'node:inspector/promises';
import { setImmediate } from 'node:timers/promises';
import { BarometerError } from '../errors.ts';
import type { MeasuredArm } from '../measure/arm.ts';
import { timerCostNs, warmUp } from '../measure/calibrate-batch.ts';
import { prepareArm } from '../measure/prepare-arm.ts';
import type { TimedSample } from '../measure/rounds.ts';
import { answersBefore, verifyAfter } from '../measure/verify.ts';
import { endCodeLog } from './code-log.ts';
import { costStack } from './cost-stack.ts';
import { profiledPasses } from './passes.ts';
import { type ProfileRequest, type RecordedProfile, SAMPLING_INTERVAL_US } from './protocol.ts';

/** Passes before the profiler starts, to hold those under it against. */
const UNPROFILED_MS = 500;
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
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
  const { arm, row, build, recorded, reason } = await prepareArm({ ...request, layoutSeed: request.seed });
  if (!arm || !row)
    throw new BarometerError(`${request.workload.name} on ${request.implementation}: ${reason}`);
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
  endCodeLog(); // layers run in the same functions, of an instance that starts anew
  verifyAfter(answers, [...before, ...samples]);
  const seesInlined = Number.parseInt(process.versions.node, 10) >= SEES_INLINED_SINCE;
  const rates = { unprofiled: nsPerOp(before), profiled: nsPerOp(samples) };
  progress('cost stack');
  const stack = await costStack({ arm, row, build }, request, stopped);
  return { v8: profile, build, tier, seesInlined, nsPerOp: rates, stack };
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

/** Not a median: most passes hold no sample of the profiler, and those that do are what it costs. */
function nsPerOp(samples: readonly TimedSample[]): number {
  const sum = (of: (sample: TimedSample) => number) => samples.reduce((total, one) => total + of(one), 0);
  return sum(({ durationNs }) => durationNs) / sum(({ operations }) => operations);
}
