import type { Overlap } from '../device-model.ts';

/** Where [bufferStart, +bufferCount) meets [registerStart, +registerCount): vfio_pci_core_range_intersect_range (specification 2.8). */
export function overlap(
  bufferStart: number,
  bufferCount: number,
  registerStart: number,
  registerCount: number,
): Overlap | null {
  const bufferEnd = bufferStart + bufferCount;
  const registerEnd = registerStart + registerCount;
  if (bufferStart <= registerStart) {
    if (bufferEnd <= registerStart) return null;
    return [registerStart - bufferStart, Math.min(registerCount, bufferEnd - registerStart), 0];
  }
  if (bufferStart >= registerEnd) return null;
  return [0, Math.min(bufferCount, registerEnd - bufferStart), bufferStart - registerStart];
}
