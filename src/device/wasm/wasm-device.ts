import {
  EFAULT,
  LAST_ERRNO,
  OP_CONFIG_WRITE,
  OP_WALK,
  RESET_FLR,
  RESET_HOT,
  RESET_IOCTL,
} from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { WidthBytes } from '../../types.ts';
import type { DeviceModel, IoStep, Overlap, ResetKind } from '../device-model.ts';
import { type CoreExports, instantiateCore } from './module.ts';

const RESET_CODES: Record<ResetKind, number> = { ioctl: RESET_IOCTL, flr: RESET_FLR, hot: RESET_HOT };
const TWO_32 = 2 ** 32;

/** The AssemblyScript core, one call across the boundary per method. */
export class WasmDevice implements DeviceModel {
  readonly implementation = 'wasm';
  readonly core: CoreExports;
  private readonly i32: Int32Array;
  private readonly errnoIdx: number;
  private readonly overlapResult: number;

  /** Builds the device that `stateBlock` describes (see placeDevice). */
  constructor(memory: LinearMemory, stateBlock: number) {
    this.core = instantiateCore(memory.memory, stateBlock);
    this.i32 = memory.i32;
    this.errnoIdx = (stateBlock + LAST_ERRNO) >> 2;
    this.overlapResult = memory.allocate(12).address;
  }

  configRead(offsetBytes: number, widthBytes: WidthBytes): number {
    if ((offsetBytes | 0) !== offsetBytes) return -EFAULT;
    const value = this.core.configRead(offsetBytes, widthBytes);
    return value === -1 ? this.allOnesOrErrno() : value >>> 0;
  }

  /** All ones are a value like any other, unless the core left an errno beside them. */
  private allOnesOrErrno(): number {
    const errno = this.i32[this.errnoIdx]!;
    if (errno === 0) return 0xffffffff;
    this.i32[this.errnoIdx] = 0;
    return -errno;
  }

  configWrite(offsetBytes: number, widthBytes: WidthBytes, value: number): number {
    if ((offsetBytes | 0) !== offsetBytes) return -EFAULT;
    return this.core.configWrite(offsetBytes, widthBytes, value);
  }

  configReadBytes(offsetBytes: number, countBytes: number, bufferAddress: number): number {
    if ((offsetBytes | 0) !== offsetBytes) return countBytes === 0 ? 0 : -EFAULT;
    return this.core.configReadBytes(offsetBytes, countBytes, bufferAddress);
  }

  configWriteBytes(offsetBytes: number, countBytes: number, bufferAddress: number): number {
    if ((offsetBytes | 0) !== offsetBytes) return countBytes === 0 ? 0 : -EFAULT;
    return this.core.configWriteBytes(offsetBytes, countBytes, bufferAddress);
  }

  regionRead(region: number, offsetBytes: number, countBytes: number, bufferAddress: number): number {
    return this.core.regionReadAt(region, offsetBytes | 0, offsetBytes / TWO_32, countBytes, bufferAddress);
  }

  regionWrite(region: number, offsetBytes: number, countBytes: number, bufferAddress: number): number {
    return this.core.regionWriteAt(region, offsetBytes | 0, offsetBytes / TWO_32, countBytes, bufferAddress);
  }

  regionCopy(region: number, to: number, from: number, countBytes: number): number {
    return this.core.regionCopyAt(region, to | 0, to / TWO_32, from | 0, from / TWO_32, countBytes);
  }

  regionFill(region: number, offsetBytes: number, countBytes: number, byte: number): number {
    return this.core.regionFillAt(region, offsetBytes | 0, offsetBytes / TWO_32, countBytes, byte);
  }

  reset(kind: ResetKind): void {
    this.core.reset(RESET_CODES[kind]);
  }

  runBatch(accessesAddress: number, count: number, bufferAddress: number, checksum: number): number {
    return this.core.runBatch(accessesAddress, count, bufferAddress, checksum);
  }

  codeOf(controls: readonly number[]): readonly unknown[] {
    // Registers of configuration space in several ways, as a sizing accesses them.
    const isMixed = controls.filter(isConfig).length > 1;
    const codes = controls.map((control) => {
      if (isMixed && isConfig(control)) return this.core.mixedConfig;
      return (control & 0xff) <= OP_WALK ? this.core.fast : this.core.general;
    });
    return [...new Set(codes)];
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
    if (!this.core.overlapAt(bufferStart, bufferCount, registerStart, registerCount, at)) return null;
    const [bufferOffset, count, registerOffset] = this.i32.subarray(at >> 2, (at >> 2) + 3);
    return [bufferOffset! >>> 0, count! >>> 0, registerOffset! >>> 0];
  }

  ioStep(offset: number, count: number, windowStart: number, windowEnd: number, maxWidth: number): IoStep {
    const bytes = this.core.ioStepAt(offset, count, windowStart, windowEnd, maxWidth);
    return { bytes: Math.abs(bytes), hidden: bytes < 0 };
  }
}

function isConfig(control: number): boolean {
  return (control & 0xff) <= OP_CONFIG_WRITE;
}
