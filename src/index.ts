/** The public library surface. */
export { Device } from './device/device.ts';
export type { DeviceModel, ResetKind } from './device/device-model.ts';
export { type DeviceOptions, type DeviceSpec, deviceSpec, type GpuMemory } from './device/device-spec.ts';
export type { Profile } from './device/profile.ts';
export { findProfile, PROFILE_NAMES } from './device/profiles.ts';
export { BarometerError, UnavailableImplementation, UsageError } from './errors.ts';
export { LinearMemory } from './memory/linear-memory.ts';
export type { Bar, PciFunction, Rom } from './pci/function.ts';
export type { DriverGeneration, Implementation, Policy, WidthBytes } from './types.ts';
export type {
  ModuleParams,
  WorkloadFunction,
  WorkloadModule,
  WorkloadOptions,
} from './workload/module-types.ts';
