/** Accept changed plots with: npx vitest run -u */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlotOptions, renderPlot } from '../../src/report/plot.ts';
import { samplesDocument, series } from '../results/document.ts';
import { exampleAb, exampleRun } from './run.ts';

const plain: PlotOptions = { color: false, width: 80, glyphs: 'unicode' };
/** Medians 1.0, 1.1, 1.2, 1.3 and 2.0 ns in five forks. */
const forks = [1, 1.1, 1.2, 1.3, 2].map((ns, fork) =>
  series({ fork, durationNs: [1000 * ns, 1000 * ns], operations: [1000, 1000] }),
);

describe('a plot', () => {
  test.each(['unicode', 'ascii'] as const)('of a run over forks in %s', async (glyphs) => {
    const text = renderPlot(exampleRun({ native: true, forks: 6 }), { ...plain, glyphs });
    await expect(text).toMatchFileSnapshot(`../golden/plot-${glyphs}.txt`);
    if (glyphs === 'ascii') expect(text).toMatch(/^[\n -~]*$/);
  });

  test('has whiskers from the least to the most, the box between the quartiles, and the median in it', () => {
    const text = renderPlot(samplesDocument({ series: forks }), { ...plain, width: 79, glyphs: 'ascii' });
    const line = text.split('\n').find((one) => one.includes('wasm'))!;
    const start = line.indexOf('|');
    const columns = 61 - 1;
    expect(line.lastIndexOf('|') - start).toBe(columns);
    expect(line.indexOf('=') - start).toBe(0.1 * columns);
    expect(line.indexOf('O') - start).toBe(0.2 * columns);
    expect(line.lastIndexOf('=') - start).toBe(0.3 * columns);
    expect(line).toMatch(/ 1\.20 ns$/);
  });

  test('of one process is of its rounds', () => {
    const text = renderPlot(samplesDocument({ series: [series({ durationNs: [1000, 3000] })] }), plain);
    expect(text).toMatch(/^ {2}wasm +├─+█+│█+─+┤ +2\.00 ns$/m);
  });

  test('names the sides of two builds, and leaves noop out', () => {
    const text = renderPlot(exampleAb(), plain);
    expect(text).toMatch(/^ {2}wasm A /m);
    expect(text).toMatch(/^ {2}ts B /m);
    expect(renderPlot(exampleRun(), plain)).not.toMatch(/^ {2}noop/m);
  });

  test('of nothing is nothing', () => {
    expect(renderPlot(samplesDocument({ series: [] }), plain)).toBe('');
  });

  test('has nothing wider than the terminal, no trailing blanks, and no escape sequence without colour', () => {
    const runs = [exampleRun(), exampleRun({ native: true, forks: 3 }), exampleAb()];
    fc.assert(
      fc.property(fc.constantFrom(...runs), fc.integer({ min: 40, max: 200 }), (run, width) => {
        const text = renderPlot(run, { ...plain, width });
        for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(width);
        expect(text).not.toMatch(/ $/m);
        expect(text).not.toContain('\x1b');
      }),
      { numRuns: 60 },
    );
  });

  test('is the same with colour, but for the colour; names from outside cannot steer the terminal', () => {
    const evil = '\x1b[31mred\u202Etxt\x07';
    const samples = samplesDocument({ series: [series({ workload: evil, implementation: evil })] });
    const text = renderPlot(samples, plain);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is removed
    expect(renderPlot(samples, { ...plain, color: true }).replace(/\x1b\[\d+m/g, '')).toBe(text);
  });
});
