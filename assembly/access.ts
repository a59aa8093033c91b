// Packed accesses (layout.ts), and what all loops over them share.
import { ACCESS_OFFSET_LOW, ACCESS_VALUE } from './layout';

/** One step of the checksum: order matters, and the chain costs two cycles. */
export function mix(checksum: u32, value: u32): u32 {
  return rotl<u32>(checksum, 5) + value;
}

/** The checksum after a value; 8 bytes enter as two halves. */
export function mixValue<T>(checksum: u32, value: T): u32 {
  if (sizeof<T>() == 8) return mix(mix(checksum, <u32>value), <u32>(<u64>value >> 32));
  return mix(checksum, <u32>value);
}

/** The next access of the batch. A fast loop returns its checksum and leaves here where it stopped. */
export let cursor: usize = 0;

export function stopAt(access: usize): void {
  cursor = access;
}

export function widthOf(control: u32): u32 {
  return (control >> 16) & 0xff;
}

export function regionOf(control: u32): u32 {
  return (control >> 8) & 0xff;
}

export function offsetOf(at: usize): u64 {
  return load<u64>(at, ACCESS_OFFSET_LOW);
}

export function valueOf<T>(at: usize): T {
  const value: u64 = load<u32>(at, ACCESS_VALUE);
  return <T>(sizeof<T>() == 8 ? value | (value << 32) : value);
}
