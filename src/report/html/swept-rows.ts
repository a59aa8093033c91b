/** Rows that differ in a size or in offsets alone: what curves are made of. */
import { type Arm, armKey, type Params } from '../../results/samples.ts';
import { armOfRow, type Summary, type SummaryRow } from '../summary.ts';

/** Fewer points are no curve. */
const LEAST_POINTS = 3;
export const OFFSETS = ['srcOffsetBytes', 'dstOffsetBytes'];

export type SweptRow = SummaryRow & { readonly nsPerOp: NonNullable<SummaryRow['nsPerOp']> };

/** One line of a chart. */
export interface Swept {
  /** Without what is swept. */
  readonly arm: Arm;
  readonly rows: readonly SweptRow[];
}

/** Rows that differ in the parameters `names` alone, where there are enough of them. */
export function sweptLines({ workloads }: Summary, names: readonly string[]): Swept[] {
  const rows = workloads.filter(
    (row): row is SweptRow =>
      row.nsPerOp !== null && row.implementation !== 'noop' && typeof row.params.sizeBytes === 'number',
  );
  return [...Map.groupBy(rows, (row) => armKey(without(armOfRow(row), names))).values()]
    .filter((alike) => new Set(alike.map(({ params }) => valuesOf(params, names))).size >= LEAST_POINTS)
    .map((alike) => ({ arm: without(armOfRow(alike[0]!), names), rows: alike }));
}

function valuesOf(params: Params, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => params[name] ?? null));
}

/** Equal for lines that stand in one chart. */
export function workloadKey(arm: Arm): string {
  return armKey({ ...arm, implementation: '', runtime: '', build: '' });
}

export function without(arm: Arm, names: readonly string[]): Arm {
  return { ...arm, params: pick(arm.params, (name) => !names.includes(name)) };
}

export function offsetsOf(params: Params): Params {
  return pick(params, (name) => OFFSETS.includes(name));
}

function pick(params: Params, isWanted: (name: string) => boolean): Params {
  return Object.fromEntries(Object.entries(params).filter(([name]) => isWanted(name)));
}
