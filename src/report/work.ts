/** Work of one arm against another: counted, so without noise. Every difference is a change, however small. */
import type { Settings, WorkCount } from '../results/samples.ts';
import { fullLabel } from './labels.ts';
import { plainText } from './plain-text.ts';

export interface WorkDifference {
  counter: string;
  baseline: number;
  candidate: number;
  /** Candidate over baseline; null where the baseline counted none. */
  ratio: number | null;
}

/** What two arms did in one pass. */
export interface WorkComparison {
  baseline: WorkCount;
  candidate: WorkCount;
  /** `not comparable` where no counter is. */
  verdict: 'unchanged' | 'changed' | 'not comparable';
  differences: WorkDifference[];
  /** Counters that mean something else on each side, and why. */
  notComparable: { counter: string; reason: string }[];
}

/** Of one run: every other build of an arm against the one that was named first. */
export function workOfBuilds(work: readonly WorkCount[]): WorkComparison[] {
  const arms = Map.groupBy(work, (count) => JSON.stringify([workKey(count), count.runtime]));
  return [...arms.values()].flatMap(([first, ...others]) =>
    others.map((other) => compareArms(first!, other)),
  );
}

/** Any two arms, one counter after the other. */
export function compareArms(baseline: WorkCount, candidate: WorkCount): WorkComparison {
  const counters = [...new Set([...Object.keys(baseline.counts), ...Object.keys(candidate.counts)])];
  const judged = counters.map((counter) => ({ counter, reason: obstacle(counter, baseline, candidate) }));
  const comparable = judged.filter(({ reason }) => reason === null);
  const differences = comparable
    .map(({ counter }) => difference(counter, baseline.counts[counter]!, candidate.counts[counter]!))
    .filter((found) => found.baseline !== found.candidate);
  const verdict =
    comparable.length === 0 ? 'not comparable' : differences.length > 0 ? 'changed' : 'unchanged';
  const notComparable = judged.flatMap(({ counter, reason }) =>
    reason === null ? [] : [{ counter, reason }],
  );
  return { baseline, candidate, verdict, differences, notComparable };
}

/**
 * Lines for people: changed arms first, each with its counts; then what could not be compared, by reason; then how
 * many arms did the same work. None where nothing was counted.
 */
export function workLines(comparisons: readonly WorkComparison[], settings: Settings): string[] {
  if (comparisons.length === 0) return [];
  const changed = comparisons.filter(({ verdict }) => verdict === 'changed');
  const unchanged = comparisons.filter(({ verdict }) => verdict === 'unchanged');
  return [
    ...changed.map((comparison) => changedLine(comparison, settings)),
    ...notComparableLines(comparisons),
    `work: ${unchanged.length} of ${comparisons.length} unchanged`,
  ].map(plainText);
}

/** `changed: config-read batch 4 B, header, wasm: wasmLoads 12289 -> 16385 (1.3333)` */
function changedLine({ candidate, differences }: WorkComparison, settings: Settings): string {
  const { workload, params, implementation } = candidate;
  const label = `${fullLabel(workload, params, settings)}, ${implementation}`;
  const counts = differences.map(({ counter, baseline, candidate: after, ratio }) => {
    const factor = ratio === null ? '' : ` (${Number(ratio.toPrecision(5))})`;
    return `${counter} ${baseline} -> ${after}${factor}`;
  });
  return `changed: ${label}: ${counts.join(', ')}`;
}

/** `not comparable: wasmLoads, wasmStores of 3 arms: compiled by asc 0.28.19 and asc 0.28.20` */
function notComparableLines(comparisons: readonly WorkComparison[]): string[] {
  const found = comparisons.flatMap((comparison) =>
    comparison.notComparable.map(({ counter, reason }) => ({ comparison, counter, reason })),
  );
  return [...Map.groupBy(found, ({ reason }) => reason)].map(([reason, members]) => {
    const counters = [...new Set(members.map(({ counter }) => counter))];
    const arms = new Set(members.map(({ comparison }) => comparison)).size;
    return `not comparable: ${counters.join(', ')} of ${arms} ${arms === 1 ? 'arm' : 'arms'}: ${reason}`;
  });
}

/** Why a counter does not count the same thing on both sides; null where it does. */
function obstacle(counter: string, a: WorkCount, b: WorkCount): string | null {
  if (a.implementation !== b.implementation) {
    return `${a.implementation} and ${b.implementation} are different sources`;
  }
  if (a.operations !== b.operations) {
    return `a pass is ${a.operations} operations on one side and ${b.operations} on the other`;
  }
  if (a.counts[counter] === undefined || b.counts[counter] === undefined) return 'counted on one side only';
  if (!counter.startsWith('wasm')) {
    // Which blocks of a source count apart is up to V8.
    return a.runtime === b.runtime ? null : `counted by ${a.runtime} and ${b.runtime}`;
  }
  return a.toolchain === b.toolchain
    ? null
    : `compiled by ${a.toolchain ?? 'an unknown compiler'} and ${b.toolchain ?? 'an unknown compiler'}`;
}

function difference(counter: string, baseline: number, candidate: number): WorkDifference {
  return { counter, baseline, candidate, ratio: baseline === 0 ? null : candidate / baseline };
}

/** What has to be equal for two counts to be two versions of one. */
function workKey({ workload, params, implementation }: WorkCount): string {
  return JSON.stringify([
    workload,
    Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)),
    implementation,
  ]);
}
