import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { WidthBytes } from '../../types.ts';
import type { DeviceModel, Overlap, ResetKind } from '../device-model.ts';
import type { DeviceSpec } from '../device-spec.ts';
import { AccessBatch } from './access-batch.ts';
import { ConfigSpace } from './config-space.ts';
import { overlap } from './overlap.ts';
import { Region } from './region.ts';

const EINVAL = -22;

/** The device in plain TypeScript, on views of the same linear memory as the others. */
export class TsDevice implements DeviceModel {
  readonly implementation = 'ts';
  readonly config: ConfigSpace;
  private readonly regions: (Region | undefined)[];
  private readonly batch: AccessBatch;

  /** Builds the device that `stateBlock` describes (see placeDevice). */
  constructor(memory: LinearMemory, stateBlock: number, spec: DeviceSpec) {
    ConfigSpace.fold(memory, stateBlock, spec);
    this.config = new ConfigSpace(memory, stateBlock, spec);
    this.regions = new Array(10).fill(undefined);
    for (const region of spec.regions) {
      this.regions[region.regionIndex] = new Region(memory, stateBlock, region);
    }
    this.batch = new AccessBatch(memory, stateBlock, this.config, this.regions);
  }

  configRead(offsetBytes: number, widthBytes: WidthBytes): number {
    return this.config.read(offsetBytes, widthBytes);
  }

  configWrite(offsetBytes: number, widthBytes: WidthBytes, value: number): number {
    return this.config.write(offsetBytes, widthBytes, value);
  }

  configReadBytes(offsetBytes: number, countBytes: number, bufferAddress: number): number {
    return this.config.readBytes(offsetBytes, countBytes, bufferAddress);
  }

  configWriteBytes(offsetBytes: number, countBytes: number, bufferAddress: number): number {
    return this.config.writeBytes(offsetBytes, countBytes, bufferAddress);
  }

  regionRead(regionIndex: number, offsetBytes: number, countBytes: number, bufferAddress: number): number {
    return this.regions[regionIndex]?.read(offsetBytes, countBytes, bufferAddress) ?? EINVAL;
  }

  regionWrite(regionIndex: number, offsetBytes: number, countBytes: number, bufferAddress: number): number {
    return this.regions[regionIndex]?.write(offsetBytes, countBytes, bufferAddress) ?? EINVAL;
  }

  regionCopy(regionIndex: number, to: number, from: number, countBytes: number): number {
    return this.regions[regionIndex]?.copy(to, from, countBytes) ?? EINVAL;
  }

  regionFill(regionIndex: number, offsetBytes: number, countBytes: number, byte: number): number {
    return this.regions[regionIndex]?.fill(offsetBytes, countBytes, byte) ?? EINVAL;
  }

  reset(kind: ResetKind): void {
    this.config.reset(kind);
  }

  runBatch(accessesAddress: number, count: number, bufferAddress: number, checksum: number): number {
    return this.batch.run(accessesAddress, count, bufferAddress, checksum);
  }

  codeOf(control: number): readonly unknown[] {
    return [this.batch.loopOf(control)];
  }

  chunkWidth(offsetBytes: number, remainingBytes: number): number {
    return this.config.chunkWidth(offsetBytes, remainingBytes);
  }

  overlap(
    bufferStart: number,
    bufferCount: number,
    registerStart: number,
    registerCount: number,
  ): Overlap | null {
    return overlap(bufferStart, bufferCount, registerStart, registerCount);
  }
}
