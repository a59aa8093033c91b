import { BarometerError, EXIT } from '../errors.ts';
import type { ModuleVersion } from '../measure/fork-protocol.ts';
import { Fork } from '../run/fork.ts';
import { type GroupPlan, moduleGroup } from '../run/group-plan.ts';
import { endOf } from '../run/measure-fork.ts';
import type { ModuleWorkload } from '../workload/module.ts';
import { unknownFunction } from '../workload/module-exports.ts';
import { moduleBuild } from '../workload/module-file.ts';
import { listenForInterrupts } from './measured-run.ts';
import { filterOf, leavesNothing, type SelectFlags } from './select.ts';

interface Listing extends SelectFlags {
  readonly runtime: string;
  readonly silenceMs: number;
}

/** The group of one module, or of versions of it; the first version says what there is to measure. */
export async function groupOfModule(
  paths: readonly string[],
  labels: readonly string[],
  options: Listing,
): Promise<GroupPlan> {
  const versions = paths.map((path, i): ModuleVersion => ({ path, build: labels[i]! + moduleBuild(path) }));
  const [first, ...others] = await describeAll(versions, options);
  for (const [i, other] of others.entries()) {
    const names = other.map(({ name }) => name);
    const missing = first!.find(({ name }) => !names.includes(name));
    if (missing) throw new BarometerError(`${paths[i + 1]}: ${unknownFunction(missing.name, names)}`);
  }
  const workloads = first!.filter(filterOf(options));
  if (workloads.length === 0) throw leavesNothing(options, first!.length);
  return moduleGroup({ versions, workloads });
}

/** Modules run in processes of their own, since they may throw, exit or hang. */
async function describeAll(
  versions: readonly ModuleVersion[],
  { runtime, silenceMs }: Listing,
): Promise<(readonly ModuleWorkload[])[]> {
  const lists: (readonly ModuleWorkload[])[] = [];
  // Nothing is measured yet that could be lost; ending takes the forks along.
  const interrupt = listenForInterrupts();
  interrupt.signal.addEventListener('abort', () => process.exit(EXIT.interrupted));
  try {
    for (const version of versions) {
      const ended = endOf({ kind: 'module', versions: [version], workloads: [] });
      const fork = new Fork(runtime);
      fork.useFor({ silenceMs, ended, progress: () => {} });
      lists.push(await fork.describe(version).finally(() => fork.kill()));
    }
    return lists;
  } finally {
    interrupt.dispose();
  }
}
