// vfio_pci_core_range_intersect_range (device.md 2.8): where a request meets a register.

/** Offset of the shared bytes in the buffer, in the register, and their number; valid after `overlap` returned true. */
export let overlapBufferOffset: u32 = 0;
export let overlapRegisterOffset: u32 = 0;
export let overlapCount: u32 = 0;

/** True where [bufferStart, +bufferCount) meets [registerStart, +registerCount). A request of no bytes strictly inside a register meets it with count 0. */
export function overlap(bufferStart: u64, bufferCount: u64, registerStart: u64, registerCount: u64): bool {
  if (bufferStart <= registerStart && bufferStart + bufferCount > registerStart) {
    overlapBufferOffset = <u32>(registerStart - bufferStart);
    overlapRegisterOffset = 0;
    overlapCount = <u32>min(registerCount, bufferStart + bufferCount - registerStart);
    return true;
  }
  if (bufferStart > registerStart && bufferStart < registerStart + registerCount) {
    overlapBufferOffset = 0;
    overlapRegisterOffset = <u32>(bufferStart - registerStart);
    overlapCount = <u32>min(bufferCount, registerStart + registerCount - bufferStart);
    return true;
  }
  return false;
}
