import { describe, expect, test } from 'vitest';
import { toHtml } from '../../../src/report/html/page.ts';
import type { HistorySeries } from '../../../src/results/history-document.ts';
import { historyDocument, historySeriesOf } from '../../results/history-document.ts';
import { type Element, elements, numbersIn, readPage, tableRows, textOf } from './read-page.ts';

const CAPTION = 'History on Example CPU, strict';

const pageOf = (series: readonly HistorySeries[]) =>
  readPage(toHtml([], [historyDocument({ series: [...series] })]));

const figures = (page: Element) => elements(page, 'figure');
const withClass = (root: Element, name: string) =>
  elements(root).filter(({ attributes }) => attributes.get('class')?.split(' ').includes(name));

describe('a history', () => {
  const page = readPage(toHtml([], [historyDocument()]));

  test('is headed by how many of its series changed', () => {
    expect(elements(page, 'h2').map(textOf)).toEqual(['History: 1 of 2 series changed']);
    expect(textOf(page)).toContain('results/history.ndjson');
  });

  test('has a line for each series, what changed first, with its exact figures', () => {
    const rows = tableRows(page, CAPTION);
    const figuresOf = (title: string) => rows.map(({ cells }) => numbersIn(cells.get(title)!));
    expect(rows.map(({ cells }) => textOf(cells.get('arm')!))).toEqual([
      'wasm, node 26.10.0',
      'ts, node 26.10.0',
    ]);
    expect(figuresOf('now')).toEqual([[4], [3]]);
    expect(figuresOf('runs')).toEqual([[3], [2]]);
    expect(figuresOf('last change')).toEqual([[2], []]);
    expect(textOf(rows[0]!.cells.get('last change')!)).toBe('▲ 2.000× slower b2');
  });

  test('has a chart for what changed: every run, and the change with its date, build and levels', () => {
    expect(figures(page)).toHaveLength(1);
    const marks = withClass(figures(page)[0]!, 'mark');
    expect(marks.map(({ attributes }) => Number(attributes.get('data-ns')))).toEqual([2, 2, 4]);
    expect(textOf(marks[2]!)).toContain('2026-11-03: 4.00 ns (3.96 ns to 4.04 ns)');
    expect(withClass(figures(page)[0]!, 'event')).toHaveLength(1);
    expect(withClass(figures(page)[0]!, 'changes').map(textOf)).toEqual([
      '2026-11-03: 2.000× slower, from 2.00 ns to 4.00 ns b2',
    ]);
  });

  test('keeps what did not change for who wants to see it', () => {
    expect(elements(page, 'summary').map(textOf)).toEqual(['1 series without a change']);
    const unchanged = pageOf([historySeriesOf([3, 3], null)]);
    expect(elements(unchanged, 'details')).toEqual([]);
    expect(tableRows(unchanged, CAPTION)).toHaveLength(1);
  });
});

test('what got faster says by how much, and what changed last stands first', () => {
  const page = pageOf([
    historySeriesOf([2, 4, 4, 4], 1, { workload: 'early' }),
    historySeriesOf([4, 4, 4, 2], 3, { workload: 'late' }),
  ]);
  expect(tableRows(page, CAPTION).map(({ name }) => name)).toEqual(['late 4 B, header', 'early 4 B, header']);
  expect(textOf(tableRows(page, CAPTION)[0]!.cells.get('last change')!)).toMatch(/^▼ 2\.000× faster/);
});

test('machines stand apart', () => {
  const other = historySeriesOf([1, 1], null, { conditions: { cpuModel: 'Other CPU' } });
  const page = pageOf([historySeriesOf([3, 3], null), other]);
  expect(elements(page, 'h3').map(textOf)).toEqual(['Example CPU, strict', 'Other CPU']);
});

test('runs of one day are told apart by their hour', () => {
  const series = historySeriesOf([2, 2, 4], 2);
  const points = series.points.map((point, i) => ({ ...point, createdAt: `2026-11-01T1${i}:00:00.000Z` }));
  const [mark] = withClass(pageOf([{ ...series, points }]), 'mark');
  expect(textOf(mark!)).toContain('10:00: 2.00 ns');
});

test('a history of many series and runs stays below a megabyte, and says what it leaves out', () => {
  const times = Array.from({ length: 300 }, (_, i) => (i < 250 ? 2 : 3) + (i % 7) / 100);
  const dated = historySeriesOf(times, 250);
  const series = {
    ...dated,
    points: dated.points.map((point) => ({ ...point, createdAt: '2026-11-01T10:00:00Z' })),
  };
  const page = toHtml([], [historyDocument({ series: Array.from({ length: 300 }, () => series) })]);
  expect(page.length).toBeLessThan(1e6);
  expect(figures(readPage(page))).toHaveLength(12);
  expect(page).toContain(
    'Charts are of the 12 that changed last. Of each series, the last 100 runs are drawn;',
  );
});

describe('a series of more runs than are drawn', () => {
  const times = Array.from({ length: 300 }, (_, i) => (i < 150 ? 2 : 3));

  test('says in its chart and its table which are, and that the change was before them', () => {
    const page = pageOf([historySeriesOf(times, 150)]);
    expect(textOf(figures(page)[0]!)).toContain(
      'The last 100 of 300 runs; 1 of the changes below came before them.',
    );
    expect(textOf(page)).toContain('Of each series, the last 100 runs are drawn;');
    expect(elements(page, 'th').map(textOf)).toContain('last 100 runs');
    expect(textOf(page)).not.toContain('first to last run');
  });

  test('says so without a change too, and a short one does not', () => {
    expect(elements(pageOf([historySeriesOf(times, null)]), 'th').map(textOf)).toContain('last 100 runs');
    const short = pageOf([historySeriesOf(times.slice(0, 100), 50)]);
    expect(textOf(short)).not.toContain('The last 100');
    expect(elements(short, 'th').map(textOf)).toContain('first to last run');
  });
});

test.each([[[]], [[historySeriesOf([2], null)]], [[historySeriesOf([1e-150, 1e150], 1)]]])(
  'odd ones are pages too',
  (series) => {
    for (const { attributes } of elements(pageOf(series))) {
      for (const value of attributes.values()) expect(value).not.toMatch(/NaN|Infinity/);
    }
  },
);
