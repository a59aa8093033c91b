import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type DeviceFlags, deviceFlags, specFromFlags } from '../device/device-flags.ts';
import { NATIVE_BUILDS, type NativeBuild } from '../device/native/native-build.ts';
import { selectNativeBuild } from '../device/native/native-device.ts';
import { UsageError } from '../errors.ts';
import type { BuildRequest } from '../measure/fork-protocol.ts';
import { resultsPath } from '../results/store.ts';
import { deviceGroups, type GroupPlan } from '../run/group-plan.ts';
import { MS_PER_WORKLOAD, NO_DEVICE, type PlanOptions, planRun, type RunFacts } from '../run/plan-run.ts';
import type { Implementation } from '../types.ts';
import { expectModuleFile, isModuleArgument } from '../workload/module-file.ts';
import { parseImplementations } from './device-option.ts';
import { type Counting, type MeasuredRunPlan, measuredRun, type OutputFlags } from './measured-run.ts';
import { selectedModule } from './module-groups.ts';
import { type PlanFlags, planOptions } from './plan-options.ts';
import { budgetOf, type SelectFlags, type Selection, select } from './select.ts';
import { shardOf } from './shard-plan.ts';
import { version } from './version.ts';

export interface RunFlags extends DeviceFlags, PlanFlags, SelectFlags, OutputFlags {
  readonly impl: string;
  readonly nativeBuild?: string;
  readonly out?: string;
  readonly shard?: string;
  /** Means something of a served device only. */
  readonly allowWrites?: boolean;
}

/** What a run measures, and the time that it needs for it. */
export interface Planned {
  readonly groups: readonly GroupPlan[];
  readonly budgetMs: number;
  /** Most forks of a group where `--forks` does not say; undefined for the usual number. */
  readonly forks?: number | undefined;
  readonly settings: RunFacts['settings'];
  /** Those whose identity goes into the fingerprint; of `--impl` unless given. */
  readonly implementations?: readonly Implementation[];
  readonly counting: readonly Counting[];
}

const THIS_BUILD: readonly BuildRequest[] = [{ label: '', root: null }];

/** `barometer run`. Returns the exit code. */
export async function run(given: readonly string[], flags: RunFlags): Promise<number> {
  if (flags.allowWrites) {
    throw new UsageError(
      `--allow-writes: ${flags.device} is none that somebody serves; expected vfio-user:PATH`,
    );
  }
  const modules = given.filter(isModuleArgument);
  const patterns = given.filter((argument) => !isModuleArgument(argument));
  const options = planOptions(flags);
  const isOfModules = modules.length > 0 && patterns.length === 0;
  if (isOfModules) expectNoDevice(flags);
  const ofDevice = isOfModules ? null : planDevice(patterns, flags, THIS_BUILD);
  const ofModules: GroupPlan[] = [];
  for (const [i, label] of moduleLabels(modules).entries()) {
    const listing = { ...flags, ...options, runtime: options.runtimes[0]!.path };
    ofModules.push(await selectedModule([modules[i]!], [label], listing));
  }
  return measure(
    {
      groups: [...(ofDevice?.groups ?? []), ...ofModules],
      budgetMs: budgetOf(flags, (ofDevice?.budgetMs ?? 0) + MS_PER_WORKLOAD * countWorkloads(ofModules)),
      forks: ofModules.length > 0 ? undefined : ofDevice?.forks,
      settings: ofDevice?.settings ?? NO_DEVICE,
      counting: [...(ofDevice?.counting ?? []), ...countingOfModules(ofModules, options)],
    },
    flags,
  );
}

/** What is counted of modules: every version of a group in one process. */
export function countingOfModules(
  groups: readonly GroupPlan[],
  { runtimes }: Pick<PlanOptions, 'runtimes'>,
): Counting[] {
  const { label: runtime, path } = runtimes[0]!;
  return groups.flatMap(({ subject }) =>
    subject.kind === 'module'
      ? [{ build: { label: '', root: null }, runtime: path, request: { ...subject, runtime } }]
      : [],
  );
}

/** Files of one name are told apart by their folders. @throws UsageError for a file that is named twice */
function moduleLabels(paths: readonly string[]): string[] {
  for (const path of paths) expectModuleFile(path);
  const real = paths.map((path) => realpathSync(path));
  const twice = paths.find((_, i) => real.indexOf(real[i]!) !== i);
  if (twice !== undefined) throw new UsageError(`${twice}: was named twice; expected each module once`);
  const namesakes = (path: string) => paths.filter((other) => basename(other) === basename(path)).length;
  return paths.map((path) => (namesakes(path) > 1 ? `${dirname(path)}/` : ''));
}

/** @throws UsageError for options that say nothing of modules */
export function expectNoDevice({ suite, policy, generation, resmem, gpuMemory }: RunFlags): void {
  const given = Object.entries({ suite, policy, generation, resmem, 'gpu-memory': gpuMemory });
  const found = given.find(([, value]) => value !== undefined);
  if (!found) return;
  throw new UsageError(
    `--${found[0]} ${found[1]}: only modules are measured, which have neither suite nor device`,
  );
}

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
  const request = {
    kind: 'device',
    workloads,
    implementations,
    device,
    seed,
    runtime,
    version: version(),
  } as const;
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
  planned: Planned,
  flags: RunFlags,
  exitCode?: MeasuredRunPlan['exitCode'],
): Promise<number> {
  if (flags.out === '') throw new UsageError('--out "": expected the name of a file');
  const { groups, budgetMs, forks, settings, counting } = shardOf(planned, flags);
  const createdAt = new Date();
  const implementations = planned.implementations ?? parseImplementations(flags.impl);
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
