/** The part of a planned run that `--shard` asks for. */
import type { GroupPlan } from '../run/group-plan.ts';
import type { Planned, RunFlags } from './run.ts';
import { parseShard, partOf } from './shard-option.ts';

/**
 * The whole plan where no shard is asked for; otherwise its units, its part of the usual time, and the counting of what
 * it measures.
 * @throws UsageError where the shard is none, or nothing is left for it
 */
export function shardOf(planned: Planned, { shard: given, budget }: RunFlags): Planned {
  if (given === undefined) return planned;
  const shard = parseShard(given, process.env);
  const units = planned.groups.flatMap(unitsOf);
  const part = partOf(units, shard);
  const measured = new Set(part.flat());
  const counting = planned.counting.map((one) => ({ ...one, request: keeping(one.request, measured) }));
  return {
    ...planned,
    groups: planned.groups
      .map((group) => ({ ...group, subject: keeping(group.subject, measured) }))
      .filter(({ subject }) => subject.workloads.length > 0),
    counting: counting.filter(({ request }) => request.workloads.length > 0),
    // What --budget says is for this run.
    budgetMs: budget === undefined ? planned.budgetMs * shareOf(part, units) : planned.budgetMs,
    settings: { ...planned.settings, shard: `${shard.number}/${shard.count}` },
  };
}

/** Of all workloads: usual times grow with their number. */
function shareOf(part: readonly (readonly unknown[])[], units: readonly (readonly unknown[])[]): number {
  return part.flat().length / units.flat().length;
}

/** What is never divided: the workloads of a group on a device, one function of a module. */
function unitsOf({ subject }: GroupPlan): (readonly unknown[])[] {
  return subject.kind === 'module' ? subject.workloads.map((workload) => [workload]) : [subject.workloads];
}

function keeping<T extends { readonly workloads: readonly unknown[] }>(of: T, kept: ReadonlySet<unknown>): T {
  return { ...of, workloads: of.workloads.filter((workload) => kept.has(workload)) };
}
