import { expect, test } from 'vitest';
import { Control, controlBytes } from '../../../src/agent/control.ts';
import { TORN, WHOLE } from '../../../src/agent/litmus/tests.ts';
import { runLitmusPart, valuesOf } from '../../../src/agent/litmus/trials.ts';
import { LinearMemory } from '../../../src/memory/linear-memory.ts';

const memory = new LinearMemory(65536);
const control = new Control(memory, memory.allocate(controlBytes(1), 128).address, 1);
const { address } = memory.allocate(1024, 64);

/** What is counted of slots that hold these pairs of words. */
function counted(widthBytes: 4 | 8, words: readonly (readonly [number, number])[]) {
  control.reset();
  const agent = {
    run: () => {
      for (const [slot, pair] of words.entries()) memory.i32.set(pair, (address + 8 * slot) >>> 2);
      return words.length;
    },
    codeOf: () => [],
  };
  const { counts } = runLitmusPart(agent, memory, control, {
    ...{ blockAddress: 0, agentCount: 1, spinMs: 0, chunks: 2, slots: words.length },
    own: { address, sizeBytes: 1024 },
    observed: [{ address, strideBytes: 8, widthBytes }],
  });
  return counts.map((count, code) => [valuesOf(code, 1)[0]!, count]).filter(([, count]) => count !== 0);
}

test('a whole value is one, none is 0, and any part of one is torn', () => {
  const parts = [0x03, 0x0303, 0x030303, 0x03030000, 0x03000000];
  expect(parts.every((part) => (part & WHOLE) === part)).toBe(true);
  expect(counted(4, [[WHOLE, 0], [0, 0], [2, 0], ...parts.map((part) => [part, 0] as const)])).toEqual([
    [0, 2],
    [1, 2],
    [2, 2],
    [TORN, 2 * parts.length],
  ]);
});

test('of eight bytes both halves have to be whole', () => {
  expect(
    counted(8, [
      [WHOLE, WHOLE],
      [WHOLE, 0],
      [0, WHOLE],
      [0, 0],
      [0x0303, 0x0303],
    ]),
  ).toEqual([
    [0, 2],
    [1, 2],
    [TORN, 6],
  ]);
});
