import { expect, test } from 'vitest';
import { tally } from '../../../src/report/html/tally.ts';
import { type Summary, summarize } from '../../../src/report/summary.ts';
import { exampleAb, exampleRun } from '../run.ts';
import { elements, readPage, textOf } from './read-page.ts';

const ofKind = (summary: Summary, kind: string) => summary.comparisons.filter((one) => one.kind === kind);
const linesOf = (summary: Summary, kind: string) =>
  elements(readPage(`<!doctype html>\n${tally(summary, ofKind(summary, kind))}`), 'li').map(textOf);

test.each([
  [
    'implementation',
    exampleRun({ native: true, forks: 8 }),
    ['wasm over ts', 'wasm over native', 'ts over native'],
  ],
  ['build', exampleAb(), ['wasm B over wasm A', 'ts B over ts A']],
])('of each pair, the verdicts of a %s add up to all there are', (kind, samples, pairs) => {
  const summary = summarize(samples);
  const lines = linesOf(summary, kind);
  expect(lines.map((line) => line.replace(/ +\d.*/, '')).toSorted()).toEqual(pairs.toSorted());
  const count = (verdict: string) =>
    lines.reduce((sum, line) => sum + Number(new RegExp(`(\\d+) ${verdict}`).exec(line)?.[1] ?? 0), 0);
  for (const verdict of ['slower', 'faster', 'same', 'inconclusive']) {
    const expected = ofKind(summary, kind).filter((one) => (one.verdict ?? 'inconclusive') === verdict);
    expect(count(verdict)).toBe(expected.length);
  }
});

test('of one pair alone the headline says it all', () => {
  expect(linesOf(summarize(exampleRun()), 'implementation')).toEqual([]);
});
