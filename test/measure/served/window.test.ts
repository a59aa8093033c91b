import { describe, expect, test } from 'vitest';
import { Histogram } from '../../../src/histogram/histogram.ts';
import { timeInFlight, timeOneByOne } from '../../../src/measure/served/window.ts';

/** Operations that end in a later turn, and how many there were at once. */
function counted() {
  const seen = { made: 0, open: 0, most: 0 };
  const operation = async () => {
    seen.made++;
    seen.most = Math.max(seen.most, ++seen.open);
    await new Promise(setImmediate);
    seen.open--;
  };
  return { seen, operation };
}

describe('a window', () => {
  test('one by one has one on its way, and a latency of each', async () => {
    const { seen, operation } = counted();
    const latencies = Histogram.create();
    const ns = await timeOneByOne(operation, 50, latencies);
    expect(seen).toEqual({ made: 50, open: 0, most: 1 });
    expect(latencies.count).toBe(50);
    expect(latencies.max).toBeLessThanOrEqual(ns);
  });

  test.each([
    [64, 200],
    [64, 64],
    [64, 3],
    [2, 0],
  ])('with %i in flight has so many on their way, of %i in all', async (inFlight, count) => {
    const { seen, operation } = counted();
    await timeInFlight(operation, count, inFlight);
    expect(seen).toEqual({ made: count, open: 0, most: Math.min(inFlight, count) });
  });

  test('ends with the operation that fails', async () => {
    const failing = () => Promise.reject(new Error('gone'));
    await expect(timeInFlight(failing, 10, 4)).rejects.toThrow('gone');
    await expect(timeOneByOne(failing, 10, Histogram.create())).rejects.toThrow('gone');
  });
});
