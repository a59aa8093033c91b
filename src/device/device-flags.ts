import { UsageError } from '../errors.ts';
import { CURRENT_GENERATION, DRIVER_GENERATIONS, POLICIES, RESMEM_MODES } from '../types.ts';
import { parseBytes } from '../units.ts';
import { openPciFunction } from './device-source.ts';
import { type DeviceSpec, deviceSpec, type GpuMemory } from './device-spec.ts';
import { findProfile, PROFILE_NAMES } from './profiles.ts';

/** Options that say what is emulated, as they come from the command line. */
export interface DeviceFlags {
  readonly device: string;
  readonly policy?: string;
  readonly generation?: string;
  readonly resmem?: string;
  readonly gpuMemory?: string;
}

/** The flags of a device alone, without others of a command. */
export function deviceFlags({ device, policy, generation, resmem, gpuMemory }: DeviceFlags): DeviceFlags {
  return {
    device,
    ...(policy !== undefined && { policy }),
    ...(generation !== undefined && { generation }),
    ...(resmem !== undefined && { resmem }),
    ...(gpuMemory !== undefined && { gpuMemory }),
  };
}

/** What openPciFunction needs to know about profiles. */
export const PROFILE_SOURCES = {
  profiles: (name: string) => findProfile(name)?.source,
  profileNames: PROFILE_NAMES,
};

/**
 * The device that the flags describe: a profile with its own policy, anything else under `strict`.
 * @throws UsageError that says what was given and what was expected
 */
export function specFromFlags(flags: DeviceFlags): DeviceSpec {
  const profile = findProfile(flags.device);
  const source = profile?.source ?? openPciFunction(flags.device, PROFILE_SOURCES);
  return deviceSpec(source, {
    name: flags.device,
    policy: oneOf('--policy', flags.policy ?? profile?.policy ?? 'strict', POLICIES),
    generation: oneOf('--generation', flags.generation ?? CURRENT_GENERATION, DRIVER_GENERATIONS),
    resmem: oneOf('--resmem', flags.resmem ?? 'quirk', RESMEM_MODES),
    gpuMemory: parseGpuMemory(flags.gpuMemory) ?? profile?.gpuMemory,
    virtualFunction: profile?.virtualFunction,
  });
}

/** Whether there is a carve-out follows from the device's capabilities. */
export function parseGpuMemory(size: string | undefined): GpuMemory | undefined {
  return size === undefined ? undefined : { sizeBytes: BigInt(parseBytes(size, '--gpu-memory')) };
}

/** @throws UsageError for a name that is none of those allowed */
export function oneOf<T extends string>(option: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === given);
  if (found) return found;
  throw new UsageError(`${option} ${JSON.stringify(given)}: expected ${allowed.join(', ')}`);
}
