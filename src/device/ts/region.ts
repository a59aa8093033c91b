import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { RegionSpec } from '../device-spec.ts';
import { copyBytes, fillBytes } from './copy.ts';

/** Most bytes of one request: a result is a count or a negative errno, in 32 bits. */
const MAX_COUNT = 2 ** 31 - 1;

/**
 * Device memory as nvgrace-gpu serves it through the file (specification 1.9): memlength real bytes below a
 * power-of-two BAR. Past memlength reads give 0xff and writes are dropped; both count as done.
 *
 * Offsets come as doubles in the general path and as two 32-bit halves in the hot one (RegionRuns), where the
 * page index is put together from the halves without leaving integer arithmetic.
 */
export class Region {
  readonly barSizeBytes: number;
  readonly memlengthBytes: number;
  readonly flat: boolean;
  readonly base: number;
  private readonly u8: Uint8Array;
  private readonly i32: Int32Array;
  private readonly uncached: boolean;
  readonly pageShift: number;
  private readonly pageBytes: number;
  /** Reciprocal of the page size: exact, and a product costs less than a quotient. */
  private readonly pagesPerByte: number;
  /** Address of the first byte that a write may change: the zero frame lies below it. */
  readonly firstFrame: number;
  /** Where `openPiece` found its piece. */
  private pieceAddress = 0;
  /** Index of the page map's first entry in 32-bit words. */
  readonly pageMapIdx: number;
  readonly pageMask: number;
  /** Pages that lie below memlength as a whole. */
  readonly wholePages: number;
  private readonly nextFrameIdx: number;
  private readonly frameBytesLeftIdx: number;

  /** Attaches to a region that placeDevice has described in the state block. */
  constructor(memory: LinearMemory, stateBlock: number, spec: RegionSpec) {
    const at = stateBlock + layout.REGIONS + spec.regionIndex * layout.REGION_BYTES;
    this.u8 = memory.u8;
    this.i32 = memory.i32;
    this.barSizeBytes = Number(spec.barSizeBytes);
    this.memlengthBytes = Number(spec.memlengthBytes);
    this.flat = spec.backing === 'flat';
    this.uncached = spec.uncached;
    this.base = memory.view.getUint32(at + layout.REGION_BASE, true);
    this.pageMapIdx = memory.view.getUint32(at + layout.REGION_PAGE_MAP, true) >>> 2;
    this.pageShift = this.flat ? 30 : spec.pageShift;
    this.pageBytes = 2 ** this.pageShift;
    this.pageMask = this.pageBytes - 1;
    this.pagesPerByte = 1 / this.pageBytes;
    this.firstFrame = this.flat ? this.base : this.base + this.pageBytes;
    this.wholePages = Math.floor(this.memlengthBytes / this.pageBytes);
    this.nextFrameIdx = (stateBlock + layout.NEXT_FRAME) >>> 2;
    this.frameBytesLeftIdx = (stateBlock + layout.FRAME_BYTES_LEFT) >>> 2;
  }

  /** Bytes of frames that the device has given out, the zero frame included. */
  frameBytesInUse(): number {
    return this.i32[this.nextFrameIdx]!;
  }

  /**
   * Address of a request that lies on real memory and in one page, as most do; -1 for all others. Takes the halves
   * of the offset: as one double it would be boxed wherever V8 does not inline the callee.
   */
  pieceAt(low: number, high: number, count: number): number {
    if (this.flat) {
      const fits = high === 0 && low >= 0 && count > 0 && low + count <= this.memlengthBytes;
      return fits ? this.base + low : -1;
    }
    const inPage = low & this.pageMask;
    const pageIdx = (high << (32 - this.pageShift)) | (low >>> this.pageShift);
    const inside = high >>> this.pageShift === 0 && pageIdx >>> 0 < this.wholePages;
    if (!inside || count <= 0 || inPage + count > this.pageBytes) return -1;
    return this.base + this.i32[this.pageMapIdx + pageIdx]! + inPage;
  }

  /** Bytes done, clamped to the BAR; -EINVAL outside it. An uncached region returns real bytes alone and leaves the tail. */
  read(offset: number, count: number, bufferAddress: number): number {
    const done = this.clamp(offset, count);
    if (done <= 0) return done;
    const real = this.realBytes(offset, done);
    for (let moved = 0; moved < real; ) {
      const bytes = this.openPiece(offset + moved, real - moved);
      copyBytes(this.u8, bufferAddress + moved, this.pieceAddress, bytes);
      moved += bytes;
    }
    if (real !== 0 && this.uncached) return real;
    if (real < done) fillBytes(this.u8, bufferAddress + real, 0xff, done - real);
    return done;
  }

  /** Bytes done; -EINVAL as read; -ENOMEM where frames run out, with nothing written. */
  write(offset: number, count: number, bufferAddress: number): number {
    const done = this.clamp(offset, count);
    if (done <= 0) return done;
    const real = this.realBytes(offset, done);
    if (!this.backPages(offset, real)) return -layout.ENOMEM;
    for (let moved = 0; moved < real; ) {
      const bytes = this.openPiece(offset + moved, real - moved);
      copyBytes(this.u8, this.pieceAddress, bufferAddress + moved, bytes);
      moved += bytes;
    }
    return real !== 0 && this.uncached ? real : done;
  }

  /** Copies inside the region as if through a buffer. Bytes done; -EINVAL, -ENOMEM as write. */
  copy(destination: number, source: number, count: number): number {
    const done = Math.min(this.clamp(destination, count), this.clamp(source, count));
    if (done <= 0) return done;
    const kept = this.realBytes(destination, done);
    const real = Math.min(kept, this.realBytes(source, done));
    if (!this.backPages(destination, kept)) return -layout.ENOMEM;
    const backward = destination > source && destination - source < real;
    for (let moved = 0; moved < real; ) {
      const bytes = backward
        ? this.bytesBefore(destination + real - moved, this.bytesBefore(source + real - moved, real - moved))
        : this.bytesAfter(destination + moved, this.bytesAfter(source + moved, real - moved));
      const at = backward ? real - moved - bytes : moved;
      copyBytes(this.u8, this.addressOf(destination + at), this.addressOf(source + at), bytes);
      moved += bytes;
    }
    this.fillReal(destination + real, kept - real, 0xff);
    return done;
  }

  /** Bytes done, in an uncached region too; -EINVAL, -ENOMEM as write. */
  fill(offset: number, count: number, byte: number): number {
    const done = this.clamp(offset, count);
    if (done <= 0) return done;
    const real = this.realBytes(offset, done);
    if (!this.backPages(offset, real)) return -layout.ENOMEM;
    this.fillReal(offset, real, byte);
    return done;
  }

  private fillReal(offset: number, count: number, byte: number): void {
    for (let moved = 0; moved < count; ) {
      const bytes = this.openPiece(offset + moved, count - moved);
      fillBytes(this.u8, this.pieceAddress, byte, bytes);
      moved += bytes;
    }
  }

  private clamp(offset: number, count: number): number {
    // Written so that NaN is refused too.
    const sound = offset >= 0 && offset < this.barSizeBytes && count >= 0 && count <= MAX_COUNT;
    return sound ? Math.min(count, this.barSizeBytes - offset) : -layout.EINVAL;
  }

  private realBytes(offset: number, count: number): number {
    return Math.max(0, Math.min(count, this.memlengthBytes - offset));
  }

  /** Finds the piece of memory at `offset`: `pieceAddress`, and how many of `most` bytes are contiguous there. */
  private openPiece(offset: number, most: number): number {
    if (this.flat) {
      this.pieceAddress = this.base + offset;
      return most;
    }
    const pageIdx = Math.floor(offset * this.pagesPerByte);
    const inPage = offset - pageIdx * this.pageBytes;
    this.pieceAddress = this.base + this.i32[this.pageMapIdx + pageIdx]! + inPage;
    return Math.min(most, this.pageBytes - inPage);
  }

  private addressOf(offset: number): number {
    this.openPiece(offset, 1);
    return this.pieceAddress;
  }

  private inPage(offset: number): number {
    return offset - Math.floor(offset * this.pagesPerByte) * this.pageBytes;
  }

  /** Contiguous bytes from `offset` on, at most `most`. */
  private bytesAfter(offset: number, most: number): number {
    return this.flat ? most : Math.min(most, this.pageBytes - this.inPage(offset));
  }

  /** Contiguous bytes that end at `end`, which is above 0; at most `most`. */
  private bytesBefore(end: number, most: number): number {
    return this.flat ? most : Math.min(most, this.inPage(end - 1) + 1);
  }

  /** Gives every page of the range a frame, or none at all: false where the frames do not suffice. */
  private backPages(offset: number, count: number): boolean {
    if (this.flat || count === 0) return true;
    const { i32, pageMapIdx, pageBytes } = this;
    const first = Math.floor(offset / pageBytes);
    const last = Math.floor((offset + count - 1) / pageBytes);
    let missing = 0;
    for (let page = first; page <= last; page++) if (i32[pageMapIdx + page] === 0) missing++;
    if (missing === 0) return true;
    const left = i32[this.frameBytesLeftIdx]!;
    if (missing * pageBytes > left) return false;
    i32[this.frameBytesLeftIdx] = left - missing * pageBytes;
    for (let page = first; page <= last; page++) {
      if (i32[pageMapIdx + page] !== 0) continue;
      i32[pageMapIdx + page] = i32[this.nextFrameIdx]!;
      i32[this.nextFrameIdx]! += pageBytes;
    }
    return true;
  }
}
