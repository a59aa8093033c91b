import { nextPowerOfTwo } from '../pci/power-of-two.ts';
import { CURRENT_GENERATION, type DriverGeneration } from '../types.ts';

/** nvgrace-gpu: memory block that firmware and driver agree on. */
const MEMBLK_BYTES = 0x2000_0000n;
/** Uncached carve-out that the MIG hardware bug needs. */
const RESMEM_MIN_BYTES = 0x4000_0000n;

/** Lengths of the two memory regions and the power-of-two BARs around them, in bytes. */
export interface Geometry {
  readonly usememBytes: bigint;
  readonly usememBarBytes: bigint;
  /** 0 where there is no carve-out. */
  readonly resmemBytes: bigint;
  readonly resmemBarBytes: bigint;
}

/**
 * Region geometry as nvgrace-gpu computes it from the memory that firmware reports (specification 1.4).
 * @param memoryBytes the firmware property `nvidia,gpu-mem-size`
 * @param migHardwareBug whether the part needs the uncached carve-out
 * @returns the geometry, or the name of the errno with which the driver refuses
 */
export function nvgraceGeometry(
  memoryBytes: bigint,
  migHardwareBug: boolean,
  generation: DriverGeneration = CURRENT_GENERATION,
): Geometry | 'EOVERFLOW' | 'EINVAL' | 'ENOMEM' {
  if (!migHardwareBug) {
    if (memoryBytes === 0n) return 'ENOMEM'; // the driver's fetch of the property refuses it
    const usememBarBytes = nextPowerOfTwo(memoryBytes);
    return { usememBytes: memoryBytes, usememBarBytes, resmemBytes: 0n, resmemBarBytes: 0n };
  }
  if (memoryBytes < RESMEM_MIN_BYTES) return 'EOVERFLOW';
  const unrounded = memoryBytes - RESMEM_MIN_BYTES;
  const usememBytes = unrounded - (unrounded % MEMBLK_BYTES);
  if (usememBytes === 0n) return 'EINVAL';
  const resmemBytes = memoryBytes - usememBytes;
  return {
    usememBytes,
    usememBarBytes: nextPowerOfTwo(generation === '6.9' ? usememBytes : unrounded),
    resmemBytes,
    resmemBarBytes: nextPowerOfTwo(resmemBytes),
  };
}
