/** From options to the plan of a run. */
import { randomUUID } from 'node:crypto';
import { fingerprint } from '../measure/fingerprint.ts';
import type { Settings } from '../results/samples.ts';
import type { Implementation } from '../types.ts';
import type { GroupPlan } from './group-plan.ts';
import type { RunPlan } from './run-workloads.ts';

/** Most forks of a group where nothing says otherwise: enough to tell a few percent apart on a quiet machine. */
export const USUAL_FORKS = 18;
/** Time per workload where they are named one by one. */
export const MS_PER_WORKLOAD = 3000;
/** Time in which two versions of one function can be told apart, or be called the same. */
export const MS_PER_PAIR = 10_000;
/** Longer than any pass takes. */
export const SILENCE_MS = 60_000;

export interface PlanOptions extends Pick<RunPlan, 'looks' | 'runtimes' | 'seed' | 'silenceMs'> {
  /** Share within which a ratio counts as the same. */
  readonly margin: number;
}

/** What is recorded of a run beside its options. */
export interface RunFacts {
  readonly createdAt: Date;
  readonly budgetMs: number;
  readonly implementations: readonly Implementation[];
  /** Device, policy, suite, and whatever else a command wants on record. */
  readonly settings: Pick<Settings, 'device' | 'policy' | 'suite'> & Readonly<Record<string, unknown>>;
}

/** Of runs of modules alone. */
export const NO_DEVICE: RunFacts['settings'] = { device: null, policy: null, suite: null };

export function planRun(
  { margin, ...options }: PlanOptions,
  groups: readonly GroupPlan[],
  facts: RunFacts,
): RunPlan {
  const { createdAt, budgetMs, implementations, settings } = facts;
  const { seed, looks, runtimes } = options;
  return {
    ...options,
    groups,
    budgetMs,
    head: {
      id: randomUUID(),
      createdAt: createdAt.toISOString(),
      settings: {
        seed,
        ...settings,
        budgetMs,
        margin,
        looks: [...looks],
        runtimes: runtimes.map(({ label }) => label),
      },
      fingerprint: fingerprint(implementations),
    },
  };
}
