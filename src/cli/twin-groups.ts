/** Groups in which every arm is measured beside an identical one. */
import { UsageError } from '../errors.ts';
import type { GroupPlan } from '../run/group-plan.ts';
import { NO_DEVICE, type PlanOptions } from '../run/plan-run.ts';
import { TWIN_BUILDS, TWIN_MODULE, TWIN_WORKLOADS } from '../run/twins.ts';
import { suiteWorkloads } from '../workload/catalog.ts';
import { isModuleArgument } from '../workload/module-file.ts';
import { loadWorkloads } from '../workload/scenario.ts';
import { selectedModule } from './module-groups.ts';
import { planSelected, type RunFlags } from './run.ts';
import { filterOf, leavesNothing, type Selection, select } from './select.ts';

export interface TwinPlan {
  readonly groups: readonly GroupPlan[];
  /** Of identical arms. */
  readonly comparisonCount: number;
  readonly settings: typeof NO_DEVICE;
}

/** @param given workloads, patterns and module files; a small set of all kinds where nothing is */
export async function twinPlan(
  given: readonly string[],
  flags: RunFlags,
  options: PlanOptions,
): Promise<TwinPlan> {
  if (options.runtimes.length > 1) throw new UsageError('--runtime: expected one Node binary here');
  const isUsual = given.length === 0 && flags.suite === undefined;
  const modules = isUsual ? [TWIN_MODULE] : given.filter(isModuleArgument);
  const selection = isUsual ? usual(flags) : selected(given, flags);
  const ofDevice = selection === null ? null : planSelected(selection, flags, TWIN_BUILDS);
  const groups = [...(ofDevice?.groups ?? [])];
  const runtime = options.runtimes[0]!.path;
  for (const path of modules) {
    // A filter for workloads is none for the module that is measured beside them.
    const filter = isUsual ? {} : flags;
    const labels = TWIN_BUILDS.map(({ label }) => label);
    groups.push(await selectedModule([path, path], labels, { ...filter, ...options, runtime }));
  }
  const counts = groups.map(({ subject }) => {
    const implementations = 'implementations' in subject ? subject.implementations.length : 1;
    return subject.workloads.length * implementations;
  });
  return {
    groups,
    comparisonCount: counts.reduce((sum, count) => sum + count, 0),
    settings: ofDevice?.settings ?? NO_DEVICE,
  };
}

function usual(flags: RunFlags): Selection {
  const suite = { name: '', workloads: [...TWIN_WORKLOADS] };
  const all = suiteWorkloads(loadWorkloads(), suite);
  const workloads = all.filter(filterOf(flags));
  if (workloads.length === 0) throw leavesNothing(flags, all.length);
  return { workloads, suite: null, budgetMs: 0, forks: undefined };
}

function selected(given: readonly string[], flags: RunFlags): Selection | null {
  const patterns = given.filter((argument) => !isModuleArgument(argument));
  return given.length > 0 && patterns.length === 0 ? null : select(patterns, flags);
}
