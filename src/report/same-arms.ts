/** Which arm of one file is which arm of another. */
import { type Arm, armKey } from '../results/samples.ts';

export interface ArmPair<A extends Arm> {
  readonly kind: 'build' | 'runtime';
  readonly baseline: A;
  readonly candidate: A;
}

export interface PairedArms<A extends Arm> {
  readonly pairs: ArmPair<A>[];
  /** Arms without a counterpart, or with several that it could be. */
  readonly onlyBaseline: A[];
  readonly onlyCandidate: A[];
}

/**
 * Pairs arms of equal workload, parameters and implementation: first those of the same runtime and build, which two
 * runs of one build are; then those of the same build, then of the same runtime, then any, as long as there is only one
 * to choose on either side. noop answers nothing, so it is in no pair.
 */
export function pairSameArms<A extends Arm>(baseline: readonly A[], candidate: readonly A[]): PairedArms<A> {
  const pairs: ArmPair<A>[] = [];
  let onlyBaseline = baseline.filter(isAnswering);
  let onlyCandidate = candidate.filter(isAnswering);
  const keys: ((arm: A) => string)[] = [
    armKey,
    (arm) => armKey({ ...arm, runtime: '' }),
    (arm) => armKey({ ...arm, build: '' }),
    (arm) => armKey({ ...arm, runtime: '', build: '' }),
  ];
  for (const keyOf of keys) {
    const [before, after] = [Map.groupBy(onlyBaseline, keyOf), Map.groupBy(onlyCandidate, keyOf)];
    const isPaired = (arm: A) => before.get(keyOf(arm))?.length === 1 && after.get(keyOf(arm))?.length === 1;
    for (const arm of onlyCandidate.filter(isPaired)) pairs.push(pairOf(before.get(keyOf(arm))![0]!, arm));
    onlyBaseline = onlyBaseline.filter((arm) => !isPaired(arm));
    onlyCandidate = onlyCandidate.filter((arm) => !isPaired(arm));
  }
  const order = new Map(candidate.map((arm, i) => [arm, i]));
  pairs.sort((a, b) => order.get(a.candidate)! - order.get(b.candidate)!);
  return { pairs, onlyBaseline, onlyCandidate };
}

function isAnswering({ implementation }: Arm): boolean {
  return implementation !== 'noop';
}

function pairOf<A extends Arm>(baseline: A, candidate: A): ArmPair<A> {
  const isRuntime = baseline.runtime !== candidate.runtime && baseline.build === candidate.build;
  return { kind: isRuntime ? 'runtime' : 'build', baseline, candidate };
}
