import { expect, test } from 'vitest';
import { checkSeen, profile } from '../../src/cli/profile.ts';
import { BarometerError, UsageError } from '../../src/errors.ts';

test.each(['0.1ms', '1ms', '99.9ms', '61s'])('a profile of %s says what was expected', async (time) => {
  const flags = { device: 'gh200-120gb', impl: 'wasm', seed: '1', time };
  const refused = profile('config-read/call', flags);
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(`--time "${time}": expected 100ms to 60s`);
});

test('a profile that saw nothing is an error that says what to do, and of one sample is none', () => {
  expect(() => checkSeen({ takenCount: 0 }, '100ms')).toThrow(BarometerError);
  expect(() => checkSeen({ takenCount: 0 }, '100ms')).toThrow(/no sample within --time 100ms: give a longer/);
  expect(() => checkSeen({ takenCount: 1 }, '100ms')).not.toThrow();
});
