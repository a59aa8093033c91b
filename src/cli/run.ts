import { type DeviceFlags, deviceFlags } from '../device/device-flags.ts';
import { NATIVE_BUILDS, type NativeBuild } from '../device/native/native-build.ts';
import { selectNativeBuild } from '../device/native/native-device.ts';
import { UsageError } from '../errors.ts';
import { resultsPath } from '../results/store.ts';
import { parseDurationMs } from '../units.ts';
import { findSuite, selectWorkloads, suiteWorkloads } from '../workload/catalog.ts';
import { loadSuites, loadWorkloads, type Workload } from '../workload/scenario.ts';
import { parseImplementations } from './device-option.ts';
import { measuredRun, type OutputFlags } from './measured-run.ts';
import { type PlanFlags, planOptions } from './plan-options.ts';

export interface RunFlags extends DeviceFlags, PlanFlags, OutputFlags {
  readonly impl: string;
  readonly nativeBuild?: string;
  readonly suite?: string;
  readonly filter?: string;
  readonly budget?: string;
  readonly out?: string;
}

interface Selection {
  readonly workloads: readonly Workload[];
  readonly suite: string | null;
  readonly budgetMs: number;
}

/** Time per workload when they are named one by one. */
const MS_PER_WORKLOAD = 3000;
/** `barometer run`. Returns the exit code. */
export async function run(patterns: readonly string[], flags: RunFlags): Promise<number> {
  if (flags.out === '') throw new UsageError('--out "": expected the name of a file');
  const selection = select(patterns, flags);
  const createdAt = new Date();
  const plan = {
    ...selection,
    ...planOptions(flags),
    implementations: parseImplementations(flags.impl),
    builds: [{ label: '', root: null }],
    device: deviceFlags(flags),
    nativeBuild: parseNativeBuild(flags.nativeBuild ?? 'O3'),
    createdAt,
  };
  selectNativeBuild(plan.nativeBuild);
  return measuredRun(plan, flags.out ?? resultsPath(createdAt), flags);
}

function parseNativeBuild(name: string): NativeBuild {
  const found = NATIVE_BUILDS.find((build) => build === name);
  if (found) return found;
  throw new UsageError(`--native-build ${JSON.stringify(name)}: expected ${NATIVE_BUILDS.join(', ')}`);
}

function select(patterns: readonly string[], flags: RunFlags): Selection {
  const workloads = loadWorkloads();
  const chosen = patterns.length > 0 ? fromPatterns(workloads, patterns, flags) : fromSuite(workloads, flags);
  const filter = flags.filter === undefined ? null : parseFilter(flags.filter);
  const kept = filter
    ? chosen.workloads.filter(({ name, params }) => filter.test(`${name} ${JSON.stringify(params)}`))
    : chosen.workloads;
  if (kept.length === 0) {
    throw new UsageError(
      `--filter ${JSON.stringify(flags.filter)} leaves no workload of ${chosen.workloads.length}; \`barometer list\` shows names and parameters`,
    );
  }
  const budgetMs = flags.budget === undefined ? chosen.budgetMs : parseDurationMs(flags.budget, '--budget');
  return { ...chosen, workloads: kept, budgetMs };
}

function fromPatterns(
  workloads: readonly Workload[],
  patterns: readonly string[],
  flags: RunFlags,
): Selection {
  if (flags.suite !== undefined) {
    throw new UsageError(
      `workloads (${patterns.join(' ')}) and --suite ${flags.suite} were both given; name one of them`,
    );
  }
  const selected = selectWorkloads(workloads, patterns);
  return { workloads: selected, suite: null, budgetMs: MS_PER_WORKLOAD * selected.length };
}

function fromSuite(workloads: readonly Workload[], flags: RunFlags): Selection {
  const suite = findSuite(loadSuites(), flags.suite ?? 'default');
  return {
    workloads: suiteWorkloads(workloads, suite),
    suite: suite.name,
    budgetMs: parseDurationMs(suite.budget, `budget of suite ${suite.name}`),
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
