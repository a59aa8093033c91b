import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { DeviceSpec } from '../device-spec.ts';
import type { ConfigSpace } from './config-space.ts';
import { Gates } from './gates.ts';
import { Region } from './region.ts';

/** All regions of a device, by VFIO index: those with memory, configuration space, and those that are not there. */
export class Regions {
  readonly byIndex: readonly (Region | undefined)[];
  private readonly config: ConfigSpace;
  private readonly gates: Gates;
  private readonly strict: boolean;
  private readonly readinessChecked: boolean;

  constructor(memory: LinearMemory, stateBlock: number, spec: DeviceSpec, config: ConfigSpace) {
    this.config = config;
    this.gates = new Gates(memory, stateBlock);
    this.strict = spec.policy === 'strict';
    this.readinessChecked = memory.view.getUint32(stateBlock + layout.READINESS_CHECKED, true) !== 0;
    const byIndex = new Array<Region | undefined>(10).fill(undefined);
    for (const region of spec.regions) {
      byIndex[region.regionIndex] = new Region(memory, stateBlock, region, this.gates);
    }
    this.byIndex = byIndex;
  }

  read(regionIndex: number, offset: number, count: number, bufferAddress: number): number {
    if (regionIndex === layout.CONFIG_REGION) return this.config.readBytes(offset, count, bufferAddress);
    return this.byIndex[regionIndex]?.read(offset, count, bufferAddress) ?? this.absent(regionIndex, count);
  }

  write(regionIndex: number, offset: number, count: number, bufferAddress: number): number {
    if (regionIndex === layout.CONFIG_REGION) return this.config.writeBytes(offset, count, bufferAddress);
    return this.byIndex[regionIndex]?.write(offset, count, bufferAddress) ?? this.absent(regionIndex, count);
  }

  copy(regionIndex: number, destination: number, source: number, count: number): number {
    return this.byIndex[regionIndex]?.copy(destination, source, count) ?? this.absent(regionIndex, count);
  }

  fill(regionIndex: number, offset: number, count: number, byte: number): number {
    return this.byIndex[regionIndex]?.fill(offset, count, byte) ?? this.absent(regionIndex, count);
  }

  /** Where the driver checks readiness (specification 1.10), it does so at the next access to GPU memory. */
  reset(): void {
    if (this.readinessChecked) this.gates.setResetPending();
  }

  /** A region that the device lacks. vfio-pci-core looks at the count first. */
  private absent(regionIndex: number, count: number): number {
    return regionIndex <= layout.VGA_REGION && !this.strict && count === 0 ? 0 : -layout.EINVAL;
  }
}
