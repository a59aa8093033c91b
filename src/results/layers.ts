import type { Arm } from './samples.ts';

/**
 * Arms that are measured to tell what a row's time is made of, and are no rows themselves.
 * `boundary`: the row's calls, into functions that do nothing and cannot be inlined. `harness`: the row's loop, with
 * nothing in it. `copy`: the row's bytes moved straight on the memory. `unchecked`: the row on a build without
 * bounds checks.
 */
export const LAYERS = ['boundary', 'harness', 'copy', 'unchecked'] as const;
export type Layer = (typeof LAYERS)[number];

/** Layer arms that many rows share have one of these for a workload, or the name of the workload whose calls they make. */
export const BATCH_LAYER = 'batch';

/** Which shared layer arms belong to a workload. */
export function sharedLayerOf(workload: string): string {
  return isBatch(workload) ? BATCH_LAYER : workload;
}

/** Whether a workload of ours hands over many accesses in one call. */
export function isBatch(workload: string): boolean {
  return !workload.endsWith('/call');
}

/** What `region-direct` is: the bytes of a region moved straight on the memory. */
export const DIRECT_WORKLOAD = 'region-direct';

/** Whether `other` makes the same moves as `row`, straight on the memory. Runtime, build and implementation aside. */
export function isDirectCounterpart(
  other: Pick<Arm, 'workload' | 'params'>,
  row: Pick<Arm, 'workload' | 'params'>,
): boolean {
  const operation = /^region-(read|write|copy|fill)(?:\/batch)?$/.exec(row.workload)?.[1];
  if (operation === undefined || other.workload !== DIRECT_WORKLOAD || other.params.operation !== operation)
    return false;
  const names = new Set([...Object.keys(row.params), ...Object.keys(other.params)]);
  names.delete('operation');
  return [...names].every((name) => row.params[name] === other.params[name]);
}
