/** What people read on a terminal and in the log of a CI job, of results whose every name is of a stranger. */
import { beforeAll, describe, expect, test } from 'vitest';
import { TimesCollector } from '../../src/report/arm-times.ts';
import { comparedSide, compareResults } from '../../src/report/compare.ts';
import { renderComparison } from '../../src/report/compare-text.ts';
import { toBenchstat } from '../../src/report/export/benchstat.ts';
import { toCsv } from '../../src/report/export/csv.ts';
import { historyEntries } from '../../src/report/history-entries.ts';
import { historySeries } from '../../src/report/history-series.ts';
import { renderHistory, renderSeries } from '../../src/report/history-text.ts';
import { harmlessJson, jsonText } from '../../src/report/json-text.ts';
import { renderPlot } from '../../src/report/plot.ts';
import { summarize } from '../../src/report/summary.ts';
import { renderSummary } from '../../src/report/table.ts';
import type { SamplesDocument } from '../../src/results/samples.ts';
import { formatSamples } from '../../src/results/store.ts';
import { HOSTILE, hostileDocument, reportsOf } from './export/results.ts';

const OPTIONS = { color: false, width: 100, glyphs: 'unicode' } as const;

let samples: SamplesDocument;

beforeAll(() => {
  samples = hostileDocument();
});

/** All times multiplied. */
function timesOf(factor: number): TimesCollector {
  const times = new TimesCollector();
  for (const series of samples.series) {
    times.add({ ...series, durationNs: series.durationNs.map((ns) => ns * factor) });
  }
  return times;
}

const head = () => ({ ...samples, series: [] });
const side = (source: string, factor: number) => comparedSide(source, head(), timesOf(factor));
const compared = () => compareResults(side(HOSTILE[0]!, 1), side(HOSTILE[7]!, 1.2), 0.01);
const history = () => historySeries(historyEntries(head(), timesOf(1)));

/** Each is held to write what a harmless document has: a text that is empty would pass everything else. */
const VIEWS: Record<string, () => string> = {
  run: () => renderSummary(summarize(samples), OPTIONS),
  'run --plot': () => renderPlot(samples, OPTIONS),
  'run --json': () => jsonText(summarize(samples)),
  compare: () => renderComparison(compared(), OPTIONS),
  'compare --json': () => jsonText(compared()),
  'history show': () => renderHistory(history(), OPTIONS),
  'history show NAME': () => renderSeries(history(), OPTIONS),
  'merge --json': () => harmlessJson(formatSamples(samples)),
  'report --csv': () => toCsv(reportsOf(samples)),
  'report --benchstat': () => toBenchstat(reportsOf(samples)),
};

describe.each(Object.entries(VIEWS))('%s', (view, render) => {
  let lines: string[];
  beforeAll(() => {
    lines = render().split(view === 'report --csv' ? '\r\n' : '\n');
  });

  test('has a line for each name, and no character that a terminal obeys', () => {
    expect(lines.length).toBeGreaterThan(HOSTILE.length);
    expect(lines.filter((line) => /[\p{Cc}\p{Cf}\p{Cs}]/u.test(line))).toEqual([]);
  });

  test('holds nothing that a CI job takes for a command', () => {
    // As actions/runner finds them (ActionCommand.cs): `::` in front, `##[` anywhere in a line; and `##vso[` of Azure Pipelines.
    expect(lines.filter((line) => line.trimStart().startsWith('::') || /##\w*\[/.test(line))).toEqual([]);
  });
});
