/** From what a measuring command was asked for to workloads and a time. */
import { UsageError } from '../errors.ts';
import { MS_PER_WORKLOAD } from '../run/plan-run.ts';
import { parseDurationMs } from '../units.ts';
import { findSuite, selectWorkloads, suiteWorkloads } from '../workload/catalog.ts';
import { loadSuites, loadWorkloads, type Workload } from '../workload/scenario.ts';

export interface SelectFlags {
  readonly suite?: string;
  readonly filter?: string;
  readonly budget?: string;
}

export interface Selection {
  readonly workloads: readonly Workload[];
  readonly suite: string | null;
  readonly budgetMs: number;
  /** Forks of each group that fit the time; undefined where that is for the command to say. */
  readonly forks: number | undefined;
}

/** Workloads by name and pattern, or those of a suite. */
export function select(patterns: readonly string[], flags: SelectFlags): Selection {
  const workloads = loadWorkloads();
  const chosen = patterns.length > 0 ? fromPatterns(workloads, patterns, flags) : fromSuite(workloads, flags);
  const kept = chosen.workloads.filter(filterOf(flags));
  if (kept.length === 0) throw leavesNothing(flags, chosen.workloads.length);
  return { ...chosen, workloads: kept, budgetMs: budgetOf(flags, chosen.budgetMs) };
}

/** What `--filter` says of one workload; true of all where it is not given. */
export function filterOf({ filter }: SelectFlags): (workload: Pick<Workload, 'name' | 'params'>) => boolean {
  if (filter === undefined) return () => true;
  const expression = parseFilter(filter);
  return ({ name, params }) => expression.test(`${name} ${JSON.stringify(params)}`);
}

/** Milliseconds of `--budget`, or those that the workloads need. */
export function budgetOf({ budget }: SelectFlags, usualMs: number): number {
  return budget === undefined ? usualMs : parseDurationMs(budget, '--budget');
}

/** @param shownBy the command that shows names and parameters */
export function leavesNothing(
  { filter }: SelectFlags,
  count: number,
  shownBy = 'barometer list',
): UsageError {
  return new UsageError(
    `--filter ${JSON.stringify(filter)} leaves no workload of ${count}; \`${shownBy}\` shows names and parameters`,
  );
}

function fromPatterns(
  workloads: readonly Workload[],
  patterns: readonly string[],
  { suite }: SelectFlags,
): Selection {
  if (suite !== undefined) {
    throw new UsageError(
      `workloads (${patterns.join(' ')}) and --suite ${suite} were both given; name one of them`,
    );
  }
  const selected = selectWorkloads(workloads, patterns);
  return { workloads: selected, suite: null, budgetMs: MS_PER_WORKLOAD * selected.length, forks: undefined };
}

function fromSuite(workloads: readonly Workload[], flags: SelectFlags): Selection {
  const suite = findSuite(loadSuites(), flags.suite ?? 'default');
  return {
    workloads: suiteWorkloads(workloads, suite),
    suite: suite.name,
    budgetMs: parseDurationMs(suite.budget, `budget of suite ${suite.name}`),
    forks: suite.forks,
  };
}

function parseFilter(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw new UsageError(
      `--filter ${JSON.stringify(pattern)}: expected a regular expression: ${(error as Error).message}`,
    );
  }
}
