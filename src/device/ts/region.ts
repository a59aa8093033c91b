import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import { maxWidthBytes, type RegionRules, type RegionSpec } from '../region-spec.ts';
import { copyBytes, fillBytes } from './copy.ts';
import type { Gates } from './gates.ts';
import { ioFillable, ioHidden, moveAccesses } from './io.ts';

/** Most bytes of one request: a result is a count or a negative errno, in 32 bits. */
const MAX_COUNT = 2 ** 31 - 1;
const VIRTIO_PCI_QUEUE_NOTIFY = 16;
const QUEUE_NOTIFY_BYTES = 2;

/**
 * Device memory as it is served through the file (specification 1.9, 2.9, 3): memlength real bytes below a
 * power-of-two BAR. Past memlength reads give 0xff and writes are dropped; both count as done. What a region asks
 * before an access, and how its bytes move, is its rules.
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
  private readonly view: DataView;
  private readonly gates: Gates;
  private readonly rules: RegionRules;
  private readonly windowStart: number;
  private readonly windowEnd: number;
  private readonly maxWidth: number;
  /** Whether accesses are planned (io.ts), so that one that is not aligned becomes several. */
  readonly planned: boolean;
  /** The driver returns what do_io_rw returned for real memory, and so ends early (specification 1.9). */
  private readonly returnsRealBytes: boolean;
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
  constructor(memory: LinearMemory, stateBlock: number, spec: RegionSpec, gates: Gates) {
    const at = stateBlock + layout.REGIONS + spec.regionIndex * layout.REGION_BYTES;
    this.u8 = memory.u8;
    this.i32 = memory.i32;
    this.barSizeBytes = Number(spec.barSizeBytes);
    this.memlengthBytes = Number(spec.memlengthBytes);
    this.flat = spec.backing === 'flat';
    this.view = memory.view;
    this.gates = gates;
    this.rules = spec.rules;
    this.windowStart = Number(spec.window?.startBytes ?? 0n);
    this.windowEnd = Number(spec.window?.endBytes ?? 0n);
    this.maxWidth = maxWidthBytes(spec.rules);
    this.planned = spec.rules !== 'memory' && spec.rules !== 'virtio';
    const intended = memory.view.getUint32(stateBlock + layout.RESMEM_INTENDED, true) !== 0;
    this.returnsRealBytes = spec.rules === 'uncached' && !intended;
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
   * Address of a request that lies on plain memory and in one page, as most do; -1 for all others. Takes the halves
   * of the offset: as one double it would be boxed wherever V8 does not inline the callee.
   */
  pieceAt(low: number, high: number, count: number): number {
    if (this.planned || !this.isPlain()) return -1;
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

  /** Whether nothing but bounds stands between a run of accesses and memory. No access to a region changes it. */
  isPlain(): boolean {
    const { rules } = this;
    if (rules === 'memory' || rules === 'uncached') return !this.gates.isResetPending();
    if (rules !== 'bar' && rules !== 'io-bar') return false;
    return this.windowEnd === 0 && !this.isBlocked();
  }

  /** Whether the driver lets memory decoding decide about accesses, and it is off. */
  private isBlocked(): boolean {
    const isMemory = this.rules === 'bar' || this.rules === 'rom';
    return isMemory && !this.gates.memoryEnabled();
  }

  /**
   * Bytes done, clamped to the BAR; -EINVAL outside it, -EIO or -ETIME where it is not to be accessed now. An
   * uncached region returns real bytes alone and leaves the tail, unless it is to do as intended.
   */
  read(offset: number, count: number, bufferAddress: number): number {
    const done = this.admitRead(offset, count);
    if (done <= 0) return done;
    const real = this.realBytes(offset, done);
    if (this.isBlocked()) {
      // The check is made for each access: what comes before the first one is done.
      const hidden = this.hiddenBytes(offset, real);
      fillBytes(this.u8, bufferAddress, 0xff, hidden);
      if (hidden < real) return -layout.EIO;
    } else {
      this.moveOut(offset, real, bufferAddress);
    }
    if (real !== 0 && this.returnsRealBytes) return real;
    if (real < done) fillBytes(this.u8, bufferAddress + real, 0xff, done - real);
    return done;
  }

  private moveOut(offset: number, count: number, bufferAddress: number): void {
    for (let moved = 0; moved < count; ) {
      const at = offset + moved;
      let bytes = ioFillable(at, count - moved, this.windowStart, this.windowEnd);
      if (bytes === 0) {
        bytes = ioHidden(at, count - moved, this.windowEnd);
        fillBytes(this.u8, bufferAddress + moved, 0xff, bytes);
      } else {
        bytes = this.openPiece(at, bytes);
        this.movePiece(bufferAddress + moved, this.pieceAddress, bytes);
      }
      moved += bytes;
    }
  }

  /** Moves a piece of the region. Pages and flat memory begin at multiples of 8, so its address is aligned as its offset. */
  private movePiece(destination: number, source: number, bytes: number): void {
    if (!this.planned) copyBytes(this.u8, destination, source, bytes);
    else moveAccesses(this.view, destination, source, this.pieceAddress, bytes, this.maxWidth);
  }

  /** Bytes done; an errno as read; -ENOMEM where frames run out, with nothing written. */
  write(offset: number, count: number, bufferAddress: number): number {
    const done = this.admitWrite(offset, count);
    if (done <= 0) return done;
    const real = this.realBytes(offset, done);
    if (this.isBlocked()) return this.hiddenBytes(offset, real) < real ? -layout.EIO : done;
    if (!this.backWrite(offset, real)) return -layout.ENOMEM;
    for (let moved = 0; moved < real; ) {
      const at = offset + moved;
      let bytes = ioFillable(at, real - moved, this.windowStart, this.windowEnd);
      if (bytes === 0) {
        bytes = ioHidden(at, real - moved, this.windowEnd);
      } else {
        bytes = this.openPiece(at, bytes);
        this.movePiece(this.pieceAddress, bufferAddress + moved, bytes);
      }
      moved += bytes;
    }
    return real !== 0 && this.returnsRealBytes ? real : done;
  }

  /**
   * Copies inside the region as if through a buffer, by a read and a write: what the read would give as 0xff is
   * copied as 0xff, what the write would drop is dropped. Bytes done; an errno as the read or the write.
   */
  copy(destination: number, source: number, count: number): number {
    const readable = this.admitRead(source, count);
    if (readable < 0) return readable;
    const done = Math.min(this.admitWrite(destination, count), readable);
    if (done <= 0) return done;
    const kept = this.realBytes(destination, done);
    const real = this.realBytes(source, done);
    if (this.isBlocked()) {
      const isHidden =
        this.hiddenBytes(source, real) === real && this.hiddenBytes(destination, kept) === kept;
      return isHidden ? done : -layout.EIO;
    }
    if (!this.backWrite(destination, kept)) return -layout.ENOMEM;
    const below = this.bytesBelowWindow(destination, kept);
    const behind = this.bytesToWindowEnd(destination, kept);
    const backward = destination > source;
    // The part that overlapping ranges would overwrite first goes first.
    if (backward) this.copyPart(destination + behind, source + behind, kept - behind, true);
    this.copyPart(destination, source, below, backward);
    if (!backward) this.copyPart(destination + behind, source + behind, kept - behind, false);
    return done;
  }

  /** Copies to where writes are kept; past memlength and in the window the source is 0xff. */
  private copyPart(destination: number, source: number, count: number, backward: boolean): void {
    const real = this.realBytes(source, count);
    for (let moved = 0; moved < real; ) {
      const bytes = backward
        ? this.bytesBefore(destination + real - moved, this.bytesBefore(source + real - moved, real - moved))
        : this.bytesAfter(destination + moved, this.bytesAfter(source + moved, real - moved));
      const at = backward ? real - moved - bytes : moved;
      copyBytes(this.u8, this.addressOf(destination + at), this.addressOf(source + at), bytes);
      moved += bytes;
    }
    const hiddenFrom = this.bytesBelowWindow(source, real);
    this.fillReal(destination + hiddenFrom, this.bytesToWindowEnd(source, real) - hiddenFrom, 0xff);
    this.fillReal(destination + real, count - real, 0xff);
  }

  /** Bytes done, in an uncached region too; an errno as write. */
  fill(offset: number, count: number, byte: number): number {
    const done = this.admitWrite(offset, count);
    if (done <= 0) return done;
    const real = this.realBytes(offset, done);
    if (this.isBlocked()) return this.hiddenBytes(offset, real) < real ? -layout.EIO : done;
    if (!this.backWrite(offset, real)) return -layout.ENOMEM;
    const behind = this.bytesToWindowEnd(offset, real);
    this.fillReal(offset, this.bytesBelowWindow(offset, real), byte);
    this.fillReal(offset + behind, real - behind, byte);
    return done;
  }

  private fillReal(offset: number, count: number, byte: number): void {
    for (let moved = 0; moved < count; ) {
      const bytes = this.openPiece(offset + moved, count - moved);
      fillBytes(this.u8, this.pieceAddress, byte, bytes);
      moved += bytes;
    }
  }

  /**
   * Address of `count` bytes at `offset` where the region serves all of them for reading, and they are real memory in one
   * piece; 0 where not. For agents, whose operations have no buffer.
   */
  placeToRead(offset: number, count: number): number {
    if (this.admitRead(offset, count) !== count || this.realBytes(offset, count) !== count) return 0;
    return this.openPiece(offset, count) === count ? this.pieceAddress : 0;
  }

  /** The same for writing: a page that was never written has no place of its own. */
  placeToWrite(offset: number, count: number): number {
    if (this.admitWrite(offset, count) !== count || this.realBytes(offset, count) !== count) return 0;
    const isWhole = this.openPiece(offset, count) === count && this.pieceAddress >= this.firstFrame;
    return isWhole ? this.pieceAddress : 0;
  }

  /** Bytes of a read that the region serves, or a negative errno: the checks of its rules, in their order. */
  private admitRead(offset: number, count: number): number {
    const { rules } = this;
    if (rules === 'virtio') return this.admitVirtio(offset, count);
    if (rules !== 'memory' && rules !== 'uncached') return count === 0 ? 0 : this.clamp(offset, count);
    const done = this.clamp(offset, count);
    return done < 0 ? done : this.gates.checkReady() || done;
  }

  /** Bytes of a write that the region takes, or a negative errno. */
  private admitWrite(offset: number, count: number): number {
    const { rules } = this;
    if (rules === 'virtio') return this.admitVirtio(offset, count);
    if (rules === 'rom') return count === 0 ? 0 : -layout.EINVAL;
    if (rules !== 'memory' && rules !== 'uncached') return count === 0 ? 0 : this.clamp(offset, count);
    const done = this.clamp(offset, count);
    if (done < 0 || offset >= this.memlengthBytes) return done;
    return this.gates.checkReady() || done;
  }

  /** The emulated BAR 0 of policy virtio: nothing is clamped, and queue notify is one word (specification 4). */
  private admitVirtio(offset: number, count: number): number {
    if (count === 0) return 0;
    if (!this.gates.virtioEnabled()) return -layout.EIO;
    const isInside = offset >= 0 && count >= 0 && offset + count <= this.barSizeBytes;
    if (!isInside) return -layout.EINVAL;
    return offset === VIRTIO_PCI_QUEUE_NOTIFY && count !== QUEUE_NOTIFY_BYTES ? -layout.EINVAL : count;
  }

  private clamp(offset: number, count: number): number {
    // Written so that NaN is refused too.
    const sound = offset >= 0 && offset < this.barSizeBytes && count >= 0 && count <= MAX_COUNT;
    return sound ? Math.min(count, this.barSizeBytes - offset) : -layout.EINVAL;
  }

  private realBytes(offset: number, count: number): number {
    return Math.max(0, Math.min(count, this.memlengthBytes - offset));
  }

  /** Bytes of a blocked request that need no access, because the window hides them. */
  private hiddenBytes(offset: number, count: number): number {
    const { windowStart, windowEnd } = this;
    if (count === 0 || ioFillable(offset, count, windowStart, windowEnd) !== 0) return 0;
    return ioHidden(offset, count, windowEnd);
  }

  /** Bytes of [offset, +count) that lie below the window. */
  private bytesBelowWindow(offset: number, count: number): number {
    return offset < this.windowStart ? Math.min(count, this.windowStart - offset) : 0;
  }

  /** Bytes of [offset, +count) below the window or in it: the others lie behind it, all where there is none. */
  private bytesToWindowEnd(offset: number, count: number): number {
    return offset < this.windowEnd ? Math.min(count, this.windowEnd - offset) : 0;
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

  /** Gives every page that a write changes a frame, or none at all: false where the frames do not suffice. */
  private backWrite(offset: number, count: number): boolean {
    if (this.flat || count === 0) return true;
    const { pageBytes, i32 } = this;
    const below = this.bytesBelowWindow(offset, count);
    const behindFrom = offset + this.bytesToWindowEnd(offset, count);
    const pageOf = (place: number) => Math.floor(place / pageBytes);
    const firstBelow = pageOf(offset);
    const lastBelow = below === 0 ? -1 : pageOf(offset + below - 1);
    // A page with bytes on both sides of the window counts once.
    const firstBehind = Math.max(pageOf(behindFrom), lastBelow + 1);
    const lastBehind = behindFrom === offset + count ? -1 : pageOf(offset + count - 1);
    const missing = this.missingFrames(firstBelow, lastBelow) + this.missingFrames(firstBehind, lastBehind);
    if (missing === 0) return true;
    const left = i32[this.frameBytesLeftIdx]!;
    if (missing * pageBytes > left) return false;
    i32[this.frameBytesLeftIdx] = left - missing * pageBytes;
    this.takeFrames(firstBelow, lastBelow);
    this.takeFrames(firstBehind, lastBehind);
    return true;
  }

  private missingFrames(firstPage: number, lastPage: number): number {
    const { i32, pageMapIdx } = this;
    let missing = 0;
    for (let page = firstPage; page <= lastPage; page++) if (i32[pageMapIdx + page] === 0) missing++;
    return missing;
  }

  private takeFrames(firstPage: number, lastPage: number): void {
    const { i32, pageMapIdx, pageBytes } = this;
    for (let page = firstPage; page <= lastPage; page++) {
      if (i32[pageMapIdx + page] !== 0) continue;
      i32[pageMapIdx + page] = i32[this.nextFrameIdx]!;
      i32[this.nextFrameIdx]! += pageBytes;
    }
  }
}
