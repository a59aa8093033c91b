/**
 * Input of benchmark-action/github-action-benchmark: `customSmallerIsBetter` and `customBiggerIsBetter`, a list of
 * `{name, value, unit, range, extra}`. One direction a file, so there are two.
 */
import type { ConditionsReport } from '../by-conditions.ts';
import { jsonText } from '../json-text.ts';
import type { Files } from './files.ts';
import { measuredRows, namedRows } from './named-rows.ts';

interface Entry {
  name: string;
  value: number;
  unit: string;
  /** Half of the interval. */
  range: string;
  extra: string;
}

export function toGithubActionBenchmark(reports: readonly ConditionsReport[]): Files {
  const rows = namedRows(reports, measuredRows);
  const smaller = rows.map(({ name, row }): Entry => {
    const { estimate, low, high } = row.nsPerOp;
    return {
      name,
      value: estimate,
      unit: 'ns/op',
      range: `± ${(high - low) / 2}`,
      extra: extraOf(row.forkCount),
    };
  });
  const bigger = rows.map(({ name, row }): Entry => {
    const { estimate, low, high } = row.nsPerOp;
    const range = `± ${(1e9 / low - 1e9 / high) / 2}`;
    return { name, value: 1e9 / estimate, unit: 'ops/s', range, extra: extraOf(row.forkCount) };
  });
  return new Map([
    ['smaller-is-better.json', jsonText(smaller)],
    ['bigger-is-better.json', jsonText(bigger)],
  ]);
}

function extraOf(forkCount: number): string {
  return `${forkCount} ${forkCount === 1 ? 'process' : 'processes'}`;
}
