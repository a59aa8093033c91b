import { expect, test } from 'vitest';
import { loadTimedLoop } from '../../src/measure/load-timed-loop.ts';

test('every load has functions of its own, all alike', async () => {
  const [first, second] = [await loadTimedLoop(), await loadTimedLoop()];
  expect(Object.keys(first)).toEqual(Object.keys(second));
  for (const name of Object.keys(first) as (keyof typeof first)[]) {
    expect(first[name], name).not.toBe(second[name]);
    expect(String(first[name]), name).toBe(String(second[name]));
  }
});
