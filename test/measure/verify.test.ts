import { describe, expect, test } from 'vitest';
import { EXIT, WrongAnswerError } from '../../src/errors.ts';
import type { MeasuredArm } from '../../src/measure/arm.ts';
import type { TimedSample } from '../../src/measure/rounds.ts';
import { answersBefore, verifyAfter } from '../../src/measure/verify.ts';
import type { Implementation } from '../../src/types.ts';
import type { Workload } from '../../src/workload/scenario.ts';

const workload: Workload = {
  name: 'config-read/batch',
  params: { widthBytes: 4, mix: 'header' },
  group: 'g',
  seed: 1,
  checksums: {},
};
const LABEL = 'config-read/batch {"widthBytes":4,"mix":"header"}';

const CHECKSUM = 5;

interface FakeArm extends MeasuredArm {
  /** What it has left behind. */
  state: number;
}

/** An arm that gives these answers in turn, the last one ever after; it makes the timed pass for each. */
function arm(implementation: Implementation, ...answers: readonly string[]): FakeArm {
  let asked = 0;
  const fake: FakeArm = {
    workload,
    implementation,
    build: 'b',
    single: null,
    operations: 1,
    payloadBytesPerOp: null,
    trafficBytesPerOp: null,
    answer(pass: () => number) {
      expect(pass()).toBe(CHECKSUM);
      return answers[Math.min(asked++, answers.length - 1)]!;
    },
    stateDigest: () => fake.state,
    time: (passes) => {
      expect(passes).toBe(1);
      return { durationNs: 1, checksum: CHECKSUM };
    },
    tier: () => 'turbofan',
    state: 0,
  };
  return fake;
}

function sample(of: MeasuredArm, checksum: number): TimedSample {
  return { arm: of, round: 0, durationNs: 1, operations: 1, tier: 'turbofan', checksum };
}

function wrongAnswer(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(WrongAnswerError);
    expect(error).toMatchObject({ exitCode: EXIT.wrongAnswer });
    return (error as Error).message;
  }
  throw new Error('the answers were accepted');
}

describe('answersBefore', () => {
  test('the answer is that of the second pass: the first one may find registers at reset', () => {
    const arms = [arm('wasm', '00000001', '00000002'), arm('ts', '00000009', '00000002')];
    expect(answersBefore(arms, '00000002').map(({ answer }) => answer)).toEqual(['00000002', '00000002']);
  });

  test('two implementations that disagree are a wrong answer, with who and what', () => {
    const arms = [arm('wasm', '0000000a'), arm('ts', '0000000b')];
    expect(wrongAnswer(() => answersBefore(arms, undefined))).toBe(
      `${LABEL}: wrong answer: wasm answered 0000000a, ts 0000000b`,
    );
  });

  test('implementations that agree on another answer than the recorded one are wrong', () => {
    const arms = [arm('wasm', '0000000a'), arm('ts', '0000000a')];
    expect(wrongAnswer(() => answersBefore(arms, '0000000b'))).toBe(
      `${LABEL}: wrong answer: expected 0000000b (recorded), wasm and ts answered 0000000a`,
    );
  });

  test('noop is asked, and held against nobody', () => {
    const arms = [arm('noop', 'ffffffff'), arm('ts', '0000000a')];
    expect(answersBefore(arms, '0000000a').map(({ answer }) => answer)).toEqual(['ffffffff', '0000000a']);
    expect(answersBefore([arm('noop', 'ffffffff')], '0000000a')).toHaveLength(1);
  });

  test('no arms, no answers', () => {
    expect(answersBefore([], '0000000a')).toEqual([]);
  });
});

describe('verifyAfter', () => {
  test('accepts what answers as before', () => {
    const [wasm, ts] = [arm('wasm', 'a'), arm('ts', 'a')];
    const answers = answersBefore([wasm, ts], undefined);
    verifyAfter(answers, [sample(wasm, CHECKSUM), sample(ts, CHECKSUM), sample(wasm, CHECKSUM)]);
  });

  test('an answer that changed while it was timed is wrong, noop included', () => {
    for (const implementation of ['ts', 'noop'] as const) {
      const answers = answersBefore([arm(implementation, '0a', '0a', '0b')], undefined);
      expect(wrongAnswer(() => verifyAfter(answers, []))).toBe(
        `${LABEL}: wrong answer: ${implementation} answered 0a before timing and 0b after it`,
      );
    }
  });

  test('a timed round with another checksum than the pass before the clock is wrong, noop included', () => {
    for (const implementation of ['wasm', 'noop'] as const) {
      const only = arm(implementation, 'a');
      const answers = answersBefore([only], undefined);
      expect(wrongAnswer(() => verifyAfter(answers, [sample(only, CHECKSUM), sample(only, 0xcafe)]))).toBe(
        `${LABEL}: wrong answer: ${implementation} gave checksum 5 before timing and cafe in round 0`,
      );
    }
  });

  test('timed rounds that leave another state behind are wrong', () => {
    const ts = arm('ts', 'a');
    const answers = answersBefore([ts], undefined);
    ts.state = 1;
    expect(wrongAnswer(() => verifyAfter(answers, []))).toContain('ts left another state behind');
  });
});
