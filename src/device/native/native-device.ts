import { RESET_FLR, RESET_HOT, RESET_IOCTL } from '../../../assembly/layout.ts';
import { UnavailableImplementation } from '../../errors.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { WidthBytes } from '../../types.ts';
import type { DeviceModel, IoStep, Overlap, ResetKind } from '../device-model.ts';
import { timeStart } from '../start-times.ts';
import type { NativeCore } from './addon.ts';
import { loadNative } from './builder.ts';
import type { NativeBuild } from './native-build.ts';

const RESET_CODES: Record<ResetKind, number> = { ioctl: RESET_IOCTL, flr: RESET_FLR, hot: RESET_HOT };

/** Which build the devices of this process use. */
let selectedBuild: NativeBuild = 'O3';

/** Has every device that is made from now on use `build`. */
export function selectNativeBuild(build: NativeBuild): void {
  selectedBuild = build;
}

/** Has the devices that `make` makes use `build`. */
export function withNativeBuild<T>(build: NativeBuild, make: () => T): T {
  const before = selectedBuild;
  selectedBuild = build;
  try {
    return make();
  } finally {
    selectedBuild = before;
  }
}

/** The selected build, compiled and loaded, or why this machine has none. */
export function selectedNative(): ReturnType<typeof loadNative> & { readonly build: NativeBuild } {
  return { ...loadNative(selectedBuild), build: selectedBuild };
}

/** The same core in C, as an addon: one Node-API call per method. */
export class NativeDevice implements DeviceModel {
  readonly implementation = 'native';
  readonly core: NativeCore;
  private readonly i32: Int32Array;
  private readonly overlapResult: number;

  /**
   * Builds the device that `stateBlock` describes (see placeDevice).
   * @throws UnavailableImplementation where this machine cannot compile it
   */
  constructor(memory: LinearMemory, stateBlock: number) {
    const native = selectedNative();
    if (!native.available) throw new UnavailableImplementation('native', native.reason);
    const make = () => native.addon.open(memory.u8, stateBlock);
    this.core = native.build === 'unchecked' ? make() : timeStart('native', 'instantiate', make);
    this.i32 = memory.i32;
    this.overlapResult = memory.allocate(12).address;
  }

  configRead(offsetBytes: number, widthBytes: WidthBytes): number {
    return this.core.configRead(offsetBytes, widthBytes);
  }

  configWrite(offsetBytes: number, widthBytes: WidthBytes, value: number): number {
    return this.core.configWrite(offsetBytes, widthBytes, value);
  }

  configReadBytes(offsetBytes: number, countBytes: number, bufferAddress: number): number {
    return this.core.configReadBytes(offsetBytes, countBytes, bufferAddress);
  }

  configWriteBytes(offsetBytes: number, countBytes: number, bufferAddress: number): number {
    return this.core.configWriteBytes(offsetBytes, countBytes, bufferAddress);
  }

  regionRead(region: number, offsetBytes: number, countBytes: number, bufferAddress: number): number {
    return this.core.regionRead(region, offsetBytes, countBytes, bufferAddress);
  }

  regionWrite(region: number, offsetBytes: number, countBytes: number, bufferAddress: number): number {
    return this.core.regionWrite(region, offsetBytes, countBytes, bufferAddress);
  }

  regionCopy(region: number, to: number, from: number, countBytes: number): number {
    return this.core.regionCopy(region, to, from, countBytes);
  }

  regionFill(region: number, offsetBytes: number, countBytes: number, byte: number): number {
    return this.core.regionFill(region, offsetBytes, countBytes, byte);
  }

  reset(kind: ResetKind): void {
    this.core.reset(RESET_CODES[kind]);
  }

  runBatch(accessesAddress: number, count: number, bufferAddress: number, checksum: number): number {
    return this.core.runBatch(accessesAddress, count, bufferAddress, checksum);
  }

  /** Compiled before the process began: there is no tier to ask for. */
  codeOf(): readonly unknown[] {
    return [];
  }

  chunkWidth(offsetBytes: number, remainingBytes: number): number {
    return this.core.chunkWidth(offsetBytes, remainingBytes);
  }

  overlap(
    bufferStart: number,
    bufferCount: number,
    registerStart: number,
    registerCount: number,
  ): Overlap | null {
    const at = this.overlapResult;
    if (this.core.overlap(bufferStart, bufferCount, registerStart, registerCount, at) === 0) return null;
    const [bufferOffset, count, registerOffset] = this.i32.subarray(at >> 2, (at >> 2) + 3);
    return [bufferOffset! >>> 0, count! >>> 0, registerOffset! >>> 0];
  }

  ioStep(offset: number, count: number, windowStart: number, windowEnd: number, maxWidth: number): IoStep {
    const bytes = this.core.ioStep(offset, count, windowStart, windowEnd, maxWidth);
    return { bytes: Math.abs(bytes), hidden: bytes < 0 };
  }
}
