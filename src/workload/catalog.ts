import { distance } from 'fastest-levenshtein';
import { UsageError } from '../errors.ts';
import type { Suite, Workload } from './scenario.ts';

/** Further than this, a name is not a misspelling of another. */
const MAX_TYPOS = 4;

/** The name among `names` that `given` most likely meant, or undefined. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const ranked = names.map((name) => ({ name, typos: distance(given, name) }));
  ranked.sort((a, b) => a.typos - b.typos);
  const best = ranked[0];
  const close = best && best.typos <= Math.min(MAX_TYPOS, Math.ceil(given.length / 2));
  if (close) return best.name;
  return given === '' ? undefined : names.find((name) => name.startsWith(given) || given.startsWith(name));
}

/** @throws UsageError that offers the nearest name */
export function findSuite(suites: readonly Suite[], name: string): Suite {
  const found = suites.find((suite) => suite.name === name);
  if (found) return found;
  const names = suites.map((suite) => suite.name);
  throw new UsageError(`no suite ${JSON.stringify(name)}${hint(name, names)} Suites are ${names.join(', ')}`);
}

export function suiteWorkloads(
  workloads: readonly Workload[],
  suite: Pick<Suite, 'name' | 'workloads'>,
): Workload[] {
  return workloads.filter((workload) =>
    suite.workloads.some(
      ({ name, params = {} }) =>
        (name === '*' || name === workload.name) &&
        Object.entries(params).every(([key, value]) => (workload.params[key] ?? null) === value),
    ),
  );
}

/**
 * Workloads that any of the patterns names: a whole name, or a pattern with `*` for anything.
 * @throws UsageError for a pattern that names nothing, with the nearest name
 */
export function selectWorkloads(workloads: readonly Workload[], patterns: readonly string[]): Workload[] {
  const names = [...new Set(workloads.map((workload) => workload.name))];
  const selected = selectNames(names, patterns, '`barometer list` names them all, `config-*` is a pattern');
  return workloads.filter((workload) => selected.has(workload.name));
}

/**
 * Names of workloads that any of the patterns names.
 * @param advice what to do, for the message
 * @param kind what they are names of, for the message
 * @throws UsageError for a pattern that names nothing, with the nearest name
 */
export function selectNames(
  names: readonly string[],
  patterns: readonly string[],
  advice: string,
  kind = 'workload',
): Set<string> {
  return new Set(
    patterns.flatMap((pattern) => {
      const matching = names.filter((name) => wildcard(pattern).test(name));
      if (matching.length > 0) return matching;
      throw new UsageError(`no ${kind} ${JSON.stringify(pattern)}${hint(pattern, names)} ${advice}`);
    }),
  );
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*');
  return new RegExp(`^${escaped}$`);
}

/** Ends the sentence before it. */
function hint(given: string, names: readonly string[]): string {
  const nearest = nearestName(given, names);
  return nearest ? `; did you mean "${nearest}"?` : '.';
}
