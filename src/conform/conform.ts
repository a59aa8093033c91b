import { unavailableReason } from '../device/availability.ts';
import { UsageError } from '../errors.ts';
import type { Implementation } from '../types.ts';
import { isInCore, runFunction } from './functions.ts';
import { type Mismatch, runVector } from './run-vector.ts';
import { prepare, type Runnable } from './runnable.ts';
import { SUITE } from './suite/suite.ts';
import type { Vector } from './vectors.ts';

/** Who answers for a vector; `shared`: a function that every implementation relies on. */
export type Subject = Implementation | 'shared';

/** Who a report is of; `served`: a device that somebody serves, which answers for checks. */
export type Reported = Subject | 'served';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface ConformanceFailure extends Mismatch {
  readonly id: string;
  readonly implementation: Reported;
}

export interface ConformanceSkip {
  readonly id: string;
  readonly implementation: Reported;
  readonly reason: string;
}

/** What `conform --json` prints. The totals are over all implementations; a vector counts once in each. */
export interface ConformanceReport extends Tally {
  readonly implementations: Readonly<Partial<Record<Reported, Tally>>>;
  readonly failures: readonly ConformanceFailure[];
  readonly skips: readonly ConformanceSkip[];
}

export interface ConformanceOptions {
  readonly implementations: readonly Implementation[];
  /** Vectors to run; without them the built-in suite runs. */
  readonly vectors?: readonly Vector[];
}

/**
 * Runs conformance vectors on each implementation. One that this machine cannot run skips them all. A vector that
 * contradicts itself, or calls a function with arguments of a form that is not known, is skipped with the reason.
 */
export function runConformance({ implementations, vectors }: ConformanceOptions): ConformanceReport {
  const tallies: Partial<Record<Subject, { passed: number; failed: number; skipped: number }>> = {};
  const failures: ConformanceFailure[] = [];
  const skips: ConformanceSkip[] = [];
  for (const implementation of implementations)
    tallies[implementation] = { passed: 0, failed: 0, skipped: 0 };
  tallies.shared = { passed: 0, failed: 0, skipped: 0 };
  const reasons = new Map<Subject, string | null>(
    implementations.map((implementation) => [implementation, unavailableReason(implementation)]),
  );

  for (const runnable of vectors?.map(prepare) ?? SUITE) {
    for (const subject of subjectsOf(runnable, implementations)) {
      const tally = tallies[subject]!;
      const unavailable = reasons.get(subject);
      const outcome =
        unavailable && runnable.kind !== 'skipped'
          ? { reason: `${subject} is not available: ${unavailable}` }
          : run(runnable, subject);
      if (outcome && 'reason' in outcome) {
        tally.skipped++;
        skips.push({ id: runnable.id, implementation: subject, reason: outcome.reason });
        continue;
      }
      if (outcome) failures.push({ id: runnable.id, implementation: subject, ...outcome });
      tally[outcome ? 'failed' : 'passed']++;
    }
  }
  const total = (field: keyof Tally) => Object.values(tallies).reduce((sum, tally) => sum + tally[field], 0);
  return {
    passed: total('passed'),
    failed: total('failed'),
    skipped: total('skipped'),
    implementations: tallies,
    failures,
    skips,
  };
}

/** Functions run once, and on each implementation that has them in its core; everything else on each. */
function subjectsOf(runnable: Runnable, implementations: readonly Implementation[]): readonly Subject[] {
  if (runnable.kind === 'device') return implementations;
  if (runnable.kind === 'skipped') return runnable.subjects === 'shared' ? ['shared'] : implementations;
  return runnable.calls.every((call) => isInCore(call.fn)) ? ['shared', ...implementations] : ['shared'];
}

function run(runnable: Runnable, subject: Subject): Mismatch | { readonly reason: string } | null {
  if (runnable.kind === 'skipped') return runnable;
  if (runnable.kind === 'device')
    return runVector(runnable.variants, runnable.ops, subject as Implementation);
  try {
    for (const call of runnable.calls) {
      const mismatch = runFunction(call, subject, `vector ${runnable.id}`);
      if (mismatch) return mismatch;
    }
    return null;
  } catch (error) {
    if (error instanceof UsageError) return { reason: error.message };
    throw error;
  }
}
