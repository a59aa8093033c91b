/** The facts of series from outside. Files repeat them: they hold the same arms, fork by fork. */
import { seriesFactsSchema } from './samples.ts';

type Facts = Readonly<Record<string, unknown>>;

/** What series of one arm do not share, besides columns, which are no facts. */
const OF_EACH = new Set(['fork', 'block', 'round', 'durationNs', 'operations']);

/**
 * A check whether values have the facts of a series, by the schema. One that shares all facts of another that passed,
 * but for fork and block, passes too: asking the schema again takes ten times as long.
 */
export function factsCheck(): (value: unknown) => boolean {
  const passed = new Map<unknown, Facts>();
  return (value) => {
    const key = nameOf(value);
    const known = passed.get(key);
    if (known !== undefined && isAnotherOf(known, value as Facts)) return true;
    if (!seriesFactsSchema.safeParse(value).success) return false;
    passed.set(key, value as Facts);
    return true;
  };
}

/** Names an arm well enough: two that share it only take longer. */
function nameOf(value: unknown): string {
  const { workload, implementation, phase, layer } = (value ?? {}) as Facts;
  const words = [workload, implementation, phase, layer].filter((word) => typeof word === 'string');
  return words.join(' ');
}

function isAnotherOf(known: Facts, facts: Facts): boolean {
  if (!isCount(facts.fork) || !isCount(facts.block)) return false;
  return haveSame(known, facts, (name) => {
    return known[name] === facts[name] || OF_EACH.has(name) || (name === 'params' && areSame(known, facts));
  });
}

function areSame({ params: known }: Facts, { params }: Facts): boolean {
  const isRecord = typeof params === 'object' && params !== null && !Array.isArray(params);
  return (
    isRecord &&
    haveSame(known as Facts, params as Facts, (name) => (known as Facts)[name] === (params as Facts)[name])
  );
}

function haveSame(a: Facts, b: Facts, isSame: (name: string) => boolean): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(name))
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
