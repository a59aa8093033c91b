import { BarometerError } from '../errors.ts';
import type { ModuleVersion } from '../measure/fork-protocol.ts';
import type { ModuleWorkload } from '../workload/module.ts';
import { unknownFunction } from '../workload/module-exports.ts';
import { moduleBuild } from '../workload/module-file.ts';
import { Fork } from './fork.ts';
import { type GroupPlan, moduleGroup } from './group-plan.ts';
import { endOf } from './measure-fork.ts';

export interface Describing {
  /** Path of the Node binary. */
  readonly runtime: string;
  /** A module that says nothing for so long is given up. */
  readonly silenceMs: number;
  /** Which of the functions are measured. */
  readonly choose: (workloads: readonly ModuleWorkload[]) => readonly ModuleWorkload[];
}

/**
 * The group of one module, or of versions of it; the first version says what there is to measure. Modules run in
 * processes of their own, since they may throw, exit or hang.
 * @param labels what the builds of the versions are told apart by: `A `, or nothing
 * @throws BarometerError where a module fails, or a version lacks a function of the first
 */
export async function groupOfModule(
  paths: readonly string[],
  labels: readonly string[],
  { runtime, silenceMs, choose }: Describing,
): Promise<GroupPlan> {
  const versions = paths.map((path, i): ModuleVersion => ({ path, build: labels[i]! + moduleBuild(path) }));
  const lists: (readonly ModuleWorkload[])[] = [];
  for (const version of versions) lists.push(await describe(version, runtime, silenceMs));
  const [first, ...others] = lists;
  for (const [i, other] of others.entries()) {
    const names = other.map(({ name }) => name);
    const missing = first!.find(({ name }) => !names.includes(name));
    if (missing) throw new BarometerError(`${paths[i + 1]}: ${unknownFunction(missing.name, names)}`);
  }
  return moduleGroup({ versions, workloads: choose(first!) });
}

async function describe(
  version: ModuleVersion,
  runtime: string,
  silenceMs: number,
): Promise<readonly ModuleWorkload[]> {
  const ended = endOf({ kind: 'module', versions: [version], workloads: [] });
  const fork = new Fork(runtime);
  fork.useFor({ silenceMs, ended, progress: () => {} });
  return fork.describe(version).finally(() => fork.kill());
}
