import { describe, expect, test } from 'vitest';
import { chosenStacks, phaseLines, stackGrid, stackLines, stackNotes } from '../../src/report/cost-lines.ts';
import type { PhaseSummary } from '../../src/report/phases.ts';
import { STACK_PARTS, type StackRow } from '../../src/report/stack.ts';
import { type Summary, summarize } from '../../src/report/summary.ts';
import { renderSummary } from '../../src/report/table.ts';
import { samplesDocument } from '../results/document.ts';

const SETTINGS = { policy: 'strict' };
const IMPLEMENTATIONS = ['wasm', 'ts', 'native'];

function stack(workload: string, sizeBytes: number, changes: Partial<StackRow> = {}): StackRow {
  const share = { share: 1 / STACK_PARTS.length, low: 0.1, high: 0.3 };
  return {
    ...{ workload, params: { sizeBytes }, implementation: 'wasm', runtime: 'node 26.10.0', build: '0.1.0' },
    nsPerOp: 1.42,
    stack: Object.fromEntries(STACK_PARTS.map((part) => [part, share])) as StackRow['stack'],
    pairedRounds: 30,
    ...changes,
  };
}

/** Every implementation of each size of each workload. */
function stacks(workloads: readonly string[], sizes: readonly number[]): StackRow[] {
  return workloads.flatMap((workload) =>
    sizes.flatMap((size) =>
      IMPLEMENTATIONS.map((implementation) => stack(workload, size, { implementation })),
    ),
  );
}

function phase(build: string): PhaseSummary {
  const compileNs = { estimate: 4e5, low: 4e5, high: 4e5 };
  const once = { compileNs, instantiateNs: null, firstOverSteady: null, forks: 3 };
  return { implementation: 'wasm', runtime: 'node 26.10.0', build, ...once };
}

describe('which stacks are shown', () => {
  test('all, where they are few', () => {
    const few = stacks(['region-copy', 'region-io'], [64, 4096]);
    expect(chosenStacks(few)).toEqual(few);
  });

  test('of many, all implementations of the first parameters of each workload', () => {
    const many = stacks(['region-copy', 'region-io'], [64, 4096, 65536]);
    expect(chosenStacks(many)).toEqual(stacks(['region-copy', 'region-io'], [64]));
  });

  test('as many workloads as there is room for', () => {
    const shown = chosenStacks(stacks(['a', 'b', 'c', 'd', 'e', 'f'], [64]));
    expect(new Set(shown.map(({ workload }) => workload))).toEqual(new Set(['a', 'b', 'c', 'd']));
  });

  test('one workload at least, however many arms it has', () => {
    const arms = Array.from({ length: 20 }, (_, i) => stack('region-copy', 64, { runtime: `node ${i}` }));
    expect(chosenStacks(arms)).toEqual(arms);
  });
});

test('two builds of one implementation are told apart by their letters', () => {
  const builds = ['A barometer 0.1.0 aaaa', 'B barometer 0.1.0 bbbb'];
  expect(phaseLines(builds.map(phase))).toEqual(['A  compile 400 µs', 'B  compile 400 µs']);
  const lines = stackLines(
    builds.map((build) => stack('region-copy', 64, { build })),
    SETTINGS,
  );
  expect(lines[0]).toMatch(/^region-copy 64 B {2}A {2}1\.42 ns: harness 20%/);
  expect(lines[1]).toMatch(/^region-copy 64 B {2}B {2}1\.42 ns: harness 20%/);
});

describe('in the report', () => {
  const summary: Summary = {
    ...summarize(samplesDocument()),
    phases: [phase('0.1.0')],
    stacks: stacks(['region-copy', 'region-io'], [64, 4096, 65536]),
  };

  test('it says how many stacks are elsewhere', () => {
    const text = renderSummary(summary, { width: 60, color: false });
    expect(text).toContain('wasm  compile 400 µs');
    expect(text.match(/harness 20%/g)).toHaveLength(6);
    expect(text).toContain('What 12 more times are made of is in the output of --json.');
  });

  test('they are a table where there is room for it', () => {
    const text = renderSummary(summary, { width: 100, color: false });
    expect(text).toContain(
      [
        'What the time is made of',
        '                               time  harness  boundary  copy  bounds  decode',
        '  region-copy 64 B  wasm    1.42 ns      20%       20%   20%     20%     20%',
        '                    ts      1.42 ns      20%       20%   20%     20%     20%',
      ].join('\n'),
    );
  });

  test('a table leaves out what is none by rule, and says what is in decode and what overlaps', () => {
    const none = { share: 0, low: 0, high: 0 };
    const negative = { share: -0.1, low: -0.2, high: -0.05 };
    const full = stack('region-copy', 64).stack;
    const rows = [
      stack('region-copy', 64, { stack: { ...full, copy: none, bounds: null, decode: negative } }),
    ];
    const [, line] = stackGrid(rows, SETTINGS);
    expect('cells' in line! && line.cells.map(({ text }) => text.trim())).toEqual([
      'region-copy 64 B',
      'wasm',
      '1.42 ns',
      '20%',
      '20%',
      '',
      '–',
      '-10%',
    ]);
    expect(stackNotes(rows)).toHaveLength(2);
    expect(stackNotes([stack('region-copy', 64)])).toEqual([]);
  });

  test.each([40, 60, 200])('they fit %i columns', (width) => {
    const text = renderSummary(summary, { width, color: false });
    expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(width);
  });
});
