/** What measuring adds to rows that are measured in batches: the loop that calls them, and the way there and back. */
import { isBatch } from '../results/layers.ts';
import type { Settings } from '../results/samples.ts';
import { formatNs } from '../units.ts';
import { fullLabel } from './labels.ts';
import type { Share } from './shares.ts';
import type { StackRow } from './stack.ts';

/** Share of a batched row's time that its calls may take. The clock has its own limit (calibrate-batch.ts). */
const MAX_CALL_SHARE = 0.01;

/** Share of one reading of the clock, of which every latency holds one, that counting it may take. */
const MAX_RECORD_SHARE = 0.5;

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

/** What counting one latency and reading the clock once cost in this process, in nanoseconds. */
export interface RecordCost {
  readonly recordNs: number;
  readonly readingNs: number;
}

export function exceedsRecord({ recordNs, readingNs }: RecordCost): boolean {
  return recordNs > MAX_RECORD_SHARE * readingNs;
}

/** `counting a latency takes 8.2 ns, a reading of the clock 58 ns; promised is half of it`. */
export function recordLine({ recordNs, readingNs }: RecordCost): string {
  return (
    `counting a latency takes ${formatNs(recordNs)}, a reading of the clock ${formatNs(readingNs)}; ` +
    'promised is half of that'
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
