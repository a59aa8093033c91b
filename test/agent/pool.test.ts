import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import * as layout from '../../assembly/layout.ts';
import { allowedProcessors } from '../../src/agent/pinning.ts';
import { type AgentPlan, AgentPool } from '../../src/agent/pool.ts';
import type { AgentImplementation } from '../../src/device/agent-model.ts';
import { deviceSpec } from '../../src/device/device-spec.ts';
import { findProfile } from '../../src/device/profiles.ts';
import { BarometerError } from '../../src/errors.ts';

const profile = findProfile('gh200-120gb')!;
const spec = deviceSpec(profile.source, profile);

let pool: AgentPool;
function open(implementation: AgentImplementation, agentCount: number): AgentPool {
  pool = new AgentPool({ spec, implementation, agentCount, rangeBytes: 2 ** 17 });
  return pool;
}
afterEach(() => pool.close());

const increments = (agentCount: number): AgentPlan[] =>
  Array.from({ length: agentCount }, () => {
    return { task: { kernel: layout.KERNEL_COUNT_ADD }, ending: 'timed', chunkOperations: 16 };
  });
const turns: readonly AgentPlan[] = [
  { task: { kernel: layout.KERNEL_PING_PONG_CAS, cursor: 0 }, ending: 'leads', chunkOperations: 16 },
  { task: { kernel: layout.KERNEL_PING_PONG_CAS, cursor: 1 }, ending: 'follows', chunkOperations: 16 },
];
const threadsOf = (of: AgentPool) => (of as unknown as { piscina: { threads: Worker[] } }).piscina.threads;

describe('a pool', () => {
  test('starts and ends a thousand windows, and loses no increment of any', async () => {
    const { memory, range } = open('wasm', 2);
    let expected = 0;
    for (let i = 0; i < 1000; i++) {
      const results = await pool.run(increments(2), 'direct', 0);
      for (const { operations } of results) expected += operations;
    }
    expect(memory.view.getUint32(range.address, true)).toBe(expected);
    expect(expected).toBeGreaterThanOrEqual(1000 * 2 * 16);
  });

  test('can be opened and closed again and again', async () => {
    for (let i = 0; i < 20; i++) {
      const { memory, range } = open((['wasm', 'ts', 'native'] as const)[i % 3]!, 2);
      const results = await pool.run(increments(2), 'direct', 0);
      const sum = results.reduce((total, { operations }) => total + operations, 0);
      expect(memory.view.getUint32(range.address, true)).toBe(sum);
      if (i < 19) await pool.close();
    }
  });

  test('of more agents than processors does its work, and pins nobody', async () => {
    const agentCount = 8;
    const { memory, range, isOversubscribed } = open('ts', agentCount);
    const results = await pool.run(increments(agentCount), 'emulated', 1);
    const sum = results.reduce((total, { operations }) => total + operations, 0);
    expect(memory.view.getUint32(range.address, true)).toBe(sum);
    expect(results.map(({ processor }) => processor !== null)).toEqual(
      Array(agentCount).fill(!isOversubscribed),
    );
  });

  test('times operations in nanoseconds, by means of chunks', async () => {
    open('native', 1);
    const [result] = await pool.run(increments(1), 'direct', 20);
    const { times, stretches, operations } = result!;
    const { startNs, endNs } = stretches[0]!;
    expect(times.count).toBe(operations / 16);
    expect(endNs - startNs).toBeGreaterThanOrEqual(20e6);
    // Whole nanoseconds: half a one is lost of each, or more.
    expect((times.mean * operations) / (endNs - startNs)).toBeLessThan(1.01);
  });

  test.each(['wasm', 'ts', 'native'] as const)(
    'in %s says so where a thread ends in the middle of a window',
    async (implementation) => {
      open(implementation, 2);
      await pool.run(turns, 'direct', 0);
      pool.memory.u8.fill(0, pool.range.address, pool.range.address + 4);
      const window = pool.run(turns, 'direct', 60_000);
      const [first] = threadsOf(pool);
      const ended = expect(window).rejects.toThrow(/an agent ended in the middle of its window/);
      await first!.terminate();
      await ended;
      await expect(window).rejects.toBeInstanceOf(BarometerError);
    },
  );

  test('has no more agents than threads', async () => {
    open('wasm', 1);
    await expect(pool.run(increments(2), 'direct', 1)).rejects.toThrow('2 plans for a pool of 1 agents');
    await expect(pool.run([], 'direct', 1)).rejects.toThrow('0 plans');
  });

  test('has each agent on the same thread, window for window', async () => {
    const processors = allowedProcessors().slice(0, 2);
    if (processors.length < 2) return;
    pool = new AgentPool({
      ...{ spec, implementation: 'wasm', agentCount: 2, rangeBytes: 2 ** 17 },
      processors: processors.toReversed(),
    });
    for (let i = 0; i < 20; i++) {
      const results = await pool.run(increments(2), 'direct', 0);
      if (results[0]!.notPinned === null)
        expect(results.map(({ processor }) => processor)).toEqual(processors.toReversed());
    }
    expect(pool.pinning).toMatch(/^processors \d+, \d+$|taskset|Operation/);
  });

  test('ends agents that wait for one that never comes', async () => {
    open('wasm', 2);
    const alone = pool.run(
      [turns[0]!, { ...turns[1]!, task: { kernel: layout.KERNEL_COUNT_ADD, cursor: 64 } }],
      'direct',
      60_000,
    );
    const settled = expect(alone).resolves.toMatchObject([{ stopped: true }, {}]);
    pool.stop();
    await settled;
  });
});
