/** One order of the records of a document, whatever files they came from. */
import { IMPLEMENTATIONS } from '../types.ts';
import type { Arm, Params, Phase } from './samples.ts';

/** A record of any list. What a list does not have counts as equal. */
export interface SortableRecord extends Arm {
  readonly run?: string | undefined;
  readonly fork?: number;
  readonly block?: number;
  readonly phase?: Phase;
  readonly round?: readonly number[];
}

const IMPLEMENTATION_ORDER: readonly string[] = IMPLEMENTATIONS;
const PHASE_ORDER: readonly string[] = ['compile', 'instantiate', 'first', 'steady'];

/**
 * As a run saves: run by run, block by block, fork by fork; then by name, so that tables made of merged files read
 * like those of one run.
 *
 * @param runIds ids of the runs in their order
 */
export function recordOrder(runIds: readonly string[]): (a: SortableRecord, b: SortableRecord) => number {
  const runIdx = new Map(runIds.map((id, i) => [id, i]));
  const numberOf = ({ run = '' }: SortableRecord) => runIdx.get(run) ?? -1;
  return (a, b) =>
    numberOf(a) - numberOf(b) ||
    (a.block ?? 0) - (b.block ?? 0) ||
    (a.fork ?? 0) - (b.fork ?? 0) ||
    compareValues(a.workload, b.workload) ||
    compareParams(a.params, b.params) ||
    IMPLEMENTATION_ORDER.indexOf(a.implementation) - IMPLEMENTATION_ORDER.indexOf(b.implementation) ||
    compareValues(a.implementation, b.implementation) ||
    compareValues(a.runtime, b.runtime) ||
    compareValues(a.build, b.build) ||
    compareValues(a.layer ?? '', b.layer ?? '') ||
    PHASE_ORDER.indexOf(a.phase ?? '') - PHASE_ORDER.indexOf(b.phase ?? '') ||
    (a.round?.[0] ?? 0) - (b.round?.[0] ?? 0);
}

/** Numbers by size and before words; words by their code units, which no locale changes. */
export function compareValues(a: number | string, b: number | string): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareParams(a: Params, b: Params): number {
  const [left, right] = [sortedEntries(a), sortedEntries(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareValues(left[i]![0], right[i]![0]) || compareValues(left[i]![1], right[i]![1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function sortedEntries(params: Params): [string, number | string][] {
  return Object.entries(params).sort(([a], [b]) => compareValues(a, b));
}
