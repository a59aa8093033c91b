/** Options that every measuring command has, and what of a run's plan follows from them. */
import { randomUUID } from 'node:crypto';
import { fingerprint } from '../measure/fingerprint.ts';
import { DEFAULT_SEED } from '../measure/prepare-arm.ts';
import type { Settings } from '../results/samples.ts';
import type { GroupPlan } from '../run/group-plan.ts';
import type { RunPlan } from '../run/run-workloads.ts';
import { planLooks } from '../stats/looks.ts';
import { DEFAULT_MARGIN } from '../stats/verdict.ts';
import type { Implementation } from '../types.ts';
import { parseCount, parsePercent } from '../units.ts';
import { parseRuntimes } from './runtime-option.ts';

export interface PlanFlags {
  readonly forks?: string;
  readonly margin?: string;
  readonly runtime?: string;
  readonly seed?: string;
}

const DEFAULT_FORKS = 18;
const MAX_FORKS = 1000;
/** Plenty, and every seed derived from it is exact. */
const MAX_SEED = 2 ** 32;
const SILENCE_MS = 60_000;

export interface PlanOptions extends Pick<RunPlan, 'looks' | 'runtimes' | 'seed' | 'silenceMs'> {
  readonly margin: number;
}

/**
 * @param usualForks most forks of a group where `--forks` does not say
 * @throws UsageError that says which option was given what, and what was expected
 */
export function planOptions(
  { forks, margin, runtime, seed }: PlanFlags,
  usualForks = DEFAULT_FORKS,
): PlanOptions {
  const most = forks === undefined ? usualForks : parseCount(forks, '--forks', { min: 1, max: MAX_FORKS });
  return {
    looks: planLooks(most),
    margin: margin === undefined ? DEFAULT_MARGIN : parsePercent(margin, '--margin'),
    runtimes: parseRuntimes(runtime),
    seed: seed === undefined ? DEFAULT_SEED : parseCount(seed, '--seed', { min: 1, max: MAX_SEED }),
    silenceMs: SILENCE_MS,
  };
}

/** What is recorded of a run beside its options. */
export interface RunFacts {
  readonly createdAt: Date;
  readonly budgetMs: number;
  readonly implementations: readonly Implementation[];
  /** Device, policy, suite, and whatever else a command wants on record. */
  readonly settings: Pick<Settings, 'device' | 'policy' | 'suite'> & Readonly<Record<string, unknown>>;
}

export function planRun(
  { margin, ...options }: PlanOptions,
  groups: readonly GroupPlan[],
  facts: RunFacts,
): RunPlan {
  const { createdAt, budgetMs, implementations, settings } = facts;
  const { seed, looks } = options;
  return {
    ...options,
    groups,
    budgetMs,
    head: {
      id: randomUUID(),
      createdAt: createdAt.toISOString(),
      settings: { seed, ...settings, budgetMs, margin, looks: [...looks] },
      fingerprint: fingerprint(implementations),
    },
  };
}
