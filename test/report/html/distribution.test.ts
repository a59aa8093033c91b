import { expect, test } from 'vitest';
import { encodeHdr } from '../../../src/histogram/hdr.ts';
import { Histogram } from '../../../src/histogram/histogram.ts';
import { toHtml } from '../../../src/report/html/page.ts';
import { arm, samplesDocument, series } from '../../results/document.ts';
import { reportsOf } from '../export/results.ts';

/** A page of `count` operations that were timed one by one. */
function pageOf(count: number): string {
  const histogram = Histogram.create();
  for (let i = 1; i <= count; i++) histogram.record(i);
  const latencies = [{ ...arm, fork: 0, count, histogram: encodeHdr(histogram) }];
  return toHtml(reportsOf(samplesDocument({ series: [series(arm)], unavailable: [], latencies })));
}

test.each([
  [999, '99.5%', '99.9%'],
  [1_000, '99.9%', '99.95%'],
  [10_000, '99.99%', '99.999%'],
  [100_000, '99.999%', null],
])('of %d operations, percentiles are drawn that one operation is beyond', (count, last, next) => {
  const page = pageOf(count);
  expect(page).toContain(`, ${last}: `);
  if (next !== null) expect(page).not.toContain(`, ${next}: `);
});
