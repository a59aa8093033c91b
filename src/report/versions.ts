/** Versions of one thing held against each other: builds, or runtimes. */
import type { Comparison, Summary } from './summary.ts';

/** Those that say what a change of the code, or of the runtime, has done. */
export function versionComparisons({ comparisons }: Pick<Summary, 'comparisons'>): Comparison[] {
  return comparisons.filter(({ kind }) => kind === 'build' || kind === 'runtime');
}
