/** Latencies of each row as a log of HdrHistogram (format 1.2), which its log readers and plotters take. */
import { encodeHdr } from '../../histogram/hdr.ts';
import { armKey } from '../../results/samples.ts';
import type { ConditionsReport } from '../by-conditions.ts';
import { latencyHistograms } from '../latency.ts';
import { plainText } from '../plain-text.ts';
import { armOfRow } from '../summary.ts';
import type { Files } from './files.ts';
import { namedRows } from './named-rows.ts';

const COLUMNS = '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"';
const NS_PER_MS = 1e6;

/** One file for each row whose operations were timed one by one, named after it. */
export function toHdrLogs(reports: readonly ConditionsReport[]): Files {
  const histograms = new Map(
    reports.map((report) => [report, latencyHistograms(report.samples.latencies ?? [])]),
  );
  const taken = new Set<string>();
  const files = namedRows(reports, (rows) => rows).flatMap(({ name, row, report }): [string, string][] => {
    const histogram = histograms.get(report)!.get(armKey(armOfRow(row)));
    if (histogram === undefined) return [];
    const start = Date.parse(report.summary.createdAt) / 1000;
    const text = [
      `#[Latencies of ${plainText(name)}, nanoseconds]`,
      '#[Histogram log format version 1.2]',
      `#[StartTime: ${start} (seconds since epoch)]`,
      COLUMNS,
      `0.000,1.000,${histogram.max / NS_PER_MS},${encodeHdr(histogram)}`,
      '',
    ].join('\n');
    return [[fileName(name, taken), text]];
  });
  return new Map(files);
}

/** Letters, digits, dots and dashes: no path, no shell and no file system makes anything else of it. */
function fileName(name: string, taken: Set<string>): string {
  const stem =
    name
      .replace(/[^A-Za-z0-9.]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, MOST_CHARACTERS) || 'row';
  let file = `${stem}.hlog`;
  for (let n = 2; taken.has(file.toLowerCase()); n++) file = `${stem}-${n}.hlog`;
  taken.add(file.toLowerCase());
  return file;
}

const MOST_CHARACTERS = 150;
