import { describe, expect, test } from 'vitest';
import { distance, partsOf } from '../../src/profile/parts.ts';
import { openTo, type Share } from '../../src/profile/shares.ts';
import type { Stacks } from '../../src/profile/stacks.ts';
import type { StackRow } from '../../src/report/stack.ts';

const frame = (name: string, file: string, share: Share, caller: Share) => ({
  name,
  file,
  share,
  openTo: openTo({ name, file, share, caller }),
  place: '',
});

const LOOP = 'src/measure/timed-loop.ts';
const FRAMES = [
  frame('profiledPasses', 'src/profile/passes.ts', 'harness', 'other'),
  frame('timeBatches', LOOP, 'harness', 'harness'),
  frame('runBatch', 'assembly/access-batch.ts', 'decode', 'harness'),
  frame('pieceAt', 'assembly/pages.ts', 'decode', 'decode'),
  frame('copyBytes', 'assembly/copy.ts', 'copy', 'decode'),
  frame('(not sampled)', '', 'other', 'other'),
];

/** 1,000 samples inside the window, some outside, and a gap. */
const STACKS: Stacks = {
  frames: FRAMES,
  samples: [
    ...Array.from({ length: 20 }, () => [0, 1]),
    ...Array.from({ length: 180 }, () => [0, 1, 2]),
    ...Array.from({ length: 300 }, () => [0, 1, 2, 3]),
    ...Array.from({ length: 500 }, () => [0, 1, 2, 4]),
    ...Array.from({ length: 90 }, () => [0]),
    [5],
  ],
  takenCount: 1090,
  weightsUs: Array.from({ length: 1091 }, () => 1),
  outsideUs: 0,
};

const near = (share: number) => ({ share, low: share - 0.002, high: share + 0.002 });
const STACK: StackRow['stack'] = {
  harness: near(0.05),
  boundary: near(0.01),
  copy: near(0.55),
  bounds: null,
  decode: near(0.39),
};

const byPart = (stack: StackRow['stack'] | null) =>
  Object.fromEntries(partsOf(STACKS, stack, true).map((one) => [one.part, one]));

describe('the parts of a profile', () => {
  test('lie between frames that can be nothing else and all that may be the part, inside the window', () => {
    const bounds = partsOf(STACKS, null, true).map(({ part, least, most }) => [part, least, most]);
    expect(bounds).toEqual([
      ['harness', 0, 0.2],
      ['boundary', 0, 0.2],
      ['copy', 0.5, 0.68],
      ['decode', 0.3, 0.48],
    ]);
  });

  test('have intervals of their numbers of samples around both bounds', () => {
    const { copy } = byPart(null);
    // Clopper and Pearson, of 500 and of 680 in 1,000.
    expect(copy!.low).toBeCloseTo(0.4685, 3);
    expect(copy!.high).toBeCloseTo(0.7088, 3);
  });

  test('agree with a cost stack that lies between, and with no other', () => {
    expect(partsOf(STACKS, STACK, true).map(({ agrees }) => agrees)).toEqual([true, true, true, true]);
    const shifted = { ...STACK, copy: near(0.75), decode: near(0.19) };
    expect(partsOf(STACKS, shifted, true).map(({ agrees }) => agrees)).toEqual([true, true, false, false]);
  });

  test('tell nothing where they are as wide as that they would agree with nearly all', () => {
    const verdicts = (seesInlined: boolean) =>
      partsOf(STACKS, STACK, seesInlined).map(({ verdict }) => verdict);
    expect(verdicts(true)).toEqual(['agrees', 'agrees', 'agrees', 'agrees']);
    expect(verdicts(false)).toEqual(['cannot tell', 'cannot tell', 'cannot tell', 'cannot tell']);
  });

  test('are held against none where there is none, or a copy is not apart', () => {
    for (const stack of [null, { ...STACK, copy: null }]) {
      expect(partsOf(STACKS, stack, true).every((one) => one.stack === null && one.agrees === null)).toBe(
        true,
      );
    }
  });

  test('leave open what a function of JavaScript is, where what it holds is not told', () => {
    const bounds = partsOf(STACKS, null, false).map(({ part, least, most }) => [part, least, most]);
    // 110 samples of 1,090 are of JavaScript, with those of the loop of passes.
    expect(bounds).toEqual([
      ['harness', 0, 290 / 1090],
      ['boundary', 0, 290 / 1090],
      ['copy', 500 / 1090, 790 / 1090],
      ['decode', 300 / 1090, 590 / 1090],
    ]);
  });

  test('are none where nothing was seen in the window', () => {
    expect(partsOf({ ...STACKS, samples: [[0], [5]], weightsUs: [1, 1] }, STACK, true)).toEqual([]);
  });
});

test.each([
  [0.2, 0.4, 0.3, 0.5, 0],
  [0.2, 0.4, 0.5, 0.6, 0.1],
  [0.2, 0.4, 0.05, 0.1, -0.1],
  // A walk that takes longer alone than with work in it is all, and what is left beside it nothing.
  [0.9, 1, 1.17, 1.18, 0],
  [0, 0.02, -0.35, -0.34, 0],
  [0.1, 0.2, -0.35, -0.34, -0.1],
])('%f to %f and %f to %f lie %f apart', (low, high, stackLow, stackHigh, apart) => {
  expect(distance({ low, high }, { low: stackLow, high: stackHigh })).toBeCloseTo(apart, 12);
});
