/** One run of an experiment, with the verdicts that it ends with. */
import { tinybenchStatistics } from '../measure/tinybench-statistics.ts';
import { type Comparison, compareArms } from '../report/comparisons.ts';
import { type MeasuredArm, measuredArms } from '../report/measured-arm.ts';
import { armKey, type SamplesDocument } from '../results/samples.ts';
import type { Trial, TrialComparison } from '../results/trials.ts';
import { timesOf } from '../stats/estimate.ts';
import { DEFAULT_MARGIN } from '../stats/verdict.ts';
import { welchPValue } from '../stats/welch.ts';
import { type Progress, type RunPlan, runWorkloads } from './run-workloads.ts';

/** The level at which tinybench's intervals are made. */
const TINYBENCH_LEVEL = 0.05;

export interface TrialHooks {
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

export interface TrialPlan extends RunPlan {
  /** Kinds of comparisons that the trial is about, and that decide when it has an end. */
  readonly kinds: readonly Comparison['kind'][];
}

/**
 * Makes the run with the whole procedure: forks, looks at which decided groups are left out, verdicts.
 * @throws where a fork failed
 */
export async function runTrial(
  plan: TrialPlan,
  hooks: TrialHooks,
): Promise<Pick<Trial, 'durationMs' | 'comparisons'>> {
  const start = performance.now();
  const { samples, failures } = await runWorkloads(plan, {
    ...hooks,
    save: () => {},
    undecided: (document) => openBlocks(document, plan.kinds),
  });
  const durationMs = performance.now() - start;
  if (failures.length > 0) throw failures[0]!;
  const arms = new Map(measuredArms(samples.series).map((arm) => [armKey(arm), arm]));
  const comparisons = comparisonsOf(samples, plan.kinds).map((comparison): TrialComparison => {
    const { kind, candidate, baseline, ratio, verdict, forkCount } = comparison;
    const pair = [candidate, baseline].map((arm) => arms.get(armKey(arm))!) as [MeasuredArm, MeasuredArm];
    return {
      kind,
      workload: candidate.workload,
      params: candidate.params,
      candidate: `${candidate.implementation} ${candidate.build}`,
      baseline: `${baseline.implementation} ${baseline.build}`,
      ratio,
      verdict,
      forkCount,
      tinybench: kind === 'build' ? tinybenchVerdicts(...pair) : null,
    };
  });
  return { durationMs, comparisons };
}

function comparisonsOf({ series, settings }: SamplesDocument, kinds: TrialPlan['kinds']): Comparison[] {
  return compareArms(measuredArms(series), settings).filter(({ kind }) => kinds.includes(kind));
}

function openBlocks(samples: SamplesDocument, kinds: TrialPlan['kinds']): Set<number> {
  const open = comparisonsOf(samples, kinds).filter(
    ({ verdict }) => verdict === null || verdict === 'inconclusive',
  );
  const keys = new Set(open.flatMap(({ baseline, candidate }) => [armKey(baseline), armKey(candidate)]));
  return new Set(samples.series.filter((one) => keys.has(armKey(one))).map(({ block }) => block));
}

function tinybenchVerdicts(candidate: MeasuredArm, baseline: MeasuredArm): TrialComparison['tinybench'] {
  const first = Math.min(...candidate.series.map(({ fork }) => fork));
  const ofFirst = ({ series }: MeasuredArm) => series.filter(({ fork }) => fork === first).flatMap(timesOf);
  const [ofCandidate, ofBaseline] = [ofFirst(candidate), ofFirst(baseline)];
  if (ofCandidate.length < 2 || ofBaseline.length < 2) return null;
  return {
    fork: callsDifferent(ofCandidate, ofBaseline),
    all: callsDifferent(candidate.series.flatMap(timesOf), baseline.series.flatMap(timesOf)),
  };
}

/**
 * tinybench prints a mean and its margin of error, and no verdict; what people do with it is look whether two intervals
 * overlap, or test the means with its standard errors.
 */
function callsDifferent(candidateTimes: readonly number[], baselineTimes: readonly number[]) {
  const [a, b] = [tinybenchStatistics(candidateTimes), tinybenchStatistics(baselineTimes)];
  return {
    welch: welchPValue(a, b) < TINYBENCH_LEVEL,
    apart: Math.abs(a.mean - b.mean) > a.moe + b.moe,
  };
}

/** The head of the line, from the settings of the run. */
export function trialFacts({
  head,
  looks,
  seed,
}: RunPlan): Pick<Trial, 'createdAt' | 'seed' | 'margin' | 'looks'> {
  const { createdAt, settings } = head;
  return { createdAt, seed, margin: settings.margin ?? DEFAULT_MARGIN, looks: [...looks] };
}
