import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import { type Cursor, mix, mixValue, put } from './access.ts';
import type { Region } from './region.ts';

// Own constants, which V8 folds; it loads imported ones in each turn (measured: 8-byte region reads 0.82x).
const { ACCESS_BYTES, ACCESS_OFFSET_LOW, ACCESS_OFFSET_HIGH, ACCESS_VALUE, TRANSLATIONS } = layout;

const MAX_INT32 = 2 ** 31 - 1;
/** log2 of the page size that has loops of its own. */
const COMMON_PAGE_SHIFT = 16;
/** The last place in such a page where 4 bytes fit. */
const LAST_IN_COMMON_PAGE = 65532;
// With 64 KiB pages an access holds the page index as the dword at PAGE_INDEX, the place in the page in the two
// bytes before it; the two after it are 0 in any page there is.
const PAGE_INDEX = ACCESS_OFFSET_LOW + 2;
const ABOVE_PAGE_INDEX = PAGE_INDEX + 4;

/**
 * Fast loops over runs of region accesses, while nothing but bounds stands before them (gates.ts): accesses to a
 * region cannot change that, so it is decided once per run. Where accesses are planned (io.ts), one that is not
 * aligned becomes several and is left. No loop holds a call; see AccessBatch.
 * Accesses are read through the DataView, as in ConfigRuns (measured: flat 4-byte reads 0.70x).
 */
export class RegionRuns {
  private readonly regions: readonly (Region | undefined)[];
  private readonly view: DataView;
  private readonly translated: Int32Array;
  private readonly cursor: Cursor;

  constructor(
    memory: LinearMemory,
    stateBlock: number,
    regions: readonly (Region | undefined)[],
    cursor: Cursor,
  ) {
    this.regions = regions;
    this.view = memory.view;
    const translated = stateBlock + layout.TRANSLATED;
    this.translated = new Int32Array(memory.memory.buffer, translated, TRANSLATIONS);
    this.cursor = cursor;
  }

  /** Four bytes, the common width, without a decision on the width in the loop. */
  reads32(end: number, control: number, checksum: number): number {
    const region = this.regions[(control >>> 8) & 0xff];
    if (!region?.isPlain()) return checksum;
    if (region.flat) return this.flatReads32(region, end, control, checksum);
    if (region.frameBytesInUse() > layout.TRANSLATE_AHEAD_FROM) {
      return this.sparseReadsAhead32(region, end, control, checksum);
    }
    return region.pageShift === COMMON_PAGE_SHIFT
      ? this.commonReads32(region, end, control, checksum)
      : this.sparseReads32(region, end, control, checksum);
  }

  /** The loop that reads32 takes for a region, as it is now. */
  readLoop32(control: number): unknown {
    const region = this.regions[(control >>> 8) & 0xff];
    if (!region || region.flat) return this.flatReads32;
    if (region.frameBytesInUse() > layout.TRANSLATE_AHEAD_FROM) return this.sparseReadsAhead32;
    return region.pageShift === COMMON_PAGE_SHIFT ? this.commonReads32 : this.sparseReads32;
  }

  /** 64 KiB pages, without a shift or mask (measured, with the DataView: reads 0.67x, writes 0.79x). */
  private commonReads32(region: Region, end: number, control: number, checksum: number): number {
    const { view } = this;
    const { base, wholePages } = region;
    const pageMap = region.pageMapIdx << 2;
    const misaligned = region.planned ? 3 : 0;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const pageIdx = view.getInt32((at + PAGE_INDEX) | 0, true);
      const inPage = view.getUint16((at + ACCESS_OFFSET_LOW) | 0, true);
      const above = view.getUint16((at + ABOVE_PAGE_INDEX) | 0, true);
      if (pageIdx >>> 0 >= wholePages || above !== 0 || inPage > LAST_IN_COMMON_PAGE) break;
      if ((inPage & misaligned) !== 0) break;
      const frame = view.getInt32((pageMap + (pageIdx << 2)) | 0, true);
      checksum = mix(checksum, view.getInt32((base + frame + inPage) | 0, true));
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  private sparseReads32(region: Region, end: number, control: number, checksum: number): number {
    const { view } = this;
    const { base, pageShift, pageMask, wholePages } = region;
    const pageMap = region.pageMapIdx << 2;
    const lastInPage = pageMask - 3;
    const misaligned = region.planned ? 3 : 0;
    const highShift = 32 - pageShift;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const low = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true);
      const inPage = low & pageMask;
      const high = view.getInt32((at + ACCESS_OFFSET_HIGH) | 0, true);
      const pageIdx = (high << highShift) | (low >>> pageShift);
      if (high >>> pageShift !== 0 || pageIdx >>> 0 >= wholePages || inPage > lastInPage) break;
      if ((low & misaligned) !== 0) break;
      const frame = view.getInt32((pageMap + (pageIdx << 2)) | 0, true);
      checksum = mix(checksum, view.getInt32((base + frame + inPage) | 0, true));
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  /** Translates a group of offsets, then makes its accesses, so that more cache misses are in flight at a time. */
  private sparseReadsAhead32(region: Region, end: number, control: number, checksum: number): number {
    const { view, translated } = this;
    const { base, pageShift, pageMask, wholePages } = region;
    const pageMap = region.pageMapIdx << 2;
    const lastInPage = pageMask - 3;
    const misaligned = region.planned ? 3 : 0;
    const highShift = 32 - pageShift;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    let ready: number;
    do {
      ready = 0;
      while (ready < TRANSLATIONS && at < stop && view.getInt32(at, true) === control) {
        const low = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true);
        const inPage = low & pageMask;
        const high = view.getInt32((at + ACCESS_OFFSET_HIGH) | 0, true);
        const pageIdx = (high << highShift) | (low >>> pageShift);
        if (high >>> pageShift !== 0 || pageIdx >>> 0 >= wholePages || inPage > lastInPage) break;
        if ((low & misaligned) !== 0) break;
        const frame = view.getInt32((pageMap + (pageIdx << 2)) | 0, true);
        translated[ready++] = (base + frame + inPage) | 0;
        at = (at + ACCESS_BYTES) | 0;
      }
      for (let i = 0; i < ready; i++) checksum = mix(checksum, view.getInt32(translated[i]!, true));
    } while (ready === TRANSLATIONS);
    this.cursor.at = at >> 2;
    return checksum;
  }

  private flatReads32(region: Region, end: number, control: number, checksum: number): number {
    const { view } = this;
    const { base } = region;
    const last = Math.min(region.memlengthBytes - 4, MAX_INT32);
    const misaligned = region.planned ? 3 : 0;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const low = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true);
      if (view.getInt32((at + ACCESS_OFFSET_HIGH) | 0, true) !== 0 || low < 0 || low > last) break;
      if ((low & misaligned) !== 0) break;
      checksum = mix(checksum, view.getInt32((base + low) | 0, true));
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  readsAny(end: number, control: number, width: number, checksum: number): number {
    const region = this.regions[(control >>> 8) & 0xff];
    if (!region?.isPlain()) return checksum;
    const { view } = this;
    const { flat, base, pageShift, pageMask, wholePages } = region;
    const pageMap = region.pageMapIdx << 2;
    const lastInPage = pageMask + 1 - width;
    const misaligned = region.planned ? width - 1 : 0;
    const highShift = 32 - pageShift;
    const lastFlat = Math.min(region.memlengthBytes - width, MAX_INT32);
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const low = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true);
      const high = view.getInt32((at + ACCESS_OFFSET_HIGH) | 0, true);
      if ((low & misaligned) !== 0) break;
      let address = (base + low) | 0;
      if (flat) {
        if (high !== 0 || low < 0 || low > lastFlat) break;
      } else {
        const inPage = low & pageMask;
        const pageIdx = (high << highShift) | (low >>> pageShift);
        // Bits of the high half that the page index has no room for are far outside.
        if (high >>> pageShift !== 0 || pageIdx >>> 0 >= wholePages || inPage > lastInPage) break;
        const frame = view.getInt32((pageMap + (pageIdx << 2)) | 0, true);
        address = (base + frame + inPage) | 0;
      }
      checksum = mixValue(view, address, width, checksum);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  writes32(end: number, control: number, checksum: number): number {
    const region = this.regions[(control >>> 8) & 0xff];
    if (!region?.isPlain()) return checksum;
    if (region.flat) return this.flatWrites32(region, end, control, checksum);
    return region.pageShift === COMMON_PAGE_SHIFT
      ? this.commonWrites32(region, end, control, checksum)
      : this.sparseWrites32(region, end, control, checksum);
  }

  /** The loop that writes32 takes for a region. */
  writeLoop32(control: number): unknown {
    const region = this.regions[(control >>> 8) & 0xff];
    if (!region || region.flat) return this.flatWrites32;
    return region.pageShift === COMMON_PAGE_SHIFT ? this.commonWrites32 : this.sparseWrites32;
  }

  /** 64 KiB pages, as commonReads32. */
  private commonWrites32(region: Region, end: number, control: number, checksum: number): number {
    const { view } = this;
    const { base, wholePages } = region;
    const pageMap = region.pageMapIdx << 2;
    const misaligned = region.planned ? 3 : 0;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const pageIdx = view.getInt32((at + PAGE_INDEX) | 0, true);
      const inPage = view.getUint16((at + ACCESS_OFFSET_LOW) | 0, true);
      const above = view.getUint16((at + ABOVE_PAGE_INDEX) | 0, true);
      if (pageIdx >>> 0 >= wholePages || above !== 0 || inPage > LAST_IN_COMMON_PAGE) break;
      if ((inPage & misaligned) !== 0) break;
      const frame = view.getInt32((pageMap + (pageIdx << 2)) | 0, true);
      if (frame === 0) break; // no memory of its own yet
      view.setInt32((base + frame + inPage) | 0, view.getInt32((at + ACCESS_VALUE) | 0, true), true);
      checksum = mix(checksum, 4);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  private sparseWrites32(region: Region, end: number, control: number, checksum: number): number {
    const { view } = this;
    const { base, pageShift, pageMask, wholePages } = region;
    const pageMap = region.pageMapIdx << 2;
    const lastInPage = pageMask - 3;
    const misaligned = region.planned ? 3 : 0;
    const highShift = 32 - pageShift;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const low = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true);
      const inPage = low & pageMask;
      const high = view.getInt32((at + ACCESS_OFFSET_HIGH) | 0, true);
      const pageIdx = (high << highShift) | (low >>> pageShift);
      if (high >>> pageShift !== 0 || pageIdx >>> 0 >= wholePages || inPage > lastInPage) break;
      if ((low & misaligned) !== 0) break;
      const frame = view.getInt32((pageMap + (pageIdx << 2)) | 0, true);
      if (frame === 0) break; // no memory of its own yet
      view.setInt32((base + frame + inPage) | 0, view.getInt32((at + ACCESS_VALUE) | 0, true), true);
      checksum = mix(checksum, 4);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  private flatWrites32(region: Region, end: number, control: number, checksum: number): number {
    const { view } = this;
    const { base } = region;
    const last = Math.min(region.memlengthBytes - 4, MAX_INT32);
    const misaligned = region.planned ? 3 : 0;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const low = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true);
      if (view.getInt32((at + ACCESS_OFFSET_HIGH) | 0, true) !== 0 || low < 0 || low > last) break;
      if ((low & misaligned) !== 0) break;
      view.setInt32((base + low) | 0, view.getInt32((at + ACCESS_VALUE) | 0, true), true);
      checksum = mix(checksum, 4);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  writesAny(end: number, control: number, width: number, checksum: number): number {
    const region = this.regions[(control >>> 8) & 0xff];
    if (!region?.isPlain()) return checksum;
    const { view } = this;
    const { flat, base, pageShift, pageMask, wholePages } = region;
    const pageMap = region.pageMapIdx << 2;
    const lastInPage = pageMask + 1 - width;
    const misaligned = region.planned ? width - 1 : 0;
    const highShift = 32 - pageShift;
    const lastFlat = Math.min(region.memlengthBytes - width, MAX_INT32);
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const low = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true);
      const high = view.getInt32((at + ACCESS_OFFSET_HIGH) | 0, true);
      if ((low & misaligned) !== 0) break;
      let address = (base + low) | 0;
      if (flat) {
        if (high !== 0 || low < 0 || low > lastFlat) break;
      } else {
        const inPage = low & pageMask;
        const pageIdx = (high << highShift) | (low >>> pageShift);
        // Bits of the high half that the page index has no room for are far outside.
        if (high >>> pageShift !== 0 || pageIdx >>> 0 >= wholePages || inPage > lastInPage) break;
        const frame = view.getInt32((pageMap + (pageIdx << 2)) | 0, true);
        if (frame === 0) break; // no memory of its own yet
        address = (base + frame + inPage) | 0;
      }
      put(view, address, width, view.getInt32((at + ACCESS_VALUE) | 0, true));
      checksum = mix(checksum, width);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }
}
