import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { toCsv } from '../../../src/report/export/csv.ts';
import { abDocument, HOSTILE, hostileDocument, reportsOf } from './results.ts';

type Row = Record<string, string>;

const FIGURES = /Per|Ns$|Count$/;

const read = (text: string): Row[] => parse(text, { columns: true, record_delimiter: '\r\n' });

test('each row is a line, with its figures', () => {
  const reports = reportsOf(abDocument());
  const rows = read(toCsv(reports));
  const { workloads } = reports[0]!.summary;
  expect(rows).toHaveLength(workloads.length);
  for (const [i, row] of rows.entries()) {
    const { name, build, nsPerOp, bytesPerSec, latencyNs } = workloads[i]!;
    expect([row.workload, row.build]).toEqual([name, build]);
    expect(Number(row.nsPerOp)).toBe(nsPerOp!.estimate);
    expect(row.payloadBytesPerSec).toBe(bytesPerSec ? String(bytesPerSec.payload) : '');
    expect(row.latencyP50Ns).toBe(latencyNs ? String(latencyNs.p50) : '');
  }
});

test('a row that this machine lacks has its reason and no figures', () => {
  const unavailable = { ...abDocument().series[0]!, implementation: 'native', reason: 'no "cc", none' };
  const { workload, params, implementation, runtime, build, reason } = unavailable;
  const document = abDocument({
    unavailable: [{ workload, params, implementation, runtime, build, reason }],
  });
  const last = read(toCsv(reportsOf(document))).at(-1)!;
  expect([last.implementation, last.nsPerOp, last.reason]).toEqual(['native', '', 'no "cc", none']);
});

test('no spreadsheet takes a name of strangers for a formula, and no name breaks a line', () => {
  const rows = read(toCsv(reportsOf(hostileDocument())));
  expect(rows).toHaveLength(2 * HOSTILE.length + 1);
  for (const [column, value] of rows.flatMap((row) => Object.entries(row))) {
    if (!FIGURES.test(column)) expect(value, column).not.toMatch(/(^|;\s*)[=+\-@\t\r]/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(value, column).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  }
});
