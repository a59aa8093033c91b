import { describe, expect, test } from 'vitest';
import { Random } from '../../src/random.ts';
import {
  costLine,
  keepsCost,
  partLine,
  partsHold,
  partTrials,
  trialsLine,
  trialVerdict,
} from '../../src/report/profile-trials.ts';
import type { ProfiledPart } from '../../src/results/profile.ts';

const copy = (stack: number): ProfiledPart => {
  const near = { share: stack, low: stack, high: stack };
  return { part: 'copy', least: 0.4, most: 0.6, low: 0.38, high: 0.62, stack: near, agrees: null };
};

/** As far as the two intervals lie apart, as in profile/parts.ts. */
const gapOf = ({ high, stack }: ProfiledPart) => Math.max(0, stack!.share - high);

const trialOf = (...stacks: number[]) =>
  partTrials(
    stacks.map((stack) => [copy(stack)]),
    gapOf,
    new Random(1),
  )[0]!;

describe('parts of several processes', () => {
  test('agree where the cost stack lies within the profile', () => {
    const trial = trialOf(0.5, 0.55, 0.45);
    expect(trial).toMatchObject({
      part: 'copy',
      most: 0.6,
      gap: { estimate: 0, low: 0, high: 0 },
    });
    expect(trialVerdict(trial)).toBe('agrees');
    expect(partLine(trial)).toBe('  copy: profile 40.0% to 60.0%, cost stack 50.0%: agree');
  });

  test('agree where one process of several is odd, since processes differ', () => {
    expect(trialVerdict(trialOf(0.5, 0.5, 0.55, 0.64, 0.5))).toBe('agrees');
  });

  test('differ where all of them do', () => {
    const trial = trialOf(0.8, 0.81, 0.82, 0.8, 0.81);
    expect(trialVerdict(trial)).toBe('differs');
    expect(trial.gap.estimate).toBeCloseTo(0.187, 2);
    expect(partLine(trial)).toMatch(/cost stack 80\.8%: DIFFER by 18\.\d% \(1\d\.\d% to \d\d\.\d%\)$/);
  });

  test('are nothing where there is one process, or no cost stack', () => {
    expect(partTrials([[copy(0.5)]], gapOf, new Random(1))).toEqual([]);
    const none = { ...copy(0.5), stack: null };
    expect(partTrials([[none], [none]], gapOf, new Random(1))).toEqual([]);
  });
});

describe('all parts', () => {
  const wide = partTrials(
    [0.5, 0.5].map((stack) => [{ ...copy(stack), low: 0, high: 1 }]),
    gapOf,
    new Random(1),
  );

  test('do not hold where there are none, or nothing is told of any', () => {
    expect(partsHold([])).toBe(false);
    expect(partsHold(wide)).toBe(false);
    expect(partsHold([{ ...trialOf(0.5, 0.55), stack: 0 }])).toBe(false);
    expect(partLine(wide[0]!)).toMatch(/: cannot tell$/);
  });

  test('hold where some agree and none differs', () => {
    const agreeing = trialOf(0.5, 0.55);
    const differing = trialOf(0.8, 0.8);
    expect(partsHold([...wide, agreeing])).toBe(true);
    expect(partsHold([...wide, agreeing, differing])).toBe(false);
    expect(trialsLine([...wide, agreeing, differing])).toBe('1 of 3 parts agree, 1 cannot be told, 1 differ');
  });
});

test('a cost is kept where its whole interval is, of a profiler that took samples', () => {
  const trial = (low: number, high: number, samples = 1901) => ({
    name: 'config-read/call wasm',
    ratio: { estimate: (low + high) / 2, low, high },
    samples,
  });
  const trials = [trial(0.99, 1.05), trial(1.02, 1.051), trial(1.06, 1.3), trial(0.99, 1.02, 0)];
  expect(trials.map(keepsCost)).toEqual([true, false, false, false]);
  expect(costLine(trial(0.99, 1.03))).toBe(
    'config-read/call wasm: profiling costs 1.0% (-1.0% to 3.0%), 1,901 samples',
  );
});
