import type { Implementation, WidthBytes } from '../types.ts';

/** A reset as software can cause it: the VFIO_DEVICE_RESET ioctl, a function level reset, a hot reset of the bus. */
export type ResetKind = 'ioctl' | 'flr' | 'hot';

/** Where a request meets a register: offset in the request, bytes shared, offset in the register. */
export type Overlap = readonly [bufferOffset: number, count: number, registerOffset: number];

/** A step of an access plan: one access, or bytes that the exclusion window hides. */
export interface IoStep {
  readonly bytes: number;
  readonly hidden: boolean;
}

/**
 * One emulated PCI device. Every implementation has this interface, and one conformance suite holds them to it.
 *
 * Offsets and counts are bytes; configuration offsets are below 2^32. Results follow the VFIO file interface: a count of bytes done, or a negative
 * errno (-14 EFAULT outside configuration space, -22 EINVAL outside a region, -5 EIO or -62 ETIME where it is not to
 * be accessed now, -12 ENOMEM where a sparse region has no frame left; nothing was written then). Buffers are byte addresses in the device's linear memory.
 * Source: specification sections 1.7, 1.9, 1.10, 2, 3, 4 and 7.
 */
export interface DeviceModel {
  readonly implementation: Implementation;

  /** Value of 1, 2 or 4 bytes at any offset, 0 to 2^32 - 1, or a negative errno. */
  configRead(offsetBytes: number, widthBytes: WidthBytes): number;
  /** Bytes taken, or a negative errno. Policy nvgrace may take fewer than `widthBytes`. */
  configWrite(offsetBytes: number, widthBytes: WidthBytes, value: number): number;
  configReadBytes(offsetBytes: number, countBytes: number, bufferAddress: number): number;
  configWriteBytes(offsetBytes: number, countBytes: number, bufferAddress: number): number;

  /**
   * `offsetBytes` below 2^53, `countBytes` below 2^31; bytes past memlength and in an exclusion window read 0xff. An
   * uncached region returns the bytes of real memory alone, as the driver does, and leaves the rest of the buffer,
   * unless the device's `resmem` is `intended`. Region 7 is configuration space; it has no copy and no fill.
   */
  regionRead(regionIndex: number, offsetBytes: number, countBytes: number, bufferAddress: number): number;
  /** Bytes past memlength and in an exclusion window are dropped and count as done. */
  regionWrite(regionIndex: number, offsetBytes: number, countBytes: number, bufferAddress: number): number;
  /** Copies inside one region, as if through a buffer. */
  regionCopy(regionIndex: number, destinationBytes: number, sourceBytes: number, countBytes: number): number;
  regionFill(regionIndex: number, offsetBytes: number, countBytes: number, byte: number): number;

  reset(kind: ResetKind): void;

  /**
   * Runs packed accesses (see assembly/layout.ts) and returns the checksum: signed 32 bits, which V8 holds without
   * making an object.
   */
  runBatch(accessesAddress: number, count: number, bufferAddress: number, checksum: number): number;

  /**
   * Functions in which the measured loop spends its time on a batch with these control words (assembly/layout.ts),
   * each named once, so that their compiler tier can be asked. WebAssembly implementations name exported functions.
   */
  codeOf(controls: readonly number[]): readonly unknown[];

  /** Width of the next step of a configuration request (specification 2.2). */
  chunkWidth(offsetBytes: number, remainingBytes: number): number;
  /** Where a request meets a register, null where it does not (specification 2.8). */
  overlap(
    bufferStart: number,
    bufferCount: number,
    registerStart: number,
    registerCount: number,
  ): Overlap | null;
  /**
   * The next step of vfio-pci-core's access plan (specification 3) for `countBytes`, above 0, at `offsetBytes` of a
   * region with the given exclusion window. Offsets and counts below 2^53.
   */
  ioStep(
    offsetBytes: number,
    countBytes: number,
    windowStart: number,
    windowEnd: number,
    maxWidth: number,
  ): IoStep;
}
