/** What a gate looks at: the verdicts on versions, of builds or runtimes. */

import type { Verdict } from '../stats/verdict.ts';
import type { Summary, SummaryRow } from './summary.ts';
import { crashedArms, versionComparisons } from './versions.ts';

/** Of each candidate over its baseline, and of what one of the two could not measure. Without a verdict, nothing is known. */
export function gatedVerdicts(summary: Summary): Verdict[] {
  const verdicts = versionComparisons(summary).map(({ verdict }) => verdict ?? 'inconclusive');
  return [
    ...verdicts,
    ...lackingVerdicts(summary),
    ...crashedArms(summary).map(() => 'inconclusive' as const),
  ];
}

/** Of what one side could measure alone, nothing is known: that is no reason to pass. */
function lackingVerdicts({ workloads }: Summary): Verdict[] {
  const place = ({ name, params, implementation }: SummaryRow) =>
    JSON.stringify([name, params, implementation]);
  const measured = new Set(workloads.filter(({ available }) => available).map(place));
  return workloads.filter((row) => !row.available && measured.has(place(row))).map(() => 'inconclusive');
}
