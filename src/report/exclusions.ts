/** What was measured, or meant to be, and left out of every figure. */
import type { Exclusion } from '../results/samples.ts';
import { fullLabel, type LabelContext } from './labels.ts';

/** `1 fork of region-copy 4 KiB and 5 more workloads: ended by SIGKILL`: one for each reason. */
export function exclusionTexts(excluded: readonly Exclusion[], settings: LabelContext): string[] {
  return [...Map.groupBy(excluded, ({ reason }) => reason)].map(([reason, members]) => {
    const [first, ...others] = [
      ...new Set(members.map(({ workload, params }) => fullLabel(workload, params, settings))),
    ];
    const more = others.length === 0 ? '' : ` and ${others.length} more ${plural(others.length, 'workload')}`;
    return `${forksText(members)} of ${first}${more}: ${reason}`;
  });
}

/** `2 forks`, `12 rounds of 2 forks`. */
function forksText(members: readonly Exclusion[]): string {
  const forks = new Set(members.map(({ run, fork }) => `${run ?? ''}/${fork}`)).size;
  const rounds = members.reduce((sum, one) => sum + one.rounds, 0);
  const text = `${forks} ${plural(forks, 'fork')}`;
  return rounds === 0 ? text : `${rounds} ${plural(rounds, 'round')} of ${text}`;
}

function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}
