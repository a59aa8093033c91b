/** Which arms are worth holding against each other. Rules over names and parameters; no figures. */
import type { Arm, Params } from '../results/samples.ts';

/** In the order in which comparisons are listed. */
const COMPARISON_KINDS = [
  'implementation',
  'build',
  'runtime',
  'emulation',
  'sparse',
  'alignment',
  'call',
] as const;
export type ComparisonKind = (typeof COMPARISON_KINDS)[number];

/** Two arms of one comparison; the ratio is candidate time over baseline time. */
export interface Pair<A extends Arm> {
  kind: ComparisonKind;
  baseline: A;
  candidate: A;
}

/** Tells the baselines of a candidate from all other arms. */
type IsBaseline = (other: Arm) => boolean;

/** For a candidate that the rule applies to, how to know its baseline; otherwise null. */
type Rule = (candidate: Arm) => IsBaseline | null;

/** One implementation over another, all else equal. */
function over(candidateName: string, baselineName: string): Rule {
  return (candidate) =>
    candidate.implementation === candidateName
      ? (other) =>
          other.implementation === baselineName &&
          other.workload === candidate.workload &&
          sameBuild(other, candidate) &&
          sameParams(other, candidate)
      : null;
}

/** All else equal: the first arm that differs in `part` alone is the baseline of the others. */
function overFirst(part: 'build' | 'runtime'): Rule {
  const fixed = (['workload', 'implementation', 'build', 'runtime'] as const).filter((name) => name !== part);
  return (candidate) => (other) =>
    fixed.every((name) => other[name] === candidate[name]) && sameParams(other, candidate);
}

const OFFSETS = ['srcOffsetBytes', 'dstOffsetBytes'];

const RULES: Record<ComparisonKind, readonly Rule[]> = {
  /** Both over native code, which is the reference, and WebAssembly over TypeScript. */
  implementation: [over('wasm', 'native'), over('ts', 'native'), over('wasm', 'ts')],

  /** Two versions of barometer or of a workload module; the one that was named first is the baseline. */
  build: [overFirst('build')],

  /** Another runtime over the one that was named first. */
  runtime: [overFirst('runtime')],

  /** Through the device model over straight on its memory. Direct accesses come in batches, so calls have no partner. */
  emulation: [
    (candidate) => {
      const operation = /^region-(\w+)(?:\/batch)?$/.exec(candidate.workload)?.[1];
      if (operation === undefined || operation === 'direct') return null;
      return (other) =>
        other.workload === 'region-direct' &&
        other.params.operation === operation &&
        samePlace(other, candidate) &&
        sameParams(other, candidate, ['operation', 'policy']);
    },
    // Of agents.
    (candidate) =>
      candidate.params.path === 'emulated'
        ? (other) =>
            other.workload === candidate.workload &&
            other.params.path === 'direct' &&
            samePlace(other, candidate) &&
            sameParams(other, candidate, ['path'])
        : null,
  ],

  /** A page map over one flat range. */
  sparse: [
    (candidate) =>
      candidate.workload === 'region-sparse' && candidate.params.backing === 'sparse'
        ? (other) =>
            other.workload === candidate.workload &&
            other.params.backing === 'flat' &&
            samePlace(other, candidate) &&
            sameParams(other, candidate, ['backing'])
        : null,
  ],

  /** Each misaligned row over its own aligned row. */
  alignment: [
    (candidate) =>
      OFFSETS.some((name) => param(candidate.params, name) !== 0)
        ? (other) =>
            other.workload === candidate.workload &&
            OFFSETS.every((name) => param(other.params, name) === 0) &&
            samePlace(other, candidate) &&
            sameParams(other, candidate, OFFSETS)
        : null,
  ],

  /** One access a call over many. */
  call: [
    (candidate) =>
      candidate.workload.endsWith('/call')
        ? (other) =>
            other.workload === candidate.workload.replace(/call$/, 'batch') &&
            samePlace(other, candidate) &&
            sameParams(other, candidate)
        : null,
  ],
};

/** All comparisons that `arms` allow, by kind and rule, then in the order of the arms. noop answers nothing, so it is in none. */
export function pairArms<A extends Arm>(arms: readonly A[]): Pair<A>[] {
  const answering = arms.filter(({ implementation }) => implementation !== 'noop');
  return COMPARISON_KINDS.flatMap((kind) =>
    RULES[kind].flatMap((rule) =>
      answering.flatMap((candidate) => {
        const isBaseline = rule(candidate);
        const baseline = isBaseline ? answering.find(isBaseline) : undefined;
        return baseline && baseline !== candidate ? [{ kind, baseline, candidate }] : [];
      }),
    ),
  );
}

function sameBuild(a: Arm, b: Arm): boolean {
  return a.runtime === b.runtime && a.build === b.build;
}

function samePlace(a: Arm, b: Arm): boolean {
  return a.implementation === b.implementation && sameBuild(a, b);
}

function sameParams(a: Arm, b: Arm, except: readonly string[] = []): boolean {
  const names = new Set([...Object.keys(a.params), ...Object.keys(b.params)]);
  return [...names].every((name) => except.includes(name) || param(a.params, name) === param(b.params, name));
}

/** An offset that is not stated is 0: aligned. */
function param(params: Params, name: string): number | string | undefined {
  return params[name] ?? (OFFSETS.includes(name) ? 0 : undefined);
}
