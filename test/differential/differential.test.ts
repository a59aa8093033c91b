/**
 * All implementations on random devices and random accesses: every return value, every byte read and the whole final
 * state must agree, access by access and in batches. BAROMETER_SEED=<n> repeats a run or starts another one.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/types.ts';
import { ANSWERING, NATIVE_NOTE } from '../implementations.ts';
import { EXPECTED_OUTCOMES, outcomesOf } from './outcomes.ts';
import { accessesOf, draws, formatAccess, type RandomAccess } from './random-access.ts';
import { randomDevice } from './random-device.ts';
import { runDifferential } from './rig.ts';

const seed = Number(process.env.BAROMETER_SEED ?? 1);
const RUNS = 3400;
const MIN_ACCESSES = 1_000_000;

/** Registers whose requests a policy looks at as a whole, and how requests may begin at them. */
const WATCHED: readonly (readonly [policy: Policy, offsets: readonly number[]])[] = [
  ['v13', [0x18, 0x1c]],
  ['virtio', [0x04, 0x10]],
  ['virtio-flags', [0x04, 0x10]],
  ['virtio-flags2', [0x04, 0x10]],
];
const SHAPES = ['read', 'write'].flatMap((kind) => [
  ...[1, 2, 4].map((width) => `config-${kind} ${width}`),
  ...['3 or less', '4', '5 or more'].map((count) => `config-${kind}-bytes ${count}`),
]);

function shapeOf(access: RandomAccess): string {
  if ('width' in access) return `${access.op} ${access.width}`;
  if (!('count' in access)) return access.op;
  return `${access.op} ${access.count < 4 ? '3 or less' : access.count === 4 ? '4' : '5 or more'}`;
}

describe(`${ANSWERING.join(', ')}, seed ${seed}${NATIVE_NOTE}`, () => {
  test('agree on over a million random accesses', { timeout: 300_000 }, () => {
    let accessCount = 0;
    const seen = new Set<string>();
    const reached = new Set<string>();
    const property = fc.property(randomDevice, draws, (random, list) => {
      const accesses = accessesOf(list, random.spec);
      accessCount += 2 * accesses.length;
      for (const access of accesses) {
        if ('offset' in access) seen.add(`${random.spec.policy} ${shapeOf(access)} at ${access.offset}`);
      }
      runDifferential(ANSWERING, random, accesses, (access, ret) => {
        for (const outcome of outcomesOf(random, access, ret)) reached.add(outcome);
      });
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
    const watched = WATCHED.flatMap(([policy, offsets]) =>
      offsets.flatMap((offset) => SHAPES.map((shape) => `${policy} ${shape} at ${offset}`)),
    );
    expect(watched.filter((one) => !seen.has(one))).toEqual([]);
    expect(EXPECTED_OUTCOMES.filter((outcome) => !reached.has(outcome))).toEqual([]);
  });
});
