import type { Policy } from '../../../types.ts';
import type { ResetKind } from '../../device-model.ts';
import type { DeviceSpec } from '../../device-spec.ts';
import type { ConfigTables } from '../config-tables.ts';
import { NvgraceBars } from './nvgrace.ts';
import { V13Bar } from './v13.ts';
import { VirtioOverlays } from './virtio.ts';

/**
 * What a variant driver does with a whole request, around vfio-pci-core. Plain accesses to registers that no
 * driver looks at never come here: they are folded into the tables. What a driver does not do, it does not have.
 */
export interface VariantDriver {
  /** Runs after foldCore. */
  fold(): void;
  reset(kind: ResetKind): void;
  /** A read that the driver answers alone, before the core checks anything: its result, or FOR_CORE. */
  takeRead?(offset: number, count: number, buffer: Uint8Array): number;
  /** What the driver lays over a read that the core served. */
  patchRead?(offset: number, count: number, buffer: Uint8Array): void;
  /** What the driver takes of a write, before the core sees it: its result, or FOR_CORE. */
  takeWrite?(offset: number, count: number, buffer: Uint8Array): number;
  /** Puts the core's own view of what is emulated into the tables. */
  beforeCore?(): void;
  /** Puts the emulated view back. */
  afterCore?(): void;
}

type Driver = new (tables: ConfigTables, spec: DeviceSpec) => VariantDriver;

const DRIVERS: Partial<Record<Policy, Driver>> = {
  nvgrace: NvgraceBars,
  v13: V13Bar,
  'virtio-flags': VirtioOverlays,
  'virtio-flags2': VirtioOverlays,
  virtio: VirtioOverlays,
};

/** The driver of a policy; null where vfio-pci-core, or no driver at all, answers alone. */
export function variantDriver(tables: ConfigTables, spec: DeviceSpec): VariantDriver | null {
  const Driver = DRIVERS[spec.policy];
  return Driver ? new Driver(tables, spec) : null;
}
