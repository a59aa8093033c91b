import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { WidthBytes } from '../../types.ts';
import type { DeviceModel, IoStep, Overlap, ResetKind } from '../device-model.ts';
import type { DeviceSpec } from '../device-spec.ts';
import { AccessBatch } from './access-batch.ts';
import { ConfigSpace } from './config-space.ts';
import { ioFillable, ioHidden, ioWidth } from './io.ts';
import { overlap } from './overlap.ts';
import { Regions } from './regions.ts';

/** The device in plain TypeScript, on views of the same linear memory as the others. */
export class TsDevice implements DeviceModel {
  readonly implementation = 'ts';
  readonly config: ConfigSpace;
  private readonly regions: Regions;
  private readonly batch: AccessBatch;

  /** Builds the device that `stateBlock` describes (see placeDevice). */
  constructor(memory: LinearMemory, stateBlock: number, spec: DeviceSpec) {
    ConfigSpace.fold(memory, stateBlock, spec);
    this.config = new ConfigSpace(memory, stateBlock, spec);
    this.regions = new Regions(memory, stateBlock, spec, this.config);
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
    return this.regions.read(regionIndex, offsetBytes, countBytes, bufferAddress);
  }

  regionWrite(regionIndex: number, offsetBytes: number, countBytes: number, bufferAddress: number): number {
    return this.regions.write(regionIndex, offsetBytes, countBytes, bufferAddress);
  }

  regionCopy(regionIndex: number, to: number, from: number, countBytes: number): number {
    return this.regions.copy(regionIndex, to, from, countBytes);
  }

  regionFill(regionIndex: number, offsetBytes: number, countBytes: number, byte: number): number {
    return this.regions.fill(regionIndex, offsetBytes, countBytes, byte);
  }

  reset(kind: ResetKind): void {
    this.regions.reset();
    this.config.reset(kind);
  }

  runBatch(accessesAddress: number, count: number, bufferAddress: number, checksum: number): number {
    return this.batch.run(accessesAddress, count, bufferAddress, checksum);
  }

  codeOf(controls: readonly number[]): readonly unknown[] {
    return this.batch.loopsOf(controls);
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

  ioStep(offset: number, count: number, windowStart: number, windowEnd: number, maxWidth: number): IoStep {
    const fillable = ioFillable(offset, count, windowStart, windowEnd);
    if (fillable === 0) return { bytes: ioHidden(offset, count, windowEnd), hidden: true };
    return { bytes: ioWidth(offset % 8, fillable, maxWidth), hidden: false };
  }
}
