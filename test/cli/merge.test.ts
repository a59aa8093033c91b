import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MergeFlags, merge } from '../../src/cli/merge.ts';
import { UsageError } from '../../src/errors.ts';
import { loadSamples, saveSamples } from '../../src/results/store.ts';
import { samplesDocument } from '../results/document.ts';

let folder: string;
let paths: [string, string];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-merge-'));
  paths = [join(folder, 'a.json'), join(folder, 'b.json')];
  saveSamples(paths[0], samplesDocument());
  saveSamples(paths[1], samplesDocument({ createdAt: '2026-11-23T00:00:00Z' }));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function merged(flags: MergeFlags, inputs: readonly string[] = paths): string {
  let printed = '';
  merge(inputs, flags, {
    write(text: string) {
      printed += text;
    },
  });
  return printed;
}

test('--out saves the merged samples and says what they are', () => {
  const out = join(folder, 'new', 'all.json');
  expect(merged({ out })).toBe(`merged 2 files, 2 runs, 8 rounds: ${out}\n`);
  expect(loadSamples(out).runs).toHaveLength(2);
});

test('--json prints the document that --out saves', () => {
  const out = join(folder, 'all.json');
  const printed = merged({ out, json: true });
  expect(printed).toBe(readFileSync(out, 'utf8'));
  expect(merged({ json: true })).toBe(printed);
});

test('a file may be named twice, and one file is enough', () => {
  const once = merged({ json: true });
  expect(merged({ json: true }, [...paths, ...paths])).toBe(once);
  expect(JSON.parse(merged({ json: true }, [paths[0]])).runs).toHaveLength(1);
});

test.each([
  ['nothing to do with the result', {}, 'expected --out FILE, or --json to print them'],
  ['an output without a name', { out: '' }, '--out "": expected the name of a file'],
])('%s is bad input', (_, flags, message) => {
  expect(() => merged(flags)).toThrow(UsageError);
  expect(() => merged(flags)).toThrow(message);
});

test('an input is never replaced, under whichever name', () => {
  const link = join(folder, 'link.json');
  symlinkSync('b.json', link);
  const before = readFileSync(paths[1], 'utf8');
  for (const out of [paths[1], join(folder, 'x', '..', 'b.json'), link]) {
    mkdirSync(join(folder, 'x'), { recursive: true });
    expect(() => merged({ out })).toThrow('that is one of the files to merge');
  }
  expect(readFileSync(paths[1], 'utf8')).toBe(before);
});

test('nothing is written where one file is bad', () => {
  writeFileSync(paths[1], '{"schema": "barometer/samples/1", ');
  expect(() => merged({ out: join(folder, 'all.json') })).toThrow('b.json: it is cut off');
  expect(readdirSync(folder).sort()).toEqual(['a.json', 'b.json']);
});
