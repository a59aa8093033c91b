import type { Profiler } from 'node:inspector';
import { expect, test } from 'vitest';
import { selfTimes, stacksOf } from '../../src/profile/stacks.ts';

const ROOT = new URL('../../', import.meta.url).href;

function node(id: number, functionName: string, url: string, children: number[] = []): Profiler.ProfileNode {
  return { id, callFrame: { functionName, scriptId: '0', url, lineNumber: 0, columnNumber: 0 }, children };
}

/** A loop that calls the core, between a sample of the profiler's own before it and one after it. */
const NODES = [
  node(1, '(root)', '', [2, 6, 7]),
  node(2, 'profiledPasses', `${ROOT}src/profile/passes.ts`, [3]),
  node(3, 'timeBatches', `${ROOT}src/measure/timed-loop.ts?arm=0`, [4, 8]),
  node(4, 'wasm-function[1]', 'wasm://wasm/0001', [5]),
  node(5, 'wasm-function[9]', 'wasm://wasm/0001'),
  node(6, 'post', 'node:inspector'),
  node(7, '(garbage collector)', ''),
  node(8, 'emptyOf4', ''),
];
const NAMES = [
  { name: 'isPlain', file: 'assembly/gates.ts' },
  { name: 'runBatch', file: 'assembly/access-batch.ts' },
];

function profileOf(
  samples: readonly (readonly [node: number, afterUs: number])[],
  endTime: number,
): Profiler.Profile {
  const ids = samples.map(([id]) => id);
  return {
    nodes: NODES,
    startTime: 1000,
    endTime,
    samples: ids,
    timeDeltas: samples.map(([, after]) => after),
  };
}

test('what lies between the first and the last sample of the loop counts, each sample the same', () => {
  const taken = [
    [6, 0],
    [4, 500],
    [7, 100],
    [8, 200],
    [5, 100],
    [6, 300],
    [6, 100],
  ] as const;
  const stacks = stacksOf(profileOf(taken, 2500), NAMES);
  expect(stacks.weightsUs).toEqual([175, 175, 175, 175]);
  expect(stacks.outsideUs).toBe(800);
  expect(stacks.samples.map((stack) => stack.map((idx) => stacks.frames[idx]!.name))).toEqual([
    ['profiledPasses', 'timeBatches', 'runBatch'],
    ['(garbage collector)'],
    ['profiledPasses', 'timeBatches', '(native call)'],
    // The module has no such function in its text: V8's own name stands.
    ['profiledPasses', 'timeBatches', 'runBatch', 'wasm-function[9]'],
  ]);
});

test('samples that V8 gives in another order are put in that of time', () => {
  const stacks = stacksOf(
    profileOf(
      [
        [4, 500],
        [8, 300],
        [5, -100],
        [6, 400],
      ],
      2500,
    ),
    NAMES,
  );
  expect(stacks.samples.map((stack) => stacks.frames[stack.at(-1)!]!.name)).toEqual([
    'runBatch',
    'wasm-function[9]',
    '(native call)',
  ]);
  expect(stacks.weightsUs).toEqual([200, 200, 200]);
});

test('a gap is not given to the function that was seen before it', () => {
  const stacks = stacksOf(
    profileOf(
      [
        [4, 100],
        [4, 50_000],
        [6, 100],
      ],
      60_000,
    ),
    NAMES,
  );
  expect(selfTimes(stacks).map(({ frame, selfUs }) => [frame.name, frame.share, selfUs])).toEqual([
    ['(not sampled)', 'other', 46_000],
    ['runBatch', 'decode', 4100],
  ]);
  // The gap is no sample that V8 took.
  expect([stacks.takenCount, stacks.samples.length]).toEqual([2, 3]);
});

test('without a sample of the loop there is nothing', () => {
  const stacks = stacksOf(profileOf([[6, 100]], 2000), NAMES);
  expect(stacks).toMatchObject({ samples: [], weightsUs: [], outsideUs: 1000 });
});
