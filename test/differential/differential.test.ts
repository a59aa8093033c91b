/**
 * wasm against ts on random devices and random accesses: every return value, every byte read and the whole final
 * state must agree, access by access and in batches. BAROMETER_SEED=<n> repeats a run or starts another one.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accessesOf, draws, formatAccess } from './random-access.ts';
import { randomDevice } from './random-device.ts';
import { runDifferential } from './rig.ts';

const seed = Number(process.env.BAROMETER_SEED ?? 1);
const RUNS = 3400;
const MIN_ACCESSES = 1_000_000;

describe(`wasm and ts, seed ${seed}`, () => {
  test('agree on over a million random accesses', { timeout: 300_000 }, () => {
    let accessCount = 0;
    const property = fc.property(randomDevice, draws, (random, list) => {
      const accesses = accessesOf(list, random.spec);
      accessCount += 2 * accesses.length;
      runDifferential(random, accesses);
    });
    const details = fc.check(property, { seed, numRuns: RUNS });
    if (details.failed && details.counterexample) {
      const [random, list] = details.counterexample;
      const { configBytes, ...spec } = random.spec;
      const lines = accessesOf(list, random.spec).map((access, i) => `  ${i}: ${formatAccess(access)}`);
      const error = details.errorInstance instanceof Error ? details.errorInstance.message : 'no error';
      const device = JSON.stringify(spec, (_, value) =>
        typeof value === 'bigint' ? `0x${value.toString(16)}` : value,
      );
      throw new Error(
        `${error}\naccesses (seed ${seed}, shrunk ${details.numShrinks} times):\n${lines.join('\n')}\n` +
          `device: ${device}\nframe bytes: ${random.frameBytes}\nconfiguration: ${Buffer.from(configBytes).toString('hex')}`,
      );
    }
    expect(accessCount).toBeGreaterThanOrEqual(MIN_ACCESSES);
  });
});
