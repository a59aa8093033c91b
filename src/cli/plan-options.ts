/** Options that every measuring command has, and what of a run's plan follows from them. */
import { randomUUID } from 'node:crypto';
import { DEFAULT_SEED } from '../measure/prepare-arm.ts';
import type { RunPlan } from '../run/run-workloads.ts';
import { parseCount, parsePercent } from '../units.ts';
import { parseRuntimes } from './runtime-option.ts';
import { version } from './version.ts';

export interface PlanFlags {
  readonly forks?: string;
  readonly margin?: string;
  readonly runtime?: string;
  readonly seed?: string;
}

const DEFAULT_FORKS = 12;
const MAX_FORKS = 1000;
export const DEFAULT_MARGIN = 0.01;
/** Plenty, and every seed derived from it is exact. */
const MAX_SEED = 2 ** 32;
const SILENCE_MS = 60_000;

export type PlanOptions = Pick<
  RunPlan,
  'id' | 'looks' | 'margin' | 'runtimes' | 'seed' | 'silenceMs' | 'version'
>;

/** @throws UsageError that says which option was given what, and what was expected */
export function planOptions({ forks, margin, runtime, seed }: PlanFlags): PlanOptions {
  const most = forks === undefined ? DEFAULT_FORKS : parseCount(forks, '--forks', { min: 1, max: MAX_FORKS });
  return {
    id: randomUUID(),
    looks: plannedLooks(most),
    margin: margin === undefined ? DEFAULT_MARGIN : parsePercent(margin, '--margin'),
    runtimes: parseRuntimes(runtime),
    seed: seed === undefined ? DEFAULT_SEED : parseCount(seed, '--seed', { min: 1, max: MAX_SEED }),
    silenceMs: SILENCE_MS,
    version: version(),
  };
}

function plannedLooks(most: number): number[] {
  return [...new Set([1 / 3, 1 / 2, 3 / 4, 1].map((share) => Math.ceil(share * most)))];
}
