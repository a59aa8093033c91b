import { WrongAnswerError } from '../errors.ts';
import type { MeasuredArm } from './arm.ts';
import type { TimedSample } from './rounds.ts';

/** An arm and the answer that it gave before any clock started. */
export interface Answer {
  readonly arm: MeasuredArm;
  /** 8 hex digits. */
  readonly answer: string;
  /** Checksum of the timed path's one pass, and digest of what it left behind. */
  readonly checksum: number;
  readonly stateDigest: number;
}

/**
 * Asks every arm for its answer, twice: the second one is what each later pass must give, since a first pass may
 * still find registers at their reset values.
 * @throws WrongAnswerError where two implementations, or an implementation and the recorded answer, disagree
 */
export function answersBefore(arms: readonly MeasuredArm[], recorded: string | undefined): Answer[] {
  const answers = arms.map((arm): Answer => {
    ask(arm);
    return ask(arm);
  });
  const answering = answers.filter(({ arm }) => arm.implementation !== 'noop');
  const first = answering[0];
  for (const { arm, answer } of answering) {
    if (answer !== first!.answer) {
      throw wrong(
        arm.workload,
        `${first!.arm.implementation} answered ${first!.answer}, ${arm.implementation} ${answer}`,
      );
    }
  }
  if (first && recorded !== undefined && first.answer !== recorded) {
    throw wrong(
      first.arm.workload,
      `expected ${recorded} (recorded), ${answering.map(({ arm }) => arm.implementation).join(' and ')} answered ${first.answer}`,
    );
  }
  return answers;
}

/** The answer of the path that is timed, for one pass. */
function ask(arm: MeasuredArm): Answer {
  let checksum = 0;
  const answer = arm.answer(() => {
    checksum = arm.time(1).checksum;
    return checksum;
  });
  return { arm, answer, checksum, stateDigest: arm.stateDigest() };
}

/**
 * Every timed pass must have given the checksum of the pass before the clock, the last one must have left the same
 * state behind, and one more pass the same answer.
 * @throws WrongAnswerError where an arm's answer changed while it was timed
 */
export function verifyAfter(answers: readonly Answer[], samples: readonly TimedSample[]): void {
  for (const { arm, answer, checksum, stateDigest } of answers) {
    const odd = samples.find((sample) => sample.arm === arm && sample.checksum !== checksum);
    if (odd) {
      const found = `${odd.checksum.toString(16)} in round ${odd.round}`;
      throw wrong(
        arm.workload,
        `${arm.implementation} gave checksum ${checksum.toString(16)} before timing and ${found}`,
      );
    }
    if (arm.stateDigest() !== stateDigest) {
      throw wrong(
        arm.workload,
        `${arm.implementation} left another state behind in its timed rounds than before them`,
      );
    }
    const after = ask(arm).answer;
    if (after !== answer) {
      throw wrong(
        arm.workload,
        `${arm.implementation} answered ${answer} before timing and ${after} after it`,
      );
    }
  }
}

function wrong({ name, params }: MeasuredArm['workload'], what: string): WrongAnswerError {
  return new WrongAnswerError(`${name} ${JSON.stringify(params)}: wrong answer: ${what}`);
}
