import { expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { gateExitCode, parseGate } from '../../src/gate/gate.ts';

test('the worst that it was told to stop decides', () => {
  const all = ['slower', 'same', 'inconclusive', 'faster'] as const;
  expect(gateExitCode(all, [])).toBe(0);
  expect(gateExitCode(all, ['regression'])).toBe(3);
  expect(gateExitCode(all, ['inconclusive'])).toBe(4);
  expect(gateExitCode(all, ['inconclusive', 'regression'])).toBe(3);
  expect(gateExitCode(['same', 'faster'], ['regression', 'inconclusive'])).toBe(0);
  expect(gateExitCode(['inconclusive'], ['regression'])).toBe(0);
});

test('is told in words', () => {
  expect(parseGate('regression')).toEqual(['regression']);
  expect(parseGate('regression, inconclusive')).toEqual(['regression', 'inconclusive']);
  for (const list of ['', 'slower', 'regression,', 'regression;inconclusive']) {
    expect(() => parseGate(list), list).toThrow(UsageError);
  }
});
