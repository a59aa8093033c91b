/** Which runs of two files were measured under the same conditions. */
import { UsageError } from '../errors.ts';
import { type Conditions, conditionsKey, conditionsOf, differingFacts } from '../results/conditions.ts';
import { runsOf } from '../results/runs.ts';
import type { SamplesDocument } from '../results/samples.ts';

/** Runs of one file that were measured under equal conditions. */
export interface RunGroup {
  readonly conditions: Conditions;
  /** Ids as records name them; undefined among them where they need not, in a file of one run. */
  readonly runs: ReadonlySet<string | undefined>;
}

/** A file, and something of it for each of its conditions, by `conditionsKey`. */
export interface GroupedSide<Group extends RunGroup> {
  /** Path of the file. */
  readonly source: string;
  readonly groups: ReadonlyMap<string, Group>;
}

/** By `conditionsKey`, in the order of the runs. */
export function groupRuns(head: SamplesDocument): Map<string, RunGroup> {
  const runs = runsOf(head);
  const groups = Map.groupBy(runs, (run) => conditionsKey(conditionsOf(run)));
  return new Map(
    [...groups].map(([key, members]) => {
      const ids = members.map(({ id }) => id);
      const group = {
        conditions: conditionsOf(members[0]!),
        runs: new Set(runs.length === 1 ? [...ids, undefined] : ids),
      };
      return [key, group];
    }),
  );
}

/**
 * Groups that both sides have, in the order of the candidate, and conditions that only one has.
 * @throws UsageError that names the facts that differ, where there are none in common
 */
export function shareConditions<Group extends RunGroup>(
  baseline: GroupedSide<Group>,
  candidate: GroupedSide<Group>,
): { shared: { before: Group; after: Group }[]; lone: { source: string; conditions: Conditions }[] } {
  const shared = [...candidate.groups].flatMap(([key, after]) => {
    const before = baseline.groups.get(key);
    return before ? [{ before, after }] : [];
  });
  if (shared.length === 0) throw differentConditions(baseline, candidate);
  return { shared, lone: [...loneGroups(baseline, candidate), ...loneGroups(candidate, baseline)] };
}

function loneGroups({ source, groups }: GroupedSide<RunGroup>, other: GroupedSide<RunGroup>) {
  return [...groups]
    .filter(([key]) => !other.groups.has(key))
    .map(([, { conditions }]) => ({ source, conditions }));
}

/** Of the two groups that are most alike: that is where one would look for the mistake. */
function differentConditions(baseline: GroupedSide<RunGroup>, candidate: GroupedSide<RunGroup>): UsageError {
  const couples = [...baseline.groups.values()].flatMap((a) =>
    [...candidate.groups.values()].map((b) => ({ a, b, names: differingFacts(a.conditions, b.conditions) })),
  );
  const { a, b, names } = couples.toSorted((x, y) => x.names.length - y.names.length)[0]!;
  const facts = names.map((name) => {
    const [left, right] = [a, b].map(({ conditions }) => JSON.stringify(conditions[name] ?? 'unknown'));
    return `${name} ${left} and ${right}`;
  });
  return new UsageError(
    `${baseline.source} and ${candidate.source} were measured under different conditions, which no ratio of times ` +
      `tells from a change of the code: ${facts.join(', ')}. Measure both on one machine and device, best with: barometer ab A B`,
  );
}
