import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { readLineByLine, readSamples } from '../../src/results/read-samples.ts';
import type { SampleSeries, SamplesDocument } from '../../src/results/samples.ts';
import { formatSamples, loadSamples } from '../../src/results/store.ts';
import { arbitraryOldSamples, arbitrarySamples } from './arbitrary-samples.ts';
import { samplesDocument, series } from './document.ts';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-read-'));
  path = join(folder, 'a.json');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

class Collector {
  readonly list: SampleSeries[] = [];
  add(one: SampleSeries): void {
    this.list.push(one);
  }
}

function collected(): SamplesDocument {
  const { head, sink } = readSamples(path, () => new Collector());
  return { ...head, series: sink.list };
}

const names = fc.constantFrom(
  'plain',
  '日本語 ü',
  'a "quoted"\\ name',
  '[',
  '  ],',
  '{',
  '\u2028',
  'x'.repeat(300_000),
);

describe('reading line by line', () => {
  test('gives the very document that reading the whole gives, in the layout of saved files', () => {
    fc.assert(
      fc.property(fc.oneof(arbitrarySamples, arbitraryOldSamples), names, (document, workload) => {
        const list = document.series.map((one, i) => (i % 2 ? { ...one, workload } : one));
        writeFileSync(path, formatSamples({ ...document, series: list, [workload]: [workload] } as never));
        expect(readLineByLine(path, new Collector())).not.toBeNull();
        expect(formatSamples(collected())).toBe(formatSamples(loadSamples(path)));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test('is not for other layouts of the same JSON, which are read all the same', () => {
    const document = samplesDocument();
    const saved = formatSamples(document);
    for (const text of [
      JSON.stringify(document),
      JSON.stringify(document, null, 2),
      JSON.stringify(document, null, '\t'),
      `\uFEFF${saved}`,
      `${saved}\n`,
      saved.replaceAll('\n', '\r\n'),
      saved.replace('"series": [\n', '"series":\n [\n'),
      // A second "series" wins, as JSON.parse has it.
      saved.replace('  "series": [', '  "series": [],\n  "series": ['),
      saved.replace(/"series": \[\n {4}(.+),\n {4}(.+)\n {2}\]/, '"series": [$1, $2]'),
    ]) {
      writeFileSync(path, text);
      expect(readLineByLine(path, new Collector()), text).toBeNull();
      expect(collected(), text).toEqual(document);
    }
  });

  test('never takes a line away, a comma or a bracket without noticing', () => {
    const saved = formatSamples(samplesDocument());
    fc.assert(
      fc.property(fc.nat(saved.length - 1), (at) => {
        writeFileSync(path, saved.slice(0, at) + saved.slice(at + 1));
        const outcome = (read: () => unknown) => {
          try {
            return read();
          } catch (error) {
            return (error as UsageError).message;
          }
        };
        expect(outcome(collected)).toEqual(outcome(() => loadSamples(path)));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('forgets what it had read where it has to start over', () => {
    const saved = formatSamples(samplesDocument());
    writeFileSync(path, saved.replace(/\n\}\n$/, ' }'));
    expect(collected()).toEqual(samplesDocument());
  });

  test.each([
    ['a round twice', { series: [series(), series()] }, 'is there twice'],
    ['an unknown run', { series: [series({ run: 'r9' })] }, 'series[0] names run "r9"'],
    ['a round of no time', { series: [series({ durationNs: [0, 1] })] }, 'series[0].durationNs[0]'],
    ['a newer schema', { schema: 'barometer/samples/2' as never }, 'written by another version'],
  ])('refuses %s as reading the whole does', (_, changes, message) => {
    writeFileSync(path, formatSamples(samplesDocument(changes)));
    expect(collected).toThrow(UsageError);
    expect(collected).toThrow(message);
  });

  test('cut off anywhere, a file is bad input and not a crash', () => {
    const saved = formatSamples(samplesDocument());
    for (let length = 0; length < saved.length - 2; length += 7) {
      writeFileSync(path, saved.slice(0, length));
      expect(collected, `${length}`).toThrow(length === 0 ? 'it is empty' : 'it is cut off');
    }
  });
});
