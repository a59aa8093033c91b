import { describe, expect, test } from 'vitest';
import { toHtml } from '../../../src/report/html/page.ts';
import type { SamplesDocument } from '../../../src/results/samples.ts';
import { reportsOf } from '../export/results.ts';
import { exampleAb, exampleRun } from '../run.ts';
import { type Element, elements, numbersIn, readPage, tableRows, textOf } from './read-page.ts';

const CAPTIONS = {
  implementation: 'Implementations',
  build: 'Builds',
  runtime: 'Runtimes',
  emulation: 'Emulated over direct access',
  sparse: 'Sparse over flat backing',
  alignment: 'Misaligned over aligned',
  call: 'One access a call over many',
} as const;

const pageAndSummary = (samples: SamplesDocument) => {
  const reports = reportsOf(samples);
  return { page: readPage(toHtml(reports)), summary: reports[0]!.summary };
};

const attribute = (element: Element, name: string) => Number(element.attributes.get(name));

describe.each([
  ['a run', exampleRun],
  ['two builds', exampleAb],
] as const)('ratios of %s', (_, make) => {
  const { page, summary } = pageAndSummary(make());

  test('are those of the summary, with their verdicts, and all of them', () => {
    const shown = Object.entries(CAPTIONS).flatMap(([kind, caption]) =>
      tableRows(page, caption).map(({ cells }) => {
        const verdict = textOf(cells.get('verdict')!);
        return [kind, ...numbersIn(cells.get('ratio')!), ...numbersIn(cells.get('forks')!), verdict].join(
          ' ',
        );
      }),
    );
    const SIGNS = { slower: '>', faster: '<', same: '=', inconclusive: '?' };
    const expected = summary.comparisons.map(({ kind, ratio, forkCount, verdict, reason }) => {
      const words = verdict === null ? 'no verdict' : `${SIGNS[verdict]} ${verdict}`;
      const numbers = [ratio.estimate, ratio.low, ratio.high, forkCount];
      return [kind, ...numbers, words, ...(reason === null ? [] : [reason])].join(' ');
    });
    expect(shown.toSorted()).toEqual(expected.toSorted());
  });

  test('stand in the order of their numbers, each in its interval', () => {
    for (const caption of Object.values(CAPTIONS)) {
      const plots = tableRows(page, caption).map(({ cells }) => {
        const plot = [...cells.values()].find((cell) => cell.attributes.get('class') === 'plot')!;
        const [interval] = elements(plot, 'line').filter((one) => one.attributes.get('class') === 'interval');
        return { dot: attribute(elements(plot, 'circle')[0]!, 'cx'), interval: interval! };
      });
      // The slowest comes first.
      expect(plots.map(({ dot }) => dot)).toEqual(plots.map(({ dot }) => dot).toSorted((a, b) => b - a));
      for (const { dot, interval } of plots) {
        expect(attribute(interval, 'x1')).toBeLessThanOrEqual(dot);
        expect(attribute(interval, 'x2')).toBeGreaterThanOrEqual(dot);
      }
    }
  });
});
