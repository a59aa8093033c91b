/** What measuring adds to rows that are measured in batches: the loop that calls them, and the way there and back. */
import { isBatch } from '../results/layers.ts';
import type { Settings } from '../results/samples.ts';
import { fullLabel } from './labels.ts';
import type { Share } from './shares.ts';
import type { StackRow } from './stack.ts';

/** Share of a batched row's time that its calls may take. The clock has its own limit (calibrate-batch.ts). */
const MAX_CALL_SHARE = 0.01;

export interface CallCost {
  readonly row: StackRow;
  readonly share: Share;
}

/** Batched rows whose calls were measured, the dearest first. Code that V8 inlines has none. */
export function callCosts(stacks: readonly StackRow[]): CallCost[] {
  return stacks
    .filter(({ workload }) => isBatch(workload))
    .flatMap((row) => {
      const share = row.stack.boundary;
      return share === null || share.high === 0 ? [] : [{ row, share }];
    })
    .sort((a, b) => b.share.share - a.share.share);
}

export function exceedsHarness(costs: readonly CallCost[]): boolean {
  return costs.some(({ share }) => share.share > MAX_CALL_SHARE);
}

/** `calls of batches take at most 0.53% (region-io read, 8 B, native; 0.51% to 0.55%) of 84 rows; promised is 1.00%`. */
export function harnessLine(costs: readonly CallCost[], settings: Pick<Settings, 'policy'>): string {
  const dearest = costs[0];
  if (!dearest) return 'calls of batches: not measured';
  const { row, share } = dearest;
  const name = `${fullLabel(row.workload, row.params, settings)}, ${row.implementation}`;
  const interval = `${percent(share.low)} to ${percent(share.high)}`;
  return (
    `calls of batches take at most ${percent(share.share)} (${name}; ${interval}) of ${costs.length} rows; ` +
    `promised is ${percent(MAX_CALL_SHARE)}`
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
