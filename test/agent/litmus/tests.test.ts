import { describe, expect, test } from 'vitest';
import { controlOf, LITMUS_TESTS, programText, TORN } from '../../../src/agent/litmus/tests.ts';
import { outcomesOf, reorderedOutcomesOf } from './interleavings.ts';

const isOf = (shapes: readonly string[]) => LITMUS_TESTS.filter(({ shape }) => shapes.includes(shape));

describe('what is looked for', () => {
  test.each(LITMUS_TESTS.map((one) => [one.name, one] as const))('%s: no interleaving has it', (_, one) => {
    const outcomes = outcomesOf(one);
    expect(outcomes.length).toBeGreaterThanOrEqual(one.shape === 'rmw' ? 1 : 2);
    expect(outcomes.filter((values) => one.isWeak(values))).toEqual([]);
  });

  test.each(isOf(['sb', 'mp', 'lb', 'iriw', 'corr', '2+2w']).map((one) => [one.name, one] as const))(
    '%s: is there where accesses of a thread change places',
    (_, one) => {
      expect(reorderedOutcomesOf(one).some((values) => one.isWeak(values))).toBe(true);
    },
  );

  test('of tearing is a value that nobody wrote', () => {
    for (const { isWeak } of isOf(['tearing-4', 'tearing-8'])) {
      expect([isWeak([TORN]), isWeak([0, TORN]), isWeak([0, 1])]).toEqual([true, true, false]);
    }
  });

  test('is forbidden where all accesses are atomic', () => {
    const atomics = LITMUS_TESTS.filter(({ threads }) => threads.flat().every(({ isAtomic }) => isAtomic));
    expect(atomics.map(({ variant }) => variant)).toEqual(Array(9).fill('atomics'));
    expect(new Set(atomics.map(({ model }) => model))).toEqual(new Set(['forbidden']));
  });
});

test('the control is plain store buffering, in pairs for four agents', () => {
  expect(controlOf(2)).toMatchObject({ name: 'sb plain', model: 'allowed' });
  const { threads, isWeak } = controlOf(4);
  expect(threads).toHaveLength(4);
  expect([isWeak([0, 0, 0, 0]), isWeak([0, 0, 1, 0]), isWeak([1, 0, 0, 0])]).toEqual([true, false, false]);
});

test('a program is written as papers write it', () => {
  const text = (name: string) => programText(LITMUS_TESTS.find((one) => one.name === name)!);
  expect(text('iriw plain')).toBe('x=1 | y=1 | r0=x; r1=y | r2=y; r3=x');
  expect(text('rmw plain')).toBe('x++ | x++');
});
