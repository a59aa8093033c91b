/** Accept changed tables with: npx vitest run -u */
import { describe, expect, test } from 'vitest';
import { summarize } from '../../src/report/summary.ts';
import { renderSummary } from '../../src/report/table.ts';
import type { SamplesDocument } from '../../src/results/samples.ts';
import { samplesDocument, series } from '../results/document.ts';
import { exampleRun } from './run.ts';

const render = (samples: SamplesDocument, width: number, color = false) =>
  renderSummary(summarize(samples), { width, color, savedPath: 'results/2026-11-22T15-30-12.json' });

const widest = (text: string) => Math.max(...text.split('\n').map((line) => [...line].length));

describe('the table of a run', () => {
  const run = exampleRun();

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

  test('is the same with colour, but for the colour', () => {
    const colored = render(run, 100, true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is removed
    expect(colored.replace(/\x1b\[\d+m/g, '')).toBe(render(run, 100));
    expect(colored).toContain('\x1b[32m');
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

  test('of two runtimes names the runtime in each line', () => {
    const text = render(samplesDocument({ series: [series(), series({ runtime: 'node 22.13.0' })] }), 100);
    expect(text).toContain('(node 26.10.0)');
    expect(text).toContain('(node 22.13.0)');
  });

  test('that was not saved has no line about it', () => {
    expect(renderSummary(summarize(samplesDocument()), { width: 80, color: false })).not.toContain('saved');
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
  const text = renderSummary(summarize(samples), { width: 100, color: false, savedPath: evil });
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text).toContain('redtxt next line');
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
