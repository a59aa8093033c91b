import type { Trial, TrialComparison } from '../../src/results/trials.ts';

type Verdict = TrialComparison['verdict'];

/** A comparison of wasm with its twin, with `changes` applied. */
export function trialComparison(changes: Partial<TrialComparison> = {}): TrialComparison {
  return {
    kind: 'build',
    workload: 'config-read/batch',
    params: { widthBytes: 4, mix: 'header' },
    candidate: 'wasm B b1',
    baseline: 'wasm A b1',
    ratio: { estimate: 1.001, low: 0.998, high: 1.004 },
    verdict: 'same',
    forkCount: 6,
    tinybench: { fork: { welch: true, apart: false }, all: { welch: true, apart: true } },
    ...changes,
  };
}

/** A trial with these verdicts, with `changes` applied. */
export function trial(verdicts: readonly Verdict[], changes: Partial<Trial> = {}): Trial {
  return {
    schema: 'barometer/trial/1',
    experiment: 'aa',
    variant: 'idle 1%',
    createdAt: '2026-11-22T15:30:12.000Z',
    seed: 1,
    margin: 0.01,
    looks: [4, 6, 9, 12],
    durationMs: 4000,
    comparisons: verdicts.map((verdict) => trialComparison({ verdict })),
    ...changes,
  };
}
