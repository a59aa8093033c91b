/** Runs of identical arms, one after the other, as long as there is time. */
import type { SamplesDocument } from '../results/samples.ts';
import { type Progress, type RunPlan, runWorkloads } from './run-workloads.ts';

export interface CalibrationPlan {
  /** Time of all runs together. The first one is made as a whole, whatever the budget. */
  readonly budgetMs: number;
  /** The run of a number. */
  readonly planOf: (idx: number) => RunPlan;
}

export interface CalibrationHooks {
  readonly progress: (progress: Progress) => void;
  /** Ends the calibration at the next sample; what was measured is kept. */
  readonly signal: AbortSignal;
}

export interface Calibrated {
  readonly runs: SamplesDocument[];
  /** Why it ended early: a fork failed. What was measured before holds. */
  readonly failure: Error | null;
}

/**
 * Runs of one plan with all forks, so that every look of every comparison can be read afterwards with any margin.
 */
export async function calibrate(plan: CalibrationPlan, hooks: CalibrationHooks): Promise<Calibrated> {
  const start = performance.now();
  const leftMs = () => plan.budgetMs - (performance.now() - start);
  const runs: SamplesDocument[] = [];
  let longestMs = 0;
  // A run that does not fit would be cut short, and so tell of other runs than those that come later.
  while (!hooks.signal.aborted && (runs.length === 0 || leftMs() > longestMs)) {
    const begin = performance.now();
    const { samples, failures } = await runWorkloads(plan.planOf(runs.length), {
      progress: (state) => hooks.progress({ ...state, leftMs: Math.max(0, leftMs()) }),
      save: () => {},
      signal: hooks.signal,
      undecided: everyBlock,
    });
    if (failures.length > 0) return { runs, failure: failures[0]! };
    // Nothing can be measured here: another try would find no more.
    if (samples.series.length === 0) break;
    runs.push(samples);
    longestMs = Math.max(longestMs, performance.now() - begin);
  }
  return { runs, failure: null };
}

/** No group ends early. */
function everyBlock({ series }: SamplesDocument): Set<number> {
  return new Set(series.map(({ block }) => block));
}
