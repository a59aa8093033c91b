import { type DeviceFlags, deviceFlags, specFromFlags } from '../device/device-flags.ts';
import { NATIVE_BUILDS, type NativeBuild } from '../device/native/native-build.ts';
import { selectNativeBuild } from '../device/native/native-device.ts';
import { UsageError } from '../errors.ts';
import type { BuildRequest } from '../measure/fork-protocol.ts';
import { resultsPath } from '../results/store.ts';
import { deviceGroups, type GroupPlan } from '../run/group-plan.ts';
import { isModuleArgument } from '../workload/module-file.ts';
import { parseImplementations } from './device-option.ts';
import { type Counting, type MeasuredRunPlan, measuredRun, type OutputFlags } from './measured-run.ts';
import { groupOfModule } from './module-groups.ts';
import { type PlanFlags, planOptions, planRun, type RunFacts } from './plan-options.ts';
import { budgetOf, MS_PER_WORKLOAD, type SelectFlags, type Selection, select } from './select.ts';
import { version } from './version.ts';

export interface RunFlags extends DeviceFlags, PlanFlags, SelectFlags, OutputFlags {
  readonly impl: string;
  readonly nativeBuild?: string;
  readonly out?: string;
}

/** What a run measures, and the time that it needs for it. */
export interface Planned {
  readonly groups: readonly GroupPlan[];
  readonly budgetMs: number;
  /** Most forks of a group where `--forks` does not say; undefined for the usual number. */
  readonly forks?: number | undefined;
  readonly settings: RunFacts['settings'];
  readonly counting: readonly Counting[];
}

const THIS_BUILD: readonly BuildRequest[] = [{ label: '', root: null }];

/** `barometer run`. Returns the exit code. */
export async function run(given: readonly string[], flags: RunFlags): Promise<number> {
  const modules = given.filter(isModuleArgument);
  const patterns = given.filter((argument) => !isModuleArgument(argument));
  const options = planOptions(flags);
  const ofDevice =
    modules.length > 0 && patterns.length === 0 ? null : planDevice(patterns, flags, THIS_BUILD);
  const ofModules: GroupPlan[] = [];
  for (const path of modules) {
    ofModules.push(
      await groupOfModule([path], [''], { ...flags, ...options, runtime: options.runtimes[0]!.path }),
    );
  }
  return measure(
    {
      groups: [...(ofDevice?.groups ?? []), ...ofModules],
      budgetMs: budgetOf(flags, (ofDevice?.budgetMs ?? 0) + MS_PER_WORKLOAD * countWorkloads(ofModules)),
      forks: ofModules.length > 0 ? undefined : ofDevice?.forks,
      settings: ofDevice?.settings ?? NO_DEVICE,
      counting: ofDevice?.counting ?? [],
    },
    flags,
  );
}

export const NO_DEVICE: Planned['settings'] = { device: null, policy: null, suite: null };

/** Our own workloads on a device, in one build or more. */
export function planDevice(
  patterns: readonly string[],
  flags: RunFlags,
  builds: readonly BuildRequest[],
): Planned {
  return planSelected(select(patterns, flags), flags, builds);
}

/** As `planDevice`, of workloads that are chosen already. */
export function planSelected(
  { workloads, suite, budgetMs, forks }: Selection,
  flags: RunFlags,
  builds: readonly BuildRequest[],
): Planned {
  const implementations = parseImplementations(flags.impl);
  const nativeBuild = parseNativeBuild(flags.nativeBuild ?? 'O3');
  // For what the fingerprint and rows of what is missing say of native code.
  selectNativeBuild(nativeBuild);
  const device = deviceFlags(flags);
  const { policy, generation, resmem } = specFromFlags(device);
  const { seed, runtimes } = planOptions(flags);
  const { label: runtime, path } = runtimes[0]!;
  const request = { workloads, implementations, device, seed, runtime, version: version() };
  return {
    groups: deviceGroups(workloads, { implementations, builds, device, nativeBuild, version: version() }),
    budgetMs,
    forks,
    settings: { device: flags.device, policy, suite, implementations, generation, resmem },
    counting: builds.map((build) => ({ build, runtime: path, request })),
  };
}

/**
 * Runs what was planned, as the flags of all measuring commands say.
 * @param exitCode of a run that went well; 0 unless given
 */
export async function measure(
  { groups, budgetMs, forks, settings, counting }: Planned,
  flags: RunFlags,
  exitCode?: MeasuredRunPlan['exitCode'],
): Promise<number> {
  if (flags.out === '') throw new UsageError('--out "": expected the name of a file');
  const createdAt = new Date();
  const implementations = parseImplementations(flags.impl);
  const plan = planRun(planOptions(flags, forks), groups, { createdAt, budgetMs, implementations, settings });
  return measuredRun(
    { ...plan, counting, ...(exitCode && { exitCode }) },
    flags.out ?? resultsPath(createdAt),
    flags,
  );
}

export function countWorkloads(groups: readonly GroupPlan[]): number {
  return groups.reduce((sum, { subject }) => sum + subject.workloads.length, 0);
}

function parseNativeBuild(name: string): NativeBuild {
  const found = NATIVE_BUILDS.find((build) => build === name);
  if (found) return found;
  throw new UsageError(`--native-build ${JSON.stringify(name)}: expected ${NATIVE_BUILDS.join(', ')}`);
}
