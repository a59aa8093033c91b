// Device memory as nvgrace-gpu serves it through the file (device.md 1.9): memlength real bytes below a
// power-of-two BAR. Past memlength reads give 0xff and writes are dropped; both count as done.
import { copyBytes, fillBytes } from './copy';
import {
  BACKING_FLAT,
  BACKING_NONE,
  EINVAL,
  ENOMEM,
  FRAME_BYTES_LEFT,
  NEXT_FRAME,
  REGION_BACKING,
  REGION_BAR_SIZE,
  REGION_BASE,
  REGION_BYTES,
  REGION_MEMLENGTH,
  REGION_PAGE_MAP,
  REGION_PAGE_SHIFT,
  REGION_UNCACHED,
  REGIONS,
} from './layout';
import { state } from './state';

const LAST_REGION: u32 = 9;

/** Address of a region's descriptor; indexes that do not exist share the last one, which is never backed. */
export function regionAt(regionIndex: u32): usize {
  return state + REGIONS + min(regionIndex, LAST_REGION) * REGION_BYTES;
}

/** Address of the page-map entry of the page that holds `offset`. */
function pageEntry(region: usize, offset: u64): usize {
  return load<u32>(region, REGION_PAGE_MAP) + ((<u32>(offset >> load<u32>(region, REGION_PAGE_SHIFT))) << 2);
}

/** Address of the byte at `offset`, which lies below memlength. Pages never written share the zero frame. */
function addressToRead(region: usize, offset: u64): usize {
  const base = load<u32>(region, REGION_BASE);
  if (load<u32>(region, REGION_BACKING) == BACKING_FLAT) return base + <u32>offset;
  const pageMask = (1 << load<u32>(region, REGION_PAGE_SHIFT)) - 1;
  return base + load<u32>(pageEntry(region, offset)) + (<u32>offset & pageMask);
}

/** Bytes from `offset` to the end of its page, which are contiguous in linear memory. */
function contiguousBytes(region: usize, offset: u64): u32 {
  if (load<u32>(region, REGION_BACKING) == BACKING_FLAT) return 0xffffffff;
  const pageBytes: u32 = 1 << load<u32>(region, REGION_PAGE_SHIFT);
  return pageBytes - (<u32>offset & (pageBytes - 1));
}

/**
 * Gives every page of [offset, +count) a frame, or none at all.
 * @returns false where the frames do not suffice: nothing was changed
 */
function backPages(region: usize, offset: u64, count: u32): bool {
  if (load<u32>(region, REGION_BACKING) == BACKING_FLAT || count == 0) return true;
  const pageBytes: u32 = 1 << load<u32>(region, REGION_PAGE_SHIFT);
  const first = pageEntry(region, offset);
  const last = pageEntry(region, offset + count - 1);
  let missingBytes: u64 = 0;
  for (let entry = first; entry <= last; entry += 4) if (load<u32>(entry) == 0) missingBytes += pageBytes;
  if (missingBytes > load<u32>(state, FRAME_BYTES_LEFT)) return false;
  if (missingBytes == 0) return true;
  for (let entry = first; entry <= last; entry += 4) if (load<u32>(entry) == 0) takeFrame(entry, pageBytes);
  return true;
}

function takeFrame(entry: usize, pageBytes: u32): void {
  const s = state;
  const frame = load<u32>(s, NEXT_FRAME);
  store<u32>(entry, frame);
  store<u32>(s, frame + pageBytes, NEXT_FRAME);
  store<u32>(s, load<u32>(s, FRAME_BYTES_LEFT) - pageBytes, FRAME_BYTES_LEFT);
}

/** Bytes of a request at `offset` that memory really answers for. */
function memoryBytes(region: usize, offset: u64, count: u32): u32 {
  const memlength = load<u64>(region, REGION_MEMLENGTH);
  return offset >= memlength ? 0 : <u32>min<u64>(count, memlength - offset);
}

/** The request clamped to the BAR; -EINVAL where it starts outside, is 2^31 bytes or more, or there is no such region. */
function clamp(region: usize, offset: u64, count: u32): i32 {
  const barSize = load<u64>(region, REGION_BAR_SIZE);
  if (load<u32>(region, REGION_BACKING) == BACKING_NONE || offset >= barSize || <i32>count < 0)
    return -EINVAL;
  return <i32>min<u64>(count, barSize - offset);
}

/**
 * Reads `count` bytes (at most 2^31 - 1) into `buffer`.
 * @returns bytes done, clamped to the BAR; -EINVAL where the request starts outside it. An uncached region
 * returns the bytes of real memory alone and leaves the tail of the buffer as it was (device.md 1.9)
 */
export function regionRead(regionIndex: u32, offset: u64, count: u32, buffer: usize): i32 {
  const region = regionAt(regionIndex);
  const done = clamp(region, offset, count);
  if (done <= 0) return done;
  const real = memoryBytes(region, offset, done);
  copyOut(region, offset, real, buffer);
  if (real != 0 && load<u32>(region, REGION_UNCACHED) != 0) return real;
  if (real < <u32>done) fillBytes(buffer + real, 0xff, done - real);
  return done;
}

function copyOut(region: usize, offset: u64, count: u32, buffer: usize): void {
  while (count != 0) {
    const bytes = min(count, contiguousBytes(region, offset));
    copyBytes(buffer, addressToRead(region, offset), bytes);
    buffer += bytes;
    offset += bytes;
    count -= bytes;
  }
}

/**
 * Writes `count` bytes from `buffer`; those past memlength are dropped and count as done.
 * @returns bytes done; -EINVAL as regionRead; -ENOMEM where frames run out, with nothing written
 */
export function regionWrite(regionIndex: u32, offset: u64, count: u32, buffer: usize): i32 {
  const region = regionAt(regionIndex);
  const done = clamp(region, offset, count);
  if (done <= 0) return done;
  let real = memoryBytes(region, offset, done);
  const result = real != 0 && load<u32>(region, REGION_UNCACHED) != 0 ? <i32>real : done;
  if (!backPages(region, offset, real)) return -ENOMEM;
  while (real != 0) {
    const bytes = min(real, contiguousBytes(region, offset));
    copyBytes(addressToRead(region, offset), buffer, bytes);
    buffer += bytes;
    offset += bytes;
    real -= bytes;
  }
  return result;
}

/**
 * Copies `count` bytes inside one region as if through a buffer: overlapping ranges come out right, a source
 * past memlength reads 0xff, a destination past it is dropped.
 * @returns bytes done, clamped to the BAR on both sides; -EINVAL, -ENOMEM as regionWrite
 */
export function regionCopy(regionIndex: u32, destination: u64, source: u64, count: u32): i32 {
  const region = regionAt(regionIndex);
  const done = min(clamp(region, destination, count), clamp(region, source, count));
  if (done <= 0) return done;
  const kept = memoryBytes(region, destination, done);
  const real = min(kept, memoryBytes(region, source, done));
  if (!backPages(region, destination, kept)) return -ENOMEM;
  if (destination > source && destination - source < real) copyBackward(region, destination, source, real);
  else copyForward(region, destination, source, real);
  fillPages(region, destination + real, kept - real, 0xff);
  return done;
}

function copyForward(region: usize, destination: u64, source: u64, count: u32): void {
  while (count != 0) {
    const bytes = min(count, min(contiguousBytes(region, destination), contiguousBytes(region, source)));
    copyBytes(addressToRead(region, destination), addressToRead(region, source), bytes);
    destination += bytes;
    source += bytes;
    count -= bytes;
  }
}

function copyBackward(region: usize, destination: u64, source: u64, count: u32): void {
  while (count != 0) {
    const bytes = min(
      count,
      min(bytesBefore(region, destination + count), bytesBefore(region, source + count)),
    );
    count -= bytes;
    copyBytes(addressToRead(region, destination + count), addressToRead(region, source + count), bytes);
  }
}

/** Contiguous bytes that end at `end`, which is above 0. */
function bytesBefore(region: usize, end: u64): u32 {
  if (load<u32>(region, REGION_BACKING) == BACKING_FLAT) return 0xffffffff;
  const pageMask: u32 = (1 << load<u32>(region, REGION_PAGE_SHIFT)) - 1;
  return (<u32>(end - 1) & pageMask) + 1;
}

/**
 * Sets `count` bytes to `byte`; those past memlength are dropped and count as done, in an uncached region too.
 * @returns bytes done; -EINVAL, -ENOMEM as regionWrite
 */
export function regionFill(regionIndex: u32, offset: u64, count: u32, byte: u32): i32 {
  const region = regionAt(regionIndex);
  const done = clamp(region, offset, count);
  if (done <= 0) return done;
  const real = memoryBytes(region, offset, done);
  if (!backPages(region, offset, real)) return -ENOMEM;
  fillPages(region, offset, real, byte);
  return done;
}

function fillPages(region: usize, offset: u64, count: u32, byte: u32): void {
  while (count != 0) {
    const bytes = min(count, contiguousBytes(region, offset));
    fillBytes(addressToRead(region, offset), byte, bytes);
    offset += bytes;
    count -= bytes;
  }
}
