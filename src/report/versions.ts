/** Versions of one thing held against each other, builds or runtimes, and what stands in the way of it. */
import { armKey, type Exclusion } from '../results/samples.ts';
import { armOfRow, type Comparison, type Summary } from './summary.ts';

/** Those that say what a change of the code, or of the runtime, has done. */
export function versionComparisons({ comparisons }: Pick<Summary, 'comparisons'>): Comparison[] {
  return comparisons.filter(({ kind }) => kind === 'build' || kind === 'runtime');
}

/** Arms that were meant to be measured and never were: each of their forks crashed, hung or threw. The last one says how. */
export function crashedArms({ workloads, excluded }: Pick<Summary, 'workloads' | 'excluded'>): Exclusion[] {
  const listed = new Set(workloads.map((row) => armKey(armOfRow(row))));
  const crashed = excluded.filter((arm) => !listed.has(armKey(arm)));
  return [...new Map(crashed.map((arm) => [armKey(arm), arm])).values()];
}
