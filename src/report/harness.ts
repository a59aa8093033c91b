/** What measuring adds to rows that are measured in batches: the loop that calls them, with nothing behind its calls. */
import { BATCH_LAYER, sharedLayerOf } from '../results/layers.ts';
import type { Params, SamplesDocument, Settings } from '../results/samples.ts';
import { median } from '../stats/median.ts';
import { fullLabel } from './labels.ts';
import { type MeasuredArm, measuredArms } from './measured-arm.ts';

/** Share of a batched row's time that the loop around it may take. The clock has its own limit (calibrate-batch.ts). */
const MAX_SHARE = 0.01;

export interface HarnessShare {
  readonly workload: string;
  readonly params: Params;
  readonly implementation: string;
  readonly share: number;
}

/**
 * Batched rows by the share that their calls would take if nothing answered, the largest first: time of a call of
 * `noop/call` on noop over that of a batch. Empty where `noop/call` was not measured.
 */
export function harnessShares({ series }: Pick<SamplesDocument, 'series'>): HarnessShare[] {
  const arms = measuredArms(series);
  const empty = arms.find(
    ({ workload, implementation }) => workload === 'noop/call' && implementation === 'noop',
  );
  if (!empty) return [];
  const callNs = nsOf(empty);
  return arms
    .filter(({ workload, series: [first] }) => isBatch(workload) && (first!.callsPerOp ?? 0) > 0)
    .map((arm) => {
      const { workload, params, implementation } = arm;
      const share = (callNs * arm.series[0]!.callsPerOp!) / nsOf(arm);
      return { workload, params, implementation, share };
    })
    .sort((a, b) => b.share - a.share);
}

export function exceedsHarness(shares: readonly HarnessShare[]): boolean {
  return shares.some(({ share }) => share > MAX_SHARE);
}

/** `loop around batches: at most 0.06% (bar-size cloud-hypervisor, native) of 130 rows; promised is 1.00%`. */
export function harnessLine(shares: readonly HarnessShare[], settings: Pick<Settings, 'policy'>): string {
  const largest = shares[0];
  if (!largest) return 'loop around batches: not measured, for want of noop/call on noop';
  const name = `${fullLabel(largest.workload, largest.params, settings)}, ${largest.implementation}`;
  return (
    `loop around batches: at most ${percent(largest.share)} (${name}) of ${shares.length} rows; ` +
    `promised is ${percent(MAX_SHARE)}`
  );
}

function nsOf({ rounds }: MeasuredArm): number {
  return median(rounds.map(({ durationNs, operations }) => durationNs / operations));
}

function isBatch(workload: string): boolean {
  return sharedLayerOf(workload) === BATCH_LAYER && !workload.startsWith('noop/');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
