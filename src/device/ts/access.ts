import * as layout from '../../../assembly/layout.ts';

// Packed accesses, as indexes into 32-bit words (assembly/layout.ts).
export const WORDS = layout.ACCESS_BYTES >> 2;
export const OFFSET_LOW = layout.ACCESS_OFFSET_LOW >> 2;
export const OFFSET_HIGH = layout.ACCESS_OFFSET_HIGH >> 2;
export const VALUE = layout.ACCESS_VALUE >> 2;

/** The next access of a batch, as a word index; a fast loop leaves here where it stopped. */
export interface Cursor {
  at: number;
}

/** One step of the checksum, as in the other implementations. */
export function mix(checksum: number, value: number): number {
  return (((checksum << 5) | (checksum >>> 27)) + value) | 0;
}

/** The checksum after a value of `width` bytes; 8 bytes enter as two halves. */
export function mixValue(view: DataView, address: number, width: number, checksum: number): number {
  if (width === 4) return mix(checksum, view.getInt32(address, true));
  if (width === 8) return mix(mix(checksum, view.getInt32(address, true)), view.getInt32(address + 4, true));
  return mix(checksum, width === 2 ? view.getUint16(address, true) : view.getUint8(address));
}

/** Stores `width` bytes of a value; 8 bytes repeat it in both halves. */
export function put(view: DataView, address: number, width: number, value: number): void {
  if (width === 4) view.setInt32(address, value, true);
  else if (width === 8) {
    view.setInt32(address, value, true);
    view.setInt32(address + 4, value, true);
  } else if (width === 2) view.setInt16(address, value, true);
  else view.setInt8(address, value);
}
