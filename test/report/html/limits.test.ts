import { describe, expect, test } from 'vitest';
import { chart } from '../../../src/report/html/chart.ts';
import { html } from '../../../src/report/html/escape.ts';
import { toHtml } from '../../../src/report/html/page.ts';
import { ratioSections } from '../../../src/report/html/ratio-plot.ts';
import { section, table } from '../../../src/report/html/section.ts';
import { summarize } from '../../../src/report/summary.ts';
import { arm, samplesDocument, series } from '../../results/document.ts';
import { abDocument, reportsOf } from '../export/results.ts';
import { readPage, tableRows, textOf } from './read-page.ts';

const range = (length: number) => Array.from({ length }, (_, i) => i);

describe('a page of more rows than a browser has room for', () => {
  const COUNT = 2_000;
  const page = toHtml(
    reportsOf(
      samplesDocument({
        series: range(COUNT).flatMap((i) =>
          ['wasm', 'ts'].map((implementation) =>
            series({
              ...arm,
              workload: 'region-copy',
              params: { sizeBytes: i + 1 },
              implementation,
              block: i,
            }),
          ),
        ),
        unavailable: [],
      }),
    ),
  );

  test('is bounded, and says of each table how many of its rows there are', () => {
    expect(page.length).toBeLessThan(5e6);
    const notes = page.match(/The first 1,000 of [\d,]+ rows; .*? report --csv lists those of a run\./g)!;
    expect(notes.map((note) => /of ([\d,]+) rows/.exec(note)![1])).toEqual(['2,000', '4,000', '2,000']);
    expect(tableRows(readPage(page), 'Workloads')).toHaveLength(1_000);
  });

  test('draws its curves by fewer points, and says so', () => {
    expect(page).toContain('One of 4 points of each line, of 4,000 in all.');
  });
});

test('lines that a chart has no room for are counted', () => {
  const timeNs = { estimate: 2, low: 1, high: 3 };
  const lines = range(120).map((i) => ({ name: `line ${i}`, points: [{ x: 1, timeNs }] }));
  const drawn = chart({ title: '', lines, along: 'size', axis: 'log', format: String }).toString();
  expect(drawn).toContain('The first 100 of 120 lines;');
  expect(drawn).not.toContain('line 100');
});

test('drawings that a section has no room for are counted, but one of any size is there', () => {
  const large = html`<p>${'x'.repeat(700_000)}</p>`;
  const text = { title: '', note: '' };
  expect(section(text, [large, large]).toString()).toContain('The first 1 of 2 drawings and tables;');
  expect(section(text, [html`${[large, large]}`]).toString()).not.toContain('The first');
});

test('what has room is told nothing of limits', () => {
  const rows = range(1_000).map((i) => [i]);
  const columns = [{ title: 'i', kind: 'number' }] as const;
  expect(table({ caption: '', columns, rows }).toString()).not.toContain('The first');
});

test('of more comparisons than a table has room for, those with a difference are shown', () => {
  const summary = summarize(abDocument());
  const ofBuilds = summary.comparisons.filter(({ kind }) => kind === 'build');
  const [slower, same] = ['slower', 'same'].map((name) => ofBuilds.find(({ verdict }) => verdict === name)!);
  const comparisons = [...range(1_500).map(() => same!), slower!];
  const page = ratioSections({ ...summary, comparisons }, ['build']).join('');
  expect(page).toContain('The first 1,000 of 1,501 rows;');
  const verdicts = tableRows(readPage(`<!doctype html>\n${page}`), 'Builds').map(({ cells }) =>
    textOf(cells.get('verdict')!),
  );
  expect(verdicts).toHaveLength(1_000);
  expect(verdicts[0]).toContain('slower');
});
