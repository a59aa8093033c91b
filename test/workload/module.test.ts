import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { describeModule, importFunctions } from '../../src/workload/module.ts';
import { functionsOf } from '../../src/workload/module-exports.ts';
import { moduleEnded } from '../../src/workload/module-failure.ts';

const MY_BENCH = fileURLToPath(new URL('../fixtures/module/my-bench.ts', import.meta.url));

test('a module is listed by function and parameters, in the order of names', async () => {
  expect(await describeModule(MY_BENCH)).toEqual([
    { name: 'squares', params: {}, operations: null },
    { name: 'total', params: { sizeBytes: 512 }, operations: null },
    { name: 'total', params: { sizeBytes: 65536 }, operations: null },
  ]);
});

test('the README shows the module that these tests measure', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const section = readme.slice(readme.indexOf('## Your own code'));
  const shown = /```ts\n([\s\S]*?)```/.exec(section)![1]!;
  expect(shown).toBe(readFileSync(MY_BENCH, 'utf8').replace('../../../src/index.ts', 'barometer'));
});

test('every import has functions of its own', async () => {
  const [first, second] = [await importFunctions(MY_BENCH), await importFunctions(MY_BENCH)];
  expect(first.map(({ name }) => name)).toEqual(second.map(({ name }) => name));
  for (const [i, { call }] of first.entries()) {
    expect(call).not.toBe(second[i]!.call);
    expect(String(call)).toBe(String(second[i]!.call));
  }
});

describe('functionsOf', () => {
  const names = (exported: Record<string, unknown>) => functionsOf(exported, 'x').map(({ name }) => name);
  const sum = (n: number) => n;

  test('leaves alone what is no function', () => {
    expect(names({ sum, size: 4, Sum: class {}, table: new Map(), nothing: undefined })).toEqual(['sum']);
  });

  test('names a default export by its own name, and counts it once', () => {
    expect(names({ default: sum })).toEqual(['sum']);
    expect(names({ default: sum, sum })).toEqual(['sum']);
    // What Node makes of `module.exports = { sum }`.
    expect(names({ default: { sum }, sum, 'module.exports': { sum } })).toEqual(['sum']);
  });

  test('takes a function called barometer for a workload, and no options from it', () => {
    expect(names({ barometer: () => 1 })).toEqual(['barometer']);
  });

  test.each([
    [7, 'x: barometer: Invalid input'],
    [{ sum: { setup: 3 } }, 'x: barometer.sum.setup: expected a function'],
    [{ sum: { params: [] } }, 'x: barometer.sum.params: Too small'],
    [{ sum: { params: [{ size: Number.NaN }] } }, 'x: barometer.sum.params[0].size: '],
    [{ sum: { operations: 0 } }, 'x: barometer.sum.operations: '],
    [{ sum: { operations: 1.5 } }, 'x: barometer.sum.operations: '],
    [{ sum: { operation: 1 } }, 'and among the options params, operations, setup'],
  ])('refuses the options %j', (barometer, message) => {
    expect(() => names({ sum, barometer })).toThrow(message);
  });
});

test.each([
  [
    { exitCode: null, signal: 'SIGKILL', killedAfterMs: 10_000 },
    'x.ts: did not come back within 10 s while sum was measured, and was stopped: expected n operations and a loop that ends, and that a setup or a top-level await is settled',
  ],
  [
    { exitCode: 0, signal: null, killedAfterMs: null },
    'x.ts: ended its process with code 0 while sum was measured: a module that is measured must not call process.exit, nor throw where nobody catches it',
  ],
  [
    { exitCode: null, signal: 'SIGSEGV', killedAfterMs: null },
    'x.ts: its process was ended by SIGSEGV while sum was measured: run the file with node alone, it may need more memory',
  ],
])('a process that ended without a word: %j', (end, message) => {
  expect(moduleEnded('x.ts', 'while sum was measured', end).message).toBe(message);
});
