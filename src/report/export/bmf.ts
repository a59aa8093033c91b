/**
 * Bencher Metric Format (bencher.dev, "Bencher Metric Format (BMF) JSON"): benchmark, measure, value with its limits.
 * `latency` is in nanoseconds, `throughput` in operations per second: Bencher's own two measures.
 */
import type { ConditionsReport } from '../by-conditions.ts';
import { jsonText } from '../json-text.ts';
import { measuredRows, namedRows } from './named-rows.ts';

interface Metric {
  value: number;
  lower_value: number;
  upper_value: number;
}

type Bmf = Record<string, { latency: Metric; throughput: Metric }>;

export function toBmf(reports: readonly ConditionsReport[]): string {
  const entries = namedRows(reports, measuredRows).map(({ name, row }): [string, Bmf[string]] => {
    const { estimate, low, high } = row.nsPerOp;
    const latency = { value: estimate, lower_value: low, upper_value: high };
    const throughput = { value: 1e9 / estimate, lower_value: 1e9 / high, upper_value: 1e9 / low };
    return [name, { latency, throughput }];
  });
  return jsonText(Object.fromEntries(entries));
}
