import { isDeepStrictEqual } from 'node:util';
import { type DeviceFlags, specFromFlags } from '../device/device-flags.ts';
import { type DeviceSpec, deviceSpec } from '../device/device-spec.ts';
import type { NativeBuild } from '../device/native/native-build.ts';
import { selectNativeBuild } from '../device/native/native-device.ts';
import { findProfile } from '../device/profiles.ts';
import { UnavailableImplementation } from '../errors.ts';
import { Random } from '../random.ts';
import type { Implementation } from '../types.ts';
import { prepareWorkload } from '../workload/prepare.ts';
import { UnsuitableDevice } from '../workload/prepared.ts';
import { loadWorkloads, type Workload } from '../workload/scenario.ts';
import { createArm, type MeasuredArm } from './arm.ts';
import { buildOf } from './fingerprint.ts';
import type { LayeredRow } from './layers.ts';
import { loadDevice } from './load-device.ts';

/** Goes up where `prepareArm` or `MeasuredArm` change, since another checkout's are loaded and called. */
export const ARM_INTERFACE = 1;

/** The seed with which the recorded answers were made. */
export const DEFAULT_SEED = 1;

export interface ArmRequest {
  readonly workload: Workload;
  readonly implementation: Implementation;
  readonly device: DeviceFlags;
  readonly nativeBuild: NativeBuild;
  /** Seed of the run: accesses and memory contents follow from it. */
  readonly seed: number;
  /** Seed of where in memory things lie; answers do not depend on it. */
  readonly layoutSeed: number;
  readonly version: string;
}

export interface PreparedArm {
  readonly build: string;
  /** Null where it cannot run; then there is a reason. */
  readonly arm: MeasuredArm | null;
  readonly reason: string | null;
  /** The answer that is on record for this work; undefined where there is none. */
  readonly recorded: string | undefined;
  /** What the layers of its cost are made from; null where there is no arm. */
  readonly row: LayeredRow | null;
}

/** An arm of this build, or why there is none. */
export async function prepareArm(request: ArmRequest): Promise<PreparedArm> {
  const { workload, implementation } = request;
  selectNativeBuild(request.nativeBuild);
  const spec = specFromFlags(request.device);
  const build = buildOf(implementation, request.version);
  const recorded = recordedAnswer(request, spec);
  try {
    const seeded = seededWorkload(workload, request.seed);
    const setup = async () => ({
      // What WebAssembly and C have in JavaScript is in no timed path.
      ...(runsScript(workload, implementation) && { deviceClass: await loadDevice() }),
      layout: new Random(request.layoutSeed),
    });
    const prepared = prepareWorkload(seeded, spec, implementation, await setup());
    const arm = await createArm(workload, implementation, prepared, build);
    return { build, recorded, reason: null, arm, row: { workload: seeded, implementation, prepared, setup } };
  } catch (error) {
    if (error instanceof UnavailableImplementation)
      return { build, recorded, arm: null, row: null, reason: error.reason };
    if (error instanceof UnsuitableDevice)
      return { build, recorded, arm: null, row: null, reason: error.message };
    throw error;
  }
}

/**
 * A workload with the seed that a run of seed `seed` prepares it with.
 * @throws UnsuitableDevice where this build does not have it
 */
export function seededWorkload(workload: Workload, seed: number): Workload {
  if (!isKnown(workload)) throw new UnsuitableDevice('this build has no such workload');
  return { ...workload, seed: workload.seed + (seed - DEFAULT_SEED) * 1000 };
}

function runsScript({ params }: Workload, implementation: Implementation): boolean {
  return implementation === 'ts' || implementation === 'noop' || params.path === 'library';
}

function isKnown({ name, params }: Workload): boolean {
  return loadWorkloads().some((known) => known.name === name && isDeepStrictEqual(known.params, params));
}

/** Answers are recorded per profile and policy, with the default seed; other memory sizes or drivers answer otherwise. */
function recordedAnswer({ workload, device, seed }: ArmRequest, spec: DeviceSpec): string | undefined {
  const answer = workload.checksums[`${device.device}/${spec.policy}`];
  const profile = findProfile(device.device);
  if (answer === undefined || !profile || seed !== DEFAULT_SEED) return undefined;
  const { source, gpuMemory, virtualFunction } = profile;
  const recorded = deviceSpec(source, {
    name: device.device,
    policy: spec.policy,
    gpuMemory,
    virtualFunction,
  });
  // However it was asked for: what was made of it counts.
  return isDeepStrictEqual({ ...spec, madeOf: null }, { ...recorded, madeOf: null }) ? answer : undefined;
}
