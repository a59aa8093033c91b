/** The cost stack of a profiled arm, measured in its own process: the same code at the same addresses. */
import { specFromFlags } from '../device/device-flags.ts';
import { armFacts, type MeasuredArm } from '../measure/arm.ts';
import { timerCostNs } from '../measure/calibrate-batch.ts';
import { createLayerArms, type LayeredRow } from '../measure/layers.ts';
import { Rounds } from '../measure/rounds.ts';
import { answersBefore, verifyAfter } from '../measure/verify.ts';
import { Random } from '../random.ts';
import { type StackRow, stackRows } from '../report/stack.ts';
import { toSeries } from '../results/rows.ts';
import type { ProfileRequest } from './protocol.ts';

/** Of rounds, where the profile takes as long: shares are settled by then. */
const MOST_MS = 1500;
/** Fewer say nothing about how rounds differ. */
const LEAST_ROUNDS = 20;

/** An arm with what its layers are made from. */
export interface ProfiledArm {
  readonly arm: MeasuredArm;
  readonly row: LayeredRow;
  readonly build: string;
}

/**
 * Null for work that is a layer itself, and where it was stopped. Bounds checks are not taken apart: in a profile they
 * are in the function that they are compiled into, and so they are in `decode` here, too.
 * @throws WrongAnswerError where a layer that does the work in another way answers otherwise
 */
export async function costStack(
  { arm, row, build }: ProfiledArm,
  { device, seed, durationMs }: ProfileRequest,
  stopped: () => boolean,
): Promise<StackRow | null> {
  const spec = specFromFlags(device);
  const made = await createLayerArms([row], { spec, buildOf: () => build });
  const arms = [arm, ...made.filter(({ layer }) => layer !== 'unchecked')];
  if (arms.length === 1) return null;
  const answers = arms.flatMap((one) => answersBefore([one], undefined));
  const rounds = new Rounds(arms, new Random(seed).fork('cost stack'), stopped);
  if (!(await rounds.warmUp(timerCostNs()))) return null;
  const budgetMs = Math.min(MOST_MS, durationMs);
  await rounds.run({ first: 0, budgetMs, atLeast: LEAST_ROUNDS, atMost: Number.MAX_SAFE_INTEGER });
  if (stopped()) return null;
  verifyAfter(answers, rounds.samples);
  const place = {
    runtime: '',
    checksum: '',
    evidence: 'measured',
    fork: 0,
    block: 0,
    phase: 'steady',
  } as const;
  const series = toSeries(
    rounds.samples.map(({ arm: of, round, durationNs, operations, tier }) => ({
      ...armFacts(of),
      ...place,
      tier,
      round,
      durationNs,
      operations,
    })),
  );
  return stackRows({ settings: { seed }, series })[0] ?? null;
}
