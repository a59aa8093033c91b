// vfio_pci_core_do_io_rw (device.md 3): bytes move in accesses of 8, 4, 2 and 1 bytes, each as wide as its offset,
// what is left and the widest access allow. The exclusion window reads 0xff and drops writes.
import { fillBytes } from './copy';
import { REGION_MAX_WIDTH, REGION_WINDOW_END, REGION_WINDOW_START } from './layout';
import { addressToRead, contiguousBytes } from './pages';

/** Bytes at `offset` that accesses may reach: up to the window, all of them behind it, none inside it. */
export function ioFillable(offset: u64, count: u64, windowStart: u64, windowEnd: u64): u64 {
  if (offset < windowStart) return min(count, windowStart - offset);
  return offset >= windowEnd ? count : 0;
}

/** Bytes at `offset`, inside the window, that it hides. */
export function ioHidden(offset: u64, count: u64, windowEnd: u64): u64 {
  return min(count, windowEnd - offset);
}

/** Width of the next access. @param place of its first byte in the region, modulo 8 or more */
export function ioWidth(place: u32, fillable: u64, maxWidth: u32): u32 {
  if (fillable >= 8 && (place & 7) == 0 && maxWidth >= 8) return 8;
  if (fillable >= 4 && (place & 3) == 0 && maxWidth >= 4) return 4;
  return fillable >= 2 && (place & 1) == 0 && maxWidth >= 2 ? 2 : 1;
}

/** Reads real memory into `buffer`. Pages begin at multiples of 8, so that their edges change no access. */
export function ioRead(region: usize, offset: u64, count: u32, buffer: usize): void {
  const windowStart = load<u64>(region, REGION_WINDOW_START);
  const windowEnd = load<u64>(region, REGION_WINDOW_END);
  const maxWidth = load<u32>(region, REGION_MAX_WIDTH);
  while (count != 0) {
    let bytes = <u32>ioFillable(offset, count, windowStart, windowEnd);
    if (bytes != 0) {
      bytes = min(bytes, contiguousBytes(region, offset));
      moveAccesses(buffer, addressToRead(region, offset), <u32>offset, bytes, maxWidth);
    } else {
      bytes = <u32>ioHidden(offset, count, windowEnd);
      fillBytes(buffer, 0xff, bytes);
    }
    buffer += bytes;
    offset += bytes;
    count -= bytes;
  }
}

/** Writes real memory, whose pages outside the window have frames, from `buffer`. */
export function ioWrite(region: usize, offset: u64, count: u32, buffer: usize): void {
  const windowStart = load<u64>(region, REGION_WINDOW_START);
  const windowEnd = load<u64>(region, REGION_WINDOW_END);
  const maxWidth = load<u32>(region, REGION_MAX_WIDTH);
  while (count != 0) {
    let bytes = <u32>ioFillable(offset, count, windowStart, windowEnd);
    if (bytes != 0) {
      bytes = min(bytes, contiguousBytes(region, offset));
      moveAccesses(addressToRead(region, offset), buffer, <u32>offset, bytes, maxWidth);
    } else {
      bytes = <u32>ioHidden(offset, count, windowEnd);
    }
    buffer += bytes;
    offset += bytes;
    count -= bytes;
  }
}

function moveAccesses(destination: usize, source: usize, place: u32, count: u32, maxWidth: u32): void {
  while (count != 0) {
    const width = ioWidth(place, count, maxWidth);
    // The widest access repeats until less than one is left: behind it the offset is as aligned as before.
    const bytes = width << 1 > maxWidth ? count & ~(width - 1) : width;
    if (width == 8) moveRun<u64>(destination, source, bytes);
    else if (width == 4) moveRun<u32>(destination, source, bytes);
    else if (width == 2) moveRun<u16>(destination, source, bytes);
    else moveRun<u8>(destination, source, bytes);
    destination += bytes;
    source += bytes;
    place += bytes;
    count -= bytes;
  }
}

function moveRun<T>(destination: usize, source: usize, bytes: u32): void {
  const end = source + bytes;
  do {
    store<T>(destination, load<T>(source));
    destination += sizeof<T>();
    source += sizeof<T>();
  } while (source < end);
}
