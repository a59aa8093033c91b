// Device memory as it is served through the file (device.md 1.9, 2.9, 3): memlength real bytes below a power-of-two
// BAR. Past memlength reads give 0xff and writes are dropped; both count as done. What a region asks before an
// access, and how its bytes move, is its rules (gates.ts, io.ts).
import { configReadBytes, configWriteBytes } from './config-space';
import { copyBytes, fillBytes } from './copy';
import { admitRead, admitWrite, hiddenBytes, isBlocked, isPlain, isPlanned } from './gates';
import { ioRead, ioWrite } from './io';
import {
  BACKING_FLAT,
  CONFIG_REGION,
  EFAULT,
  EIO,
  ENOMEM,
  FRAME_BYTES_LEFT,
  REGION_BACKING,
  REGION_RULES,
  REGION_WINDOW_END,
  REGION_WINDOW_START,
  RESMEM_INTENDED,
  RULES_UNCACHED,
} from './layout';
import {
  addressToRead,
  bytesBefore,
  contiguousBytes,
  memoryBytes,
  missingBytes,
  nextPage,
  pieceToRead,
  pieceToWrite,
  regionAt,
  takeFrames,
} from './pages';
import { state } from './state';

/**
 * Reads `count` bytes (at most 2^31 - 1) into `buffer`. Region 7 is configuration space.
 * @returns bytes done, clamped to the BAR; -EINVAL where the request starts outside it or there is no such region,
 * -EIO, -ETIME where it is not to be accessed now. An uncached region returns the bytes of real memory alone and
 * leaves the tail of the buffer as it was, unless it is to do as intended (device.md 1.9)
 */
export function regionRead(regionIndex: u32, offset: u64, count: u32, buffer: usize): i32 {
  if (regionIndex == CONFIG_REGION) {
    if (offset >> 32 != 0) return count == 0 ? 0 : -EFAULT;
    return configReadBytes(<u32>offset, count, buffer);
  }
  const region = regionAt(regionIndex);
  const done = admitRead(region, regionIndex, offset, count);
  if (done <= 0) return done;
  const real = memoryBytes(region, offset, done);
  if (isBlocked(region)) {
    // The check is made for each access: what comes before the first one is done.
    const hidden = hiddenBytes(region, offset, real);
    fillBytes(buffer, 0xff, hidden);
    if (hidden < real) return -EIO;
  } else if (isPlanned(region)) {
    ioRead(region, offset, real, buffer);
  } else {
    copyOut(region, offset, real, buffer);
  }
  if (returnsRealBytes(region) && real != 0) return real;
  if (real < <u32>done) fillBytes(buffer + real, 0xff, done - real);
  return done;
}

/** The driver returns what do_io_rw returned for real memory, and so ends early (device.md 1.9). */
function returnsRealBytes(region: usize): bool {
  return load<u32>(region, REGION_RULES) == RULES_UNCACHED && load<u32>(state, RESMEM_INTENDED) == 0;
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
 * Writes `count` bytes from `buffer`; those past memlength and inside an exclusion window are dropped and count as
 * done. @returns bytes done; an errno as regionRead; -ENOMEM where frames run out, with nothing written
 */
export function regionWrite(regionIndex: u32, offset: u64, count: u32, buffer: usize): i32 {
  if (regionIndex == CONFIG_REGION) {
    if (offset >> 32 != 0) return count == 0 ? 0 : -EFAULT;
    return configWriteBytes(<u32>offset, count, buffer);
  }
  const region = regionAt(regionIndex);
  const done = admitWrite(region, regionIndex, offset, count);
  if (done <= 0) return done;
  const real = memoryBytes(region, offset, done);
  if (isBlocked(region)) return hiddenBytes(region, offset, real) < real ? -EIO : done;
  if (!backWrite(region, offset, real)) return -ENOMEM;
  if (isPlanned(region)) ioWrite(region, offset, real, buffer);
  else copyIn(region, offset, real, buffer);
  return returnsRealBytes(region) && real != 0 ? <i32>real : done;
}

function copyIn(region: usize, offset: u64, count: u32, buffer: usize): void {
  while (count != 0) {
    const bytes = min(count, contiguousBytes(region, offset));
    copyBytes(addressToRead(region, offset), buffer, bytes);
    buffer += bytes;
    offset += bytes;
    count -= bytes;
  }
}

/** Bytes of [offset, +count) that lie below the window. */
function bytesBelowWindow(region: usize, offset: u64, count: u32): u32 {
  const start = load<u64>(region, REGION_WINDOW_START);
  return offset < start ? <u32>min<u64>(count, start - offset) : 0;
}

/** Bytes of [offset, +count) that lie below the window or in it: the others lie behind it, all where there is none. */
function bytesToWindowEnd(region: usize, offset: u64, count: u32): u32 {
  const end = load<u64>(region, REGION_WINDOW_END);
  return offset < end ? <u32>min<u64>(count, end - offset) : 0;
}

/**
 * Gives every page that a write of [offset, +count) changes a frame, or none at all.
 * @returns false where the frames do not suffice: nothing was changed
 */
function backWrite(region: usize, offset: u64, count: u32): bool {
  if (load<u32>(region, REGION_BACKING) == BACKING_FLAT) return true;
  const end = offset + count;
  const below = bytesBelowWindow(region, offset, count);
  let behindFrom = offset + bytesToWindowEnd(region, offset, count);
  // A page with bytes on both sides of the window counts once.
  if (below != 0) behindFrom = max(behindFrom, nextPage(region, offset + below - 1));
  const behind: u32 = end > behindFrom ? <u32>(end - behindFrom) : 0;
  const missing = missingBytes(region, offset, below) + missingBytes(region, behindFrom, behind);
  if (missing > load<u32>(state, FRAME_BYTES_LEFT)) return false;
  if (missing == 0) return true;
  takeFrames(region, offset, below);
  takeFrames(region, behindFrom, behind);
  return true;
}

/**
 * Copies `count` bytes inside one region as if through a buffer, by a read and a write: overlapping ranges come
 * out right; what a read would give as 0xff is copied as 0xff, what a write would drop is dropped.
 * @returns bytes done, clamped to the BAR on both sides; an errno as the read or the write; not for region 7
 */
export function regionCopy(regionIndex: u32, destination: u64, source: u64, count: u32): i32 {
  const region = regionAt(regionIndex);
  if (isPlain(region)) {
    const from = pieceToRead(region, source, count);
    const to = pieceToWrite(region, destination, count);
    if (from != 0 && to != 0) {
      copyBytes(to, from, count);
      return count;
    }
  }
  const readable = admitRead(region, regionIndex, source, count);
  if (readable < 0) return readable;
  const writable = admitWrite(region, regionIndex, destination, count);
  const done = min(writable, readable);
  if (done <= 0) return done;
  const kept = memoryBytes(region, destination, done);
  const real = memoryBytes(region, source, done);
  if (isBlocked(region)) {
    if (hiddenBytes(region, source, real) < real || hiddenBytes(region, destination, kept) < kept)
      return -EIO;
    return done;
  }
  if (!backWrite(region, destination, kept)) return -ENOMEM;
  const below = bytesBelowWindow(region, destination, kept);
  const behind = bytesToWindowEnd(region, destination, kept);
  const backward = destination > source;
  // The part that overlapping ranges would overwrite first goes first.
  if (backward) copyPart(region, destination + behind, source + behind, kept - behind, true);
  copyPart(region, destination, source, below, backward);
  if (!backward) copyPart(region, destination + behind, source + behind, kept - behind, false);
  return done;
}

/** Copies to where writes are kept; past memlength and in the window the source is 0xff. */
function copyPart(region: usize, destination: u64, source: u64, count: u32, backward: bool): void {
  const real = min(count, memoryBytes(region, source, count));
  if (backward) copyBackward(region, destination, source, real);
  else copyForward(region, destination, source, real);
  const hiddenFrom = bytesBelowWindow(region, source, real);
  const hiddenTo = bytesToWindowEnd(region, source, real);
  if (hiddenTo > hiddenFrom) fillPages(region, destination + hiddenFrom, hiddenTo - hiddenFrom, 0xff);
  fillPages(region, destination + real, count - real, 0xff);
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

/**
 * Sets `count` bytes to `byte`, as a write would: what a write drops is dropped and counts as done, in an uncached
 * region too. @returns bytes done; an errno as regionWrite; not for region 7
 */
export function regionFill(regionIndex: u32, offset: u64, count: u32, byte: u32): i32 {
  const region = regionAt(regionIndex);
  const done = admitWrite(region, regionIndex, offset, count);
  if (done <= 0) return done;
  const real = memoryBytes(region, offset, done);
  if (isBlocked(region)) return hiddenBytes(region, offset, real) < real ? -EIO : done;
  if (!backWrite(region, offset, real)) return -ENOMEM;
  const behind = bytesToWindowEnd(region, offset, real);
  fillPages(region, offset, bytesBelowWindow(region, offset, real), byte);
  fillPages(region, offset + behind, real - behind, byte);
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
