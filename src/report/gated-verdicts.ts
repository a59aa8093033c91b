/** What a gate looks at: the verdicts on versions, of builds or runtimes. */

import { armKey } from '../results/samples.ts';
import type { Verdict } from '../stats/verdict.ts';
import { armOfRow, type Summary, type SummaryRow } from './summary.ts';
import { versionComparisons } from './versions.ts';

/** Of each candidate over its baseline, and of what one of the two could not measure. Without a verdict, nothing is known. */
export function gatedVerdicts(summary: Summary): Verdict[] {
  const verdicts = versionComparisons(summary).map(({ verdict }) => verdict ?? 'inconclusive');
  return [...verdicts, ...lackingVerdicts(summary), ...crashedVerdicts(summary)];
}

/** Of what one side could measure alone, nothing is known: that is no reason to pass. */
function lackingVerdicts({ workloads }: Summary): Verdict[] {
  const place = ({ name, params, implementation }: SummaryRow) =>
    JSON.stringify([name, params, implementation]);
  const measured = new Set(workloads.filter(({ available }) => available).map(place));
  return workloads.filter((row) => !row.available && measured.has(place(row))).map(() => 'inconclusive');
}

/** Of arms that were meant to be measured and never were: each of their forks crashed, hung or threw. */
function crashedVerdicts({ workloads, excluded }: Summary): Verdict[] {
  const listed = new Set(workloads.map((row) => armKey(armOfRow(row))));
  const crashed = new Set(excluded.map(armKey).filter((key) => !listed.has(key)));
  return [...crashed].map(() => 'inconclusive');
}
