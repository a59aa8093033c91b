import { describe, expect, test } from 'vitest';
import { toHtml } from '../../../src/report/html/page.ts';
import type { Comparison } from '../../../src/report/summary.ts';
import { VERDICT_ORDER } from '../../../src/report/verdict-text.ts';
import { workloadLines } from '../../../src/report/workload-lines.ts';
import type { SamplesDocument } from '../../../src/results/samples.ts';
import { samplesDocument } from '../../results/document.ts';
import { reportsOf } from '../export/results.ts';
import { exampleAb, exampleRun } from '../run.ts';
import { numbersIn, readPage, tableRows, textOf } from './read-page.ts';

const DOCUMENTS: Record<string, () => SamplesDocument> = {
  'a run': exampleRun,
  'two builds': exampleAb,
  'one process': samplesDocument,
};

test.each(Object.entries(DOCUMENTS))(
  'in short, %s is its ratios over all workloads, and how many verdicts of each kind',
  (_, make) => {
    const reports = reportsOf(make());
    const shown = tableRows(readPage(toHtml(reports)), 'In short').map(({ cells }) =>
      [...cells.values()].map(numbersIn),
    );
    const kinds = ['build', 'runtime', 'implementation', 'emulation'];
    const compared = reports[0]!.summary.comparisons.filter(({ kind }) => kinds.includes(kind));
    expect(compared.length).toBeGreaterThan(0);
    const ratios = compared.map(({ ratio }) => ratio.estimate);
    expect(Math.min(...shown.map(([, from]) => from![0]!))).toBe(Math.min(...ratios));
    expect(Math.max(...shown.map(([, , to]) => to![0]!))).toBe(Math.max(...ratios));
    const counts = VERDICT_ORDER.map((_, i) =>
      shown.reduce((sum, cells) => sum + (cells[3 + i]![0] ?? 0), 0),
    );
    expect(counts).toEqual(
      VERDICT_ORDER.map(
        (one) => compared.filter(({ verdict }) => (verdict ?? 'inconclusive') === one).length,
      ),
    );
  },
);

test('the reference and what the harness costs are named where they were measured, and not elsewhere', () => {
  const text = (samples: SamplesDocument) => textOf(readPage(toHtml(reportsOf(samples))));
  expect(text(exampleRun({ native: true }))).toContain('native: the reference, the same algorithm in C.');
  expect(text(exampleRun())).toMatch(/The harness alone \(noop\) takes [\d.]+ ns in the median\./);
  expect(text(exampleRun())).toContain('noop: JavaScript that walks the accesses and does nothing else');
  expect(text(exampleAb())).not.toMatch(/the reference|The harness alone/);
});

const figures = (one: { estimate: number; low: number; high: number }) => [one.estimate, one.low, one.high];

describe.each(Object.entries(DOCUMENTS))('the summary table of %s', (_, make) => {
  const reports = reportsOf(make());
  const { summary } = reports[0]!;
  const rows = tableRows(readPage(toHtml(reports)), 'Workloads');
  const lines = workloadLines(summary);

  test('has a line for each workload, under its name', () => {
    expect(rows.map(({ name }) => name)).toEqual(
      lines.map(({ heading, label }) => [heading, label].filter(Boolean).join(' ')),
    );
  });

  test('holds the times of the summary to the last digit, each in its column', () => {
    for (const [i, { byImplementation }] of lines.entries()) {
      for (const [implementation, { nsPerOp }] of byImplementation) {
        const cell = rows[i]!.cells.get(implementation)!;
        expect(numbersIn(cell)).toEqual(nsPerOp === null ? [] : figures(nsPerOp));
        if (nsPerOp === null) expect(textOf(cell)).toBe('not available');
      }
    }
    const measured = summary.workloads.filter(({ nsPerOp }) => nsPerOp !== null);
    expect(lines.flatMap(({ byImplementation }) => [...byImplementation.values()])).toHaveLength(
      summary.workloads.length,
    );
    expect(measured.length).toBeGreaterThan(0);
  });

  test('holds the ratios and verdicts of implementations', () => {
    const check = (i: number, title: string, { ratio, verdict }: Comparison) => {
      const cell = rows[i]!.cells.get(title)!;
      expect(numbersIn(cell)).toEqual(figures(ratio));
      expect(textOf(cell)).toContain(verdict ?? 'no verdict');
    };
    for (const [i, { comparison, overNative }] of lines.entries()) {
      if (comparison) check(i, 'wasm / ts', comparison);
      for (const [name, one] of overNative) check(i, `${name} / native`, one);
    }
  });
});
