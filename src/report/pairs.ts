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

/** How to know the baselines of candidates, by keys, so that many arms take no longer each than few. */
interface Rule {
  /** What the baseline of `candidate` is like; null where the rule does not apply. */
  baselineOf(candidate: Arm): Arm | null;
  /** Equal for an arm and for what it is to be like. */
  readonly keyOf: KeyOf;
}

type KeyOf = (arm: Arm) => string;

/** One implementation over another, all else equal. */
function over(candidateName: string, baselineName: string): Rule {
  return {
    baselineOf: (candidate) =>
      candidate.implementation === candidateName ? { ...candidate, implementation: baselineName } : null,
    keyOf: wholeKey,
  };
}

/** All else equal: the first arm that differs in `part` alone is the baseline of the others. */
function overFirst(part: 'build' | 'runtime'): Rule {
  return { baselineOf: (candidate) => candidate, keyOf: (arm) => wholeKey({ ...arm, [part]: '' }) };
}

/** The same place and parameters, but for `changes`. */
function withParams(arm: Arm, changes: Params): Arm {
  return { ...arm, params: { ...arm.params, ...changes } };
}

const OFFSETS = ['srcOffsetBytes', 'dstOffsetBytes'];
const ALIGNED = Object.fromEntries(OFFSETS.map((name) => [name, 0]));

const RULES: Record<ComparisonKind, readonly Rule[]> = {
  /** Both over native code, which is the reference, and WebAssembly over TypeScript. */
  implementation: [over('wasm', 'native'), over('ts', 'native'), over('wasm', 'ts')],

  /** Two versions of barometer or of a workload module; the one that was named first is the baseline. */
  build: [overFirst('build')],

  /** Another runtime over the one that was named first. */
  runtime: [overFirst('runtime')],

  /** Through the device model over straight on its memory. Direct accesses come in batches, so calls have no partner. */
  emulation: [
    {
      baselineOf: (candidate) => {
        const operation = /^region-(\w+)(?:\/batch)?$/.exec(candidate.workload)?.[1];
        if (operation === undefined || operation === 'direct') return null;
        return { ...withParams(candidate, { operation }), workload: 'region-direct' };
      },
      keyOf: ({ params: { policy: _, ...params }, ...arm }) => wholeKey({ ...arm, params }),
    },
    // Of agents.
    {
      baselineOf: (candidate) =>
        candidate.params.path === 'emulated' ? withParams(candidate, { path: 'direct' }) : null,
      keyOf: wholeKey,
    },
  ],

  /** A page map over one flat range. */
  sparse: [
    {
      baselineOf: (candidate) =>
        candidate.workload === 'region-sparse' && candidate.params.backing === 'sparse'
          ? withParams(candidate, { backing: 'flat' })
          : null,
      keyOf: wholeKey,
    },
  ],

  /** Each misaligned row over its own aligned row. */
  alignment: [
    {
      baselineOf: (candidate) =>
        OFFSETS.some((name) => (candidate.params[name] ?? 0) !== 0) ? withParams(candidate, ALIGNED) : null,
      keyOf: wholeKey,
    },
  ],

  /** One access a call over many. */
  call: [
    {
      baselineOf: (candidate) =>
        candidate.workload.endsWith('/call')
          ? { ...candidate, workload: candidate.workload.replace(/call$/, 'batch') }
          : null,
      keyOf: wholeKey,
    },
  ],
};

/** All comparisons that `arms` allow, by kind and rule, then in the order of the arms. noop answers nothing, so it is in none. */
export function pairArms<A extends Arm>(arms: readonly A[]): Pair<A>[] {
  const answering = arms.filter(({ implementation }) => implementation !== 'noop');
  const firstByKey = memoize((keyOf: KeyOf) => firstOf(answering, keyOf));
  return COMPARISON_KINDS.flatMap((kind) =>
    RULES[kind].flatMap(({ baselineOf, keyOf }) =>
      answering.flatMap((candidate) => {
        const wanted = baselineOf(candidate);
        const baseline = wanted ? firstByKey(keyOf).get(keyOf(wanted)) : undefined;
        return baseline && baseline !== candidate ? [{ kind, baseline, candidate }] : [];
      }),
    ),
  );
}

/** Of arms of one key, the one that comes first. */
function firstOf<A extends Arm>(arms: readonly A[], keyOf: KeyOf): Map<string, A> {
  return new Map(arms.map((arm) => [keyOf(arm), arm] as const).reverse());
}

/** Rules share their keys, and most apply to no arm of a run. */
function memoize<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key)!;
  };
}

/** An offset that is not stated is 0: aligned. */
function wholeKey({ workload, implementation, runtime, build, params }: Arm): string {
  const stated = Object.entries(params)
    .filter(([name, value]) => !(OFFSETS.includes(name) && value === 0))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([workload, implementation, runtime, build, stated]);
}
