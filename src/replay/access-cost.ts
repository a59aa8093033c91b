/** What the accesses of a log cost, in the core alone: neither parsing nor comparing is timed. */

import { BATCH_ACCESSES, type ServedDevice } from '../vfio-user/served-device.ts';
import type { LogAccess } from '../workload/log-line.ts';
import { putSmall } from './replayer.ts';

/** Enough for any guest's boot, and few enough to be kept. */
export const MOST_TIMED_ACCESSES = 65_536;
/** The first ones are those in which V8 optimises. */
const WARM_UP_MS = 150;
const TIMED_MS = 300;
const LEAST_PASSES = 5;

export interface AccessCost {
  /** Median of the passes. */
  readonly nsPerAccess: number;
  readonly passes: number;
  /** Of one pass. */
  readonly accesses: number;
}

/** Replays the accesses again and again, each pass after a reset; null where there are none. Changes what the device's memory holds. */
export function accessCost(device: ServedDevice, accesses: readonly LogAccess[]): AccessCost | null {
  if (accesses.length === 0) return null;
  const warm = performance.now();
  while (performance.now() - warm < WARM_UP_MS) passNs(device, accesses);
  const passes: number[] = [];
  const start = performance.now();
  while (passes.length < LEAST_PASSES || performance.now() - start < TIMED_MS) {
    passes.push(passNs(device, accesses) / accesses.length);
  }
  passes.sort((a, b) => a - b);
  return {
    nsPerAccess: passes[passes.length >> 1]!,
    passes: passes.length,
    accesses: accesses.length,
  };
}

/** Nanoseconds within batches. */
function passNs(device: ServedDevice, accesses: readonly LogAccess[]): number {
  device.reset();
  let ms = 0;
  for (let first = 0; first < accesses.length; first += BATCH_ACCESSES) {
    const batch = accesses.slice(first, first + BATCH_ACCESSES);
    batch.forEach((access, i) => {
      putSmall(device, i, access);
    });
    const start = performance.now();
    device.runSmall(batch.length);
    ms += performance.now() - start;
  }
  return ms * 1e6;
}
