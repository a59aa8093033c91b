import { describe, expect, test } from 'vitest';
import { compareArms, workLines, workOfBuilds } from '../../src/report/work.ts';
import { parseSamples } from '../../src/results/parse-samples.ts';
import type { WorkCount } from '../../src/results/samples.ts';
import { arm, samplesDocument } from '../results/document.ts';

const { settings } = samplesDocument();

function work(counts: WorkCount['counts'], changes: Partial<WorkCount> = {}): WorkCount {
  return { ...arm, toolchain: 'asc 0.28.20', operations: 4096, counts, ...changes };
}

const before = work({ wasmLoads: 12289, wasmStores: 0, loopBlocks: 2 });
const script = { implementation: 'ts', toolchain: undefined };

describe('two builds of an arm', () => {
  test('that did the same are unchanged', () => {
    expect(compareArms(before, { ...before, build: 'b2' })).toMatchObject({
      verdict: 'unchanged',
      differences: [],
      notComparable: [],
    });
  });

  test('that differ by one load are changed', () => {
    const after = work({ ...before.counts, wasmLoads: 12290 }, { build: 'b2' });
    const comparison = compareArms(before, after);
    expect(comparison.verdict).toBe('changed');
    expect(comparison.differences).toEqual([
      { counter: 'wasmLoads', baseline: 12289, candidate: 12290, ratio: 12290 / 12289 },
    ]);
    expect(workLines([comparison], settings)).toEqual([
      'changed: config-read batch 4 B, header, wasm: wasmLoads 12289 -> 12290 (1.0001)',
      'work: 0 of 1 unchanged',
    ]);
  });

  test('have no ratio over none', () => {
    const comparison = compareArms(before, work({ ...before.counts, wasmStores: 7, wasmLoads: 6144.5 }));
    expect(comparison.differences).toContainEqual({
      counter: 'wasmStores',
      baseline: 0,
      candidate: 7,
      ratio: null,
    });
    expect(workLines([comparison], settings)[0]).toBe(
      'changed: config-read batch 4 B, header, wasm: wasmLoads 12289 -> 6144.5 (0.5), wasmStores 0 -> 7',
    );
  });
});

describe('not comparable are', () => {
  test('different sources', () => {
    const ts = work({ wasmLoads: 1, tsBlocks: 5 }, script);
    const comparison = compareArms(before, ts);
    expect(comparison.verdict).toBe('not comparable');
    expect(new Set(comparison.notComparable.map(({ reason }) => reason))).toEqual(
      new Set(['wasm and ts are different sources']),
    );
    expect(workLines([comparison], settings)).toEqual([
      'not comparable: wasmLoads, wasmStores, loopBlocks, tsBlocks of 1 arm: wasm and ts are different sources',
      'work: 0 of 1 unchanged',
    ]);
  });

  test('counts of what two compilers made', () => {
    const after = work({ ...before.counts, wasmLoads: 1, loopBlocks: 3 }, { toolchain: 'asc 0.29.0' });
    const comparison = compareArms(before, after);
    const reason = 'compiled by asc 0.28.20 and asc 0.29.0';
    expect(comparison.notComparable).toEqual([
      { counter: 'wasmLoads', reason },
      { counter: 'wasmStores', reason },
    ]);
    // What V8 counted of the timed loop still is.
    expect(comparison.differences.map(({ counter }) => counter)).toEqual(['loopBlocks']);
    const { toolchain: _, ...unknown } = after;
    expect(compareArms(before, unknown).notComparable[0]!.reason).toBe(
      'compiled by asc 0.28.20 and an unknown compiler',
    );
  });

  test('blocks that two versions of V8 counted, while the core is the same under both', () => {
    const after = work({ ...before.counts, loopBlocks: 3 }, { runtime: 'node 24.1.0' });
    const comparison = compareArms(before, after);
    expect(comparison.verdict).toBe('unchanged');
    expect(comparison.notComparable).toEqual([
      { counter: 'loopBlocks', reason: 'counted by node 26.10.0 and node 24.1.0' },
    ]);
  });

  test('passes of another length', () => {
    const after = work(before.counts, { operations: 8192 });
    expect(compareArms(before, after).notComparable[0]!.reason).toBe(
      'a pass is 4096 operations on one side and 8192 on the other',
    );
  });

  test('counters that one side has not', () => {
    const after = work({ ...before.counts, wasmAtomics: 4 });
    expect(compareArms(before, after)).toMatchObject({
      verdict: 'unchanged',
      notComparable: [{ counter: 'wasmAtomics', reason: 'counted on one side only' }],
    });
  });
});

test('nothing counted is nothing to say', () => {
  expect(workLines([], settings)).toEqual([]);
});

test('counts in a file keep what compiled them', () => {
  const file = JSON.parse(JSON.stringify(samplesDocument({ work: [before] })));
  expect(parseSamples(file, 'work.json').work).toEqual([before]);
});

describe('the builds of one run', () => {
  test('are held against the first one, arm by arm and runtime by runtime', () => {
    const other = { ...script, runtime: 'node 24.0.0' };
    const list = [
      before,
      work({ tsCalls: 5 }, script),
      work({ tsCalls: 5 }, other),
      { ...before, build: 'b2' },
      work({ tsCalls: 6 }, { ...script, build: 'b2' }),
      { ...before, build: 'b3' },
    ];
    const verdicts = workOfBuilds(list).map(({ candidate, verdict }) => [
      candidate.implementation,
      candidate.build,
      verdict,
    ]);
    expect(verdicts).toEqual([
      ['wasm', 'b2', 'unchanged'],
      ['wasm', 'b3', 'unchanged'],
      ['ts', 'b2', 'changed'],
    ]);
  });
});
