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

/** Below 0 where `a` comes first, above 0 where `b` does. */
type RecordOrder = (a: SortableRecord, b: SortableRecord) => number;

const IMPLEMENTATION_ORDER: readonly string[] = IMPLEMENTATIONS;
const PHASE_ORDER: readonly string[] = ['compile', 'instantiate', 'first', 'steady'];

/**
 * As a run saves: run by run, block by block, fork by fork; then by name, so that tables made of merged files read
 * like those of one run.
 *
 * @param runIds ids of the runs in their order
 */
export function recordOrder(runIds: readonly string[]): RecordOrder {
  const order = placeOrder(runIds);
  return (a, b) => order(a, b) || (a.round?.[0] ?? 0) - (b.round?.[0] ?? 0);
}

/** The same, with all rounds of an arm in one fork, block and phase as equals. */
export function placeOrder(runIds: readonly string[]): RecordOrder {
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
    PHASE_ORDER.indexOf(a.phase ?? '') - PHASE_ORDER.indexOf(b.phase ?? '');
}

/** Numbers by size and before words; words by their code units, which no locale changes. */
export function compareValues(a: number | string, b: number | string): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareParams(a: Params, b: Params): number {
  if (haveSameEntries(a, b)) return 0;
  const [left, right] = [sortedEntries(a), sortedEntries(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareValues(left[i]![0], right[i]![0]) || compareValues(left[i]![1], right[i]![1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Whether they are the same, written in the same order, as those of one arm are: sorting takes longer. */
function haveSameEntries(a: Params, b: Params): boolean {
  const [names, others] = [Object.keys(a), Object.keys(b)];
  return (
    names.length === others.length && names.every((name, i) => name === others[i] && a[name] === b[name])
  );
}

function sortedEntries(params: Params): [string, number | string][] {
  return Object.entries(params).sort(([a], [b]) => compareValues(a, b));
}
