/** `barometer run --device vfio-user:PATH`: what an access costs on a device that somebody serves, there and back. */
import { lstatSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { SERVED_REGION_WRITE, SERVED_WORKLOADS, type ServedWorkload } from '../measure/served/workloads.ts';
import { servedGroup } from '../run/group-plan.ts';
import { MS_PER_WORKLOAD } from '../run/plan-run.ts';
import { selectNames } from '../workload/catalog.ts';
import { measure, type RunFlags } from './run.ts';
import { budgetOf, filterOf, leavesNothing } from './select.ts';
import { servedPath } from './served-function.ts';
import { version } from './version.ts';

export interface ServedRunFlags extends Omit<RunFlags, 'impl'> {
  readonly impl?: string;
}

/** Returns the exit code. @throws UsageError for bad input */
export async function runServed(patterns: readonly string[], flags: ServedRunFlags): Promise<number> {
  const { device } = flags;
  expectServedFlags(flags);
  const workloads = selectServed(patterns, flags);
  const path = servedPath(device);
  expectSocket(device, path);
  return measure(
    {
      groups: [servedGroup({ workloads, path, version: version() })],
      budgetMs: budgetOf(flags, MS_PER_WORKLOAD * workloads.length),
      settings: { device, policy: null, suite: null, implementations: ['served'] },
      implementations: [],
      counting: [],
    },
    { ...flags, impl: 'served' },
  );
}

/** @throws UsageError for what only an emulated device can be told */
function expectServedFlags(flags: ServedRunFlags): void {
  const { impl, nativeBuild, policy, generation, resmem, suite, shard, runtime, device } = flags;
  const given = { impl, policy, generation, resmem, suite, shard };
  const named = { ...given, 'gpu-memory': flags.gpuMemory, 'native-build': nativeBuild };
  const found = Object.entries(named).find(([, value]) => value !== undefined);
  if (found) {
    throw new UsageError(
      `--${found[0]} ${found[1]}: ${device} is what its server makes it; leave one of them out`,
    );
  }
  if (runtime?.includes(',')) {
    throw new UsageError(`--runtime ${runtime}: a server has one client at a time; expected one Node binary`);
  }
}

/** Those that were named and that the flags allow. @throws UsageError where that is none */
export function selectServed(
  patterns: readonly string[],
  flags: Pick<ServedRunFlags, 'allowWrites' | 'filter'>,
): ServedWorkload[] {
  const allowed = SERVED_WORKLOADS.filter(({ name }) => flags.allowWrites || name !== SERVED_REGION_WRITE);
  const names = [...new Set(allowed.map(({ name }) => name))];
  const writes = flags.allowWrites ? '' : `, and with --allow-writes ${SERVED_REGION_WRITE}`;
  const advice = `A served device has ${names.join(', ')}${writes}`;
  const selected = selectNames(names, patterns.length > 0 ? patterns : ['*'], advice);
  const chosen = allowed.filter(({ name }) => selected.has(name));
  const kept = chosen.filter(filterOf(flags));
  if (kept.length === 0) throw leavesNothing(flags, chosen.length);
  return kept;
}

/** Before a process is started for it. Nobody is connected to: some servers end with their first client. */
function expectSocket(device: string, path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSocket() || found?.isSymbolicLink()) return;
  const what = found ? 'it is no socket' : 'there is nothing';
  throw new UsageError(`${device}: ${what}; expected the socket of a vfio-user server`);
}
