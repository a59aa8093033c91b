/** Accept changed tables with: npx vitest run -u */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { summarize } from '../../src/report/summary.ts';
import { renderSummary } from '../../src/report/table.ts';
import type { SamplesDocument } from '../../src/results/samples.ts';
import { arm, samplesDocument, series } from '../results/document.ts';
import { exampleAb, exampleRun } from './run.ts';

const render = (samples: SamplesDocument, width: number, color = false) =>
  renderSummary(summarize(samples), { width, color });

const widest = (text: string) => Math.max(...text.split('\n').map((line) => [...line].length));

describe('the table of a run', () => {
  const run = exampleRun();
  const forked = exampleRun({ native: true, forks: 6 });

  test.each([120, 100, 80, 60])('in %i columns', async (width) => {
    const text = render(run, width);
    expect(widest(text)).toBeLessThanOrEqual(width);
    await expect(text).toMatchFileSnapshot(`../golden/summary-${width}.txt`);
  });

  test.each([120, 100, 80, 60])('with native in %i columns', async (width) => {
    const text = render(exampleRun({ native: true }), width);
    expect(widest(text)).toBeLessThanOrEqual(width);
    await expect(text).toMatchFileSnapshot(`../golden/summary-native-${width}.txt`);
  });

  test.each([160, 120, 100, 80, 60, 40])('with verdicts over forks in %i columns', async (width) => {
    const text = render(forked, width);
    expect(widest(text)).toBeLessThanOrEqual(width);
    await expect(text).toMatchFileSnapshot(`../golden/summary-forks-${width}.txt`);
  });

  test.each([120, 100, 80, 60, 40])('of two builds in %i columns', async (width) => {
    const text = render(exampleAb(), width);
    expect(widest(text)).toBeLessThanOrEqual(width);
    await expect(text).toMatchFileSnapshot(`../golden/summary-ab-${width}.txt`);
  });

  test('is the same with colour, but for the colour', () => {
    const colored = render(forked, 100, true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is removed
    expect(colored.replace(/\x1b\[\d+m/g, '')).toBe(render(forked, 100));
    // Green is for who is faster by verdict.
    expect(colored).toContain('\x1b[32m1.46 ns\x1b[39m');
    expect(colored).toContain('\x1b[1mconfig-read');
  });

  test('has no escape sequence unless colour is asked for', () => {
    expect(render(run, 100)).not.toContain('\x1b');
  });
});

describe('a run that is not as usual', () => {
  test('of nothing at all', () => {
    const text = render(samplesDocument({ series: [], unavailable: [] }), 80);
    expect(text).toMatch(/^Nothing was measured\.\n/);
    expect(text).not.toContain('verdict');
  });

  test('of nothing that this machine has says why', () => {
    expect(render(samplesDocument({ series: [] }), 80)).toContain(
      '– native is not available: no C compiler was found',
    );
  });

  test('of one implementation has no column for a comparison', () => {
    const text = render(samplesDocument({ series: [series()] }), 80);
    expect(text).toContain('1.55 ns');
    expect(text).not.toMatch(/faster|GB\/s/);
  });

  test('of an implementation that this version does not know has a column for it', () => {
    const text = render(samplesDocument({ series: [series(), series({ implementation: 'remote' })] }), 80);
    expect(text.split('\n')[0]!.trim()).toMatch(/^wasm +remote$/);
  });

  test('of two runtimes has a column for each, and no verdict from one process', () => {
    const text = render(samplesDocument({ series: [series(), series({ runtime: 'node 22.13.0' })] }), 100);
    expect(text.split('\n')[0]!.trim()).toMatch(/^node 26\.10\.0 +node 22\.13\.0 +ratio +95%$/);
    expect(text).toMatch(/^ {2}batch 4 B, header +1\.55 ns.* 1\.55 ns.* 1\.000× /m);
    expect(text).not.toMatch(/ (same|inconclusive)$/m);
    expect(text).toMatch(/^verdict +None: one process measured/m);
  });

  test('of runtimes with long names has letters for them, which the footer explains', () => {
    const runtimes = ['node 26.10.0 (/usr/bin/node)', 'node 26.10.0 (/opt/node)'];
    const text = render(samplesDocument({ series: runtimes.map((runtime) => series({ runtime })) }), 100);
    expect(text.split('\n')[0]!.trim()).toMatch(/^A +B +B\/A +95%$/);
    expect(text).toMatch(/^A {9}node 26\.10\.0 \(\/usr\/bin\/node\)$/m);
    expect(text).toMatch(/^B {9}node 26\.10\.0 \(\/opt\/node\)$/m);
  });

  test('of one workload on several runtimes and builds compares both', () => {
    const list = ['A old', 'B new'].flatMap((build) =>
      ['node 22.13.0', 'node 26.10.0'].map((runtime) => series({ build, runtime })),
    );
    const text = render(samplesDocument({ series: list, unavailable: [] }), 100);
    expect(text.match(/B\/A/g)).toHaveLength(1);
    expect(text.match(/ratio +95%/g)).toHaveLength(1);
    expect(text).toMatch(/^A +old$/m);
  });

  test('of functions without parameters names them by their heading alone', () => {
    const list = ['A m.ts 1', 'B m.ts 2'].map((build) =>
      series({ workload: 'squares', params: {}, implementation: 'module', build }),
    );
    expect(render(samplesDocument({ series: list, unavailable: [] }), 100)).toMatch(/^squares +1\.55 ns/m);
    expect(render(samplesDocument({ series: [list[0]!], unavailable: [] }), 100)).toMatch(
      /^squares +1\.55 ns/m,
    );
  });

  test('with phases and stacks has lines for them, each in a section of its own', () => {
    const estimate = { estimate: 2e6, low: 1e6, high: 3e6 };
    const share = { share: 0.5, low: 0.4, high: 0.6 };
    const none = { share: 0, low: 0, high: 0 };
    const started = { ...arm, compileNs: estimate, instantiateNs: null, firstOverSteady: null, forks: 2 };
    const stack = { harness: share, boundary: none, copy: none, bounds: none, decode: share };
    const summary = {
      ...summarize(samplesDocument()),
      phases: ['A m.ts 1', 'B m.ts 2'].map((build) => ({ ...started, build })),
      stacks: [{ ...arm, nsPerOp: 2, stack, pairedRounds: 30 }],
    };
    const text = renderSummary(summary, { width: 100, color: false });
    expect(text).toContain('\n\nStart of a process\n  A  compile 2.00 ms\n  B  compile 2.00 ms\n\n');
    expect(text).toMatch(
      /\n\nWhat the time is made of\n.*\n {2}config-read batch 4 B, header {2}wasm {2}2\.00 ns +50% +50%\n\n/,
    );
  });

  test('that lost forks says how many, of what, and why', () => {
    const lost = { ...arm, fork: 3, block: 0, rounds: 0, reason: 'the process ended by SIGKILL' };
    const cut = { ...arm, fork: 4, block: 0, rounds: 7, reason: 'the answer differs' };
    const text = render(samplesDocument({ excluded: [lost, { ...lost, implementation: 'ts' }, cut] }), 120);
    expect(text).toContain(
      'excluded  1 fork of config-read batch 4 B, header: the process ended by SIGKILL\n',
    );
    expect(text).toContain(
      'excluded  7 rounds of 1 fork of config-read batch 4 B, header: the answer differs\n',
    );
  });

  test('below the top tier is marked, whichever implementation it was', () => {
    const noop = series({ implementation: 'noop', tier: 'interpreter' });
    const text = render(samplesDocument({ series: [series({ tier: 'liftoff' }), noop] }), 100);
    expect(text.match(/\*1\.55 ns/g)).toHaveLength(2);
    expect(text).toContain('* not in the top tier: wasm ran in liftoff (config-read batch 4 B, header)');
    expect(text).toContain('* not in the top tier: noop ran in interpreter (config-read batch 4 B, header)');
  });
});

test('names and reasons from outside cannot steer the terminal', () => {
  const evil = '\x1b]0;owned\x07\x1b[31mred\u202Etxt\nnext line\u009B2J';
  const samples = samplesDocument({
    series: [series({ workload: `${evil}/batch`, params: { [evil]: evil }, runtime: evil })],
    unavailable: [{ ...series(), implementation: evil, reason: evil }],
    fingerprint: { cpuModel: evil },
  });
  const text = renderSummary(summarize(samples), { width: 100, color: false });
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text).toContain('redtxt next line');
});

test('no line is wider than any terminal, and none ends in a blank', () => {
  const runs = [exampleRun(), exampleRun({ native: true, forks: 2 }), exampleAb()].map((run) =>
    summarize(run),
  );
  fc.assert(
    fc.property(fc.constantFrom(...runs), fc.integer({ min: 40, max: 200 }), (summary, width) => {
      const text = renderSummary(summary, { width, color: false });
      expect(widest(text)).toBeLessThanOrEqual(width);
      expect(text).not.toMatch(/ $/m);
    }),
    { numRuns: 60 },
  );
});

test('nothing is wider than the terminal, however long its names are', () => {
  const long = 'abcdefghij '.repeat(30).trim();
  const samples = samplesDocument({
    series: [
      series({ workload: `${long}/batch`, params: { mix: long } }),
      series({ params: { mix: long }, block: 1 }),
    ],
    unavailable: [{ ...series(), implementation: 'native', reason: long }],
    fingerprint: { cpuModel: long },
  });
  for (const width of [60, 80, 100]) expect(widest(render(samples, width))).toBeLessThanOrEqual(width);
});
