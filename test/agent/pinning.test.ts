import { expect, test } from 'vitest';
import { allowedProcessors, coresFirst, pinThread } from '../../src/agent/pinning.ts';

test.each([
  ['0-3,8', [0, 1, 2, 3, 8]],
  ['5', [5]],
  ['0-1', [0, 1]],
])('processors %s of a process', (list, expected) => {
  expect(
    allowedProcessors(`Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\nMems_allowed:\t1\n`),
  ).toEqual(expected);
});

test('none are known where the system does not say', () => {
  expect(allowedProcessors('')).toEqual([]);
  expect(allowedProcessors('Cpus_allowed_list:\tgarbage\n')).toEqual([]);
});

test('a processor that there is not is no place for a thread, and the reason is said', () => {
  expect(pinThread(9999)).toMatch(/\S/);
});

test('different cores come first', () => {
  const cores: Record<number, string> = { 0: '0,2', 1: '1,3', 2: '0,2', 3: '1,3' };
  expect(coresFirst([0, 2, 1, 3], (processor) => cores[processor]!)).toEqual([0, 1, 2, 3]);
  expect(coresFirst([4, 5], () => null)).toEqual([4, 5]);
});
