/** Kernels of agents: each implementation, on either path, does the same to memory and to its block. */
import { describe, expect, test } from 'vitest';
import * as layout from '../../assembly/layout.ts';
import { type AccessPath, type AgentTask, writeBlock } from '../../src/agent/block.ts';
import { randomCycle, writeCycle } from '../../src/agent/cycle.ts';
import { takeRange } from '../../src/agent/working-range.ts';
import {
  AGENT_IMPLEMENTATIONS,
  type AgentImplementation,
  attachAgent,
} from '../../src/device/agent-model.ts';
import { Device } from '../../src/device/device.ts';
import { deviceSpec } from '../../src/device/device-spec.ts';
import { findProfile } from '../../src/device/profiles.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';
import { Random } from '../../src/random.ts';

const MEMORY_BYTES = 2 ** 24;
const RANGE_BYTES = 3 * 65536;
const ARRAY_BYTES = 65536;

/** @param bufferBytes byte of the range at which the buffer lies */
function outcome(
  implementation: AgentImplementation,
  path: AccessPath,
  { bufferBytes, ...task }: AgentTask & { readonly bufferBytes?: number },
  operations: number,
) {
  const profile = findProfile('gh200-120gb')!;
  const spec = deviceSpec(profile.source, profile);
  const memory = new LinearMemory(MEMORY_BYTES);
  const device = new Device(spec, implementation, memory, 16 * 65536);
  const range = takeRange(device, RANGE_BYTES);
  const random = new Random(3);
  const words = memory.i32.subarray(range.address >>> 2, (range.address + RANGE_BYTES) >>> 2);
  if (task.chains) writeCycle(memory.i32, range.address, 64, randomCycle(RANGE_BYTES / 64, random));
  else for (let i = 0; i < words.length; i++) words[i] = random.uint32() & 0x3fefffff;
  const block = memory.allocate(layout.AGENT_BYTES, layout.AGENT_BYTES).address;
  const stop = memory.allocate(64).address;
  const table = memory.allocate(256).address;
  for (let i = 0; i < 64; i++)
    memory.i32[(table >>> 2) + i] = (random.below(1000) << 6) | (i % 3 === 0 ? layout.MIX_INCREMENTS : 0);
  const place = { path, stopAddress: stop };
  const others = {
    bufferAddress: range.address + (bufferBytes ?? 0),
    table: { address: table, entries: 64 },
  };
  writeBlock(memory, block, range, { ...task, ...others }, place);
  const agent = attachAgent(implementation, memory, device.placement.stateBlock, spec);
  // In two parts: where it goes on is in the block.
  const done = agent.run(block, operations) + agent.run(block, operations);
  const field = (at: number) => memory.i32[(block + at) >>> 2]!;
  return {
    done,
    memory: Buffer.from(words.buffer, words.byteOffset, words.byteLength).toString('base64'),
    cursor: field(layout.AGENT_CURSOR),
    checksum: field(layout.AGENT_CHECKSUM),
    failures: field(layout.AGENT_FAILURES),
    chains: [0, 4, 8, 12].map((at) => field(layout.AGENT_CHAINS + at)),
    random: [field(layout.AGENT_RANDOM), field(layout.AGENT_RANDOM + 4)],
  };
}

const arrays: Partial<AgentTask> = { sizeBytes: ARRAY_BYTES, arrays: [0, ARRAY_BYTES, 2 * ARRAY_BYTES] };
const TASKS: Record<string, AgentTask> = {
  read: { kernel: layout.KERNEL_READ, sizeBytes: RANGE_BYTES },
  'read, stride 256': { kernel: layout.KERNEL_READ, sizeBytes: 4096, strideBytes: 256 },
  'read, lines of 128': { kernel: layout.KERNEL_READ, sizeBytes: 4096, strideBytes: 128, lineBytes: 128 },
  write: { kernel: layout.KERNEL_WRITE, sizeBytes: RANGE_BYTES },
  'write, stride 192': { kernel: layout.KERNEL_WRITE, sizeBytes: 4096, strideBytes: 192 },
  copy: { kernel: layout.KERNEL_COPY, ...arrays },
  'copy, backwards': {
    kernel: layout.KERNEL_COPY,
    sizeBytes: 4096,
    arrays: [2 * ARRAY_BYTES + 64, 0, 64],
  },
  scale: { kernel: layout.KERNEL_SCALE, ...arrays },
  add: { kernel: layout.KERNEL_ADD, ...arrays },
  triad: { kernel: layout.KERNEL_TRIAD, ...arrays },
  chase: { kernel: layout.KERNEL_CHASE, chains: [0] },
  'chase, 2 chains': { kernel: layout.KERNEL_CHASE_2, chains: [0, 64] },
  'chase, 4 chains': { kernel: layout.KERNEL_CHASE_4, chains: [0, 64, 128, 192] },
  'count by compare-and-swap': { kernel: layout.KERNEL_COUNT_CAS, cursor: 8 },
  'count by addition': { kernel: layout.KERNEL_COUNT_ADD, cursor: 8 },
  mix: { kernel: layout.KERNEL_MIX },
  gups: { kernel: layout.KERNEL_GUPS, sizeBytes: 2 * ARRAY_BYTES, random: 0x9234_5678_9abc_def1n },
};

describe.each(Object.entries(TASKS))('%s', (_, task) => {
  const reference = () => outcome('ts', 'direct', task, 3000);

  test('does its work, on memory that only it has', () => {
    const before = outcome('ts', 'direct', task, 0);
    expect(reference().done).toBe(6000);
    expect(reference()).not.toEqual({ ...before, done: 6000 });
  });

  test.each(
    AGENT_IMPLEMENTATIONS.flatMap((name) =>
      (['direct', 'emulated'] as const).map((path) => [name, path] as const),
    ),
  )('is the same of %s, %s', (implementation, path) => {
    expect(outcome(implementation, path, task, 3000)).toEqual(reference());
  });
});

const THREADS = {
  'write, read': layout.KERNEL_WRITE_READ,
  'write, write': layout.KERNEL_WRITE_WRITE,
  'read, read': layout.KERNEL_READ_READ,
  'read, write': layout.KERNEL_READ_WRITE,
  write: layout.KERNEL_WRITE_ONE,
  add: layout.KERNEL_ADD_ONE,
  'write 8 bytes': layout.KERNEL_WRITE_LONG,
  'read 8 bytes': layout.KERNEL_READ_LONG,
};

describe.each(Object.entries(THREADS))('a litmus thread: %s', (_, kernel) => {
  const accesses = { firstBytes: 0, secondBytes: 65536, firstValue: 0x01010101, secondValue: 2 };
  const task = (isFirstAtomic: boolean, isSecondAtomic: boolean) => ({
    kernel,
    litmus: { ...accesses, isFirstAtomic, isSecondAtomic },
    bufferBytes: 2 * 65536,
  });
  const of = (implementation: AgentImplementation, first: boolean, second: boolean) =>
    outcome(implementation, 'direct', task(first, second), 100);

  test.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])('is the same in WebAssembly and TypeScript: atomic %s, %s', (first, second) => {
    expect(of('wasm', first, second)).toEqual(of('ts', first, second));
    expect(of('wasm', first, second)).toEqual(of('ts', true, true));
    expect(of('ts', first, second)).not.toEqual({
      ...outcome('ts', 'direct', task(true, true), 0),
      done: 200,
    });
  });

  test('is none of native code', () => {
    expect(() => of('native', true, true)).toThrow();
  });
});
