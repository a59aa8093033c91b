// Where the bytes of a region lie: in one piece, or in pages that get a frame at their first write.
import { CHECKED } from './checks';
import {
  BACKING_FLAT,
  FRAME_BYTES_LEFT,
  NEXT_FRAME,
  REGION_BACKING,
  REGION_BASE,
  REGION_BYTES,
  REGION_MEMLENGTH,
  REGION_PAGE_MAP,
  REGION_PAGE_SHIFT,
  REGIONS,
} from './layout';
import { state } from './state';

const LAST_REGION: u32 = 9;

/** Address of a region's descriptor; indexes that do not exist share the last one, which is never backed. */
export function regionAt(regionIndex: u32): usize {
  return state + REGIONS + min(regionIndex, LAST_REGION) * REGION_BYTES;
}

/** Bytes of a request at `offset` that memory really answers for. */
export function memoryBytes(region: usize, offset: u64, count: u32): u32 {
  return CHECKED ? bytesBelow(load<u64>(region, REGION_MEMLENGTH), offset, count) : count;
}

function bytesBelow(limit: u64, offset: u64, count: u32): u32 {
  return offset >= limit ? 0 : <u32>min<u64>(count, limit - offset);
}

/** Address of the page-map entry of the page that holds `offset`. */
function pageEntry(region: usize, offset: u64): usize {
  return load<u32>(region, REGION_PAGE_MAP) + ((<u32>(offset >> load<u32>(region, REGION_PAGE_SHIFT))) << 2);
}

/** Address of the byte at `offset`, which lies below memlength. Pages never written share the zero frame. */
export function addressToRead(region: usize, offset: u64): usize {
  const base = load<u32>(region, REGION_BASE);
  if (load<u32>(region, REGION_BACKING) == BACKING_FLAT) return base + <u32>offset;
  const pageMask = (1 << load<u32>(region, REGION_PAGE_SHIFT)) - 1;
  return base + load<u32>(pageEntry(region, offset)) + (<u32>offset & pageMask);
}

/** Address of [offset, +count) where all of it is real memory in one piece, as most requests are; 0 otherwise. */
export function pieceToRead(region: usize, offset: u64, count: u32): usize {
  const memlength = load<u64>(region, REGION_MEMLENGTH);
  if (CHECKED && (offset >= memlength || count - 1 >= memlength - offset)) return 0;
  return count <= contiguousBytes(region, offset) ? addressToRead(region, offset) : 0;
}

/** The same for writing: a page that was never written has no piece of its own. */
export function pieceToWrite(region: usize, offset: u64, count: u32): usize {
  const piece = pieceToRead(region, offset, count);
  if (load<u32>(region, REGION_BACKING) == BACKING_FLAT) return piece;
  // The zero frame lies at the base, before all others.
  const firstFrame = load<u32>(region, REGION_BASE) + (1 << load<u32>(region, REGION_PAGE_SHIFT));
  return piece >= firstFrame ? piece : 0;
}

/** Bytes from `offset` to the end of its page, which are contiguous in linear memory. */
export function contiguousBytes(region: usize, offset: u64): u32 {
  if (load<u32>(region, REGION_BACKING) == BACKING_FLAT) return 0xffffffff;
  const pageBytes: u32 = 1 << load<u32>(region, REGION_PAGE_SHIFT);
  return pageBytes - (<u32>offset & (pageBytes - 1));
}

/** Contiguous bytes that end at `end`, which is above 0. */
export function bytesBefore(region: usize, end: u64): u32 {
  if (load<u32>(region, REGION_BACKING) == BACKING_FLAT) return 0xffffffff;
  const pageMask: u32 = (1 << load<u32>(region, REGION_PAGE_SHIFT)) - 1;
  return (<u32>(end - 1) & pageMask) + 1;
}

/** Offset of the first byte behind the page of `offset`. Sparse regions only. */
export function nextPage(region: usize, offset: u64): u64 {
  const shift: u64 = load<u32>(region, REGION_PAGE_SHIFT);
  return ((offset >> shift) + 1) << shift;
}

/** Bytes of frames that the pages of [offset, +count) still need. Sparse regions only. */
export function missingBytes(region: usize, offset: u64, count: u32): u64 {
  if (count == 0) return 0;
  const pageBytes: u32 = 1 << load<u32>(region, REGION_PAGE_SHIFT);
  const last = pageEntry(region, offset + count - 1);
  let bytes: u64 = 0;
  for (let entry = pageEntry(region, offset); entry <= last; entry += 4) {
    if (load<u32>(entry) == 0) bytes += pageBytes;
  }
  return bytes;
}

/** Gives every page of [offset, +count) a frame; there must be enough of them. Sparse regions only. */
export function takeFrames(region: usize, offset: u64, count: u32): void {
  if (count == 0) return;
  const pageBytes: u32 = 1 << load<u32>(region, REGION_PAGE_SHIFT);
  const last = pageEntry(region, offset + count - 1);
  for (let entry = pageEntry(region, offset); entry <= last; entry += 4) {
    if (load<u32>(entry) == 0) takeFrame(entry, pageBytes);
  }
}

function takeFrame(entry: usize, pageBytes: u32): void {
  const s = state;
  const frame = load<u32>(s, NEXT_FRAME);
  store<u32>(entry, frame);
  store<u32>(s, frame + pageBytes, NEXT_FRAME);
  store<u32>(s, load<u32>(s, FRAME_BYTES_LEFT) - pageBytes, FRAME_BYTES_LEFT);
}
