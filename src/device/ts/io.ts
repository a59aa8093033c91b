// vfio_pci_core_do_io_rw (specification 3): bytes move in accesses of 8, 4, 2 and 1 bytes, each as wide as its offset,
// what is left and the widest access allow. The exclusion window reads 0xff and drops writes.

/** Bytes at `offset` that accesses may reach: up to the window, all of them behind it, none inside it. */
export function ioFillable(offset: number, count: number, windowStart: number, windowEnd: number): number {
  if (offset < windowStart) return Math.min(count, windowStart - offset);
  return offset >= windowEnd ? count : 0;
}

/** Bytes at `offset`, inside the window, that it hides. */
export function ioHidden(offset: number, count: number, windowEnd: number): number {
  return Math.min(count, windowEnd - offset);
}

/** Width of the next access. @param place of its first byte in the region, modulo 8 or more: a 32-bit integer */
export function ioWidth(place: number, fillable: number, maxWidth: number): 1 | 2 | 4 | 8 {
  if (fillable >= 8 && (place & 7) === 0 && maxWidth >= 8) return 8;
  if (fillable >= 4 && (place & 3) === 0 && maxWidth >= 4) return 4;
  return fillable >= 2 && (place & 1) === 0 && maxWidth >= 2 ? 2 : 1;
}

/**
 * Moves bytes in the accesses of the plan.
 * @param place of the first byte in the region, modulo 8 or more: a 32-bit integer
 */
export function moveAccesses(
  view: DataView,
  destination: number,
  source: number,
  place: number,
  count: number,
  maxWidth: number,
): void {
  for (let moved = 0; moved < count; ) {
    const left = count - moved;
    const width = ioWidth(place + moved, left, maxWidth);
    // The widest access repeats until less than one is left: behind it the offset is as aligned as before.
    const bytes = 2 * width > maxWidth ? left & -width : width;
    if (width === 8) moveRun64(view, destination + moved, source + moved, bytes);
    else if (width === 4) moveRun32(view, destination + moved, source + moved, bytes);
    else if (width === 2) moveRun16(view, destination + moved, source + moved, bytes);
    else moveRun8(view, destination + moved, source + moved, bytes);
    moved += bytes;
  }
}

/** V8 makes plain 64-bit moves of these, without a BigInt: half the time of two 32-bit halves, and one access, not two. */
function moveRun64(view: DataView, destination: number, source: number, bytes: number): void {
  for (let i = 0; i < bytes; i = (i + 8) | 0) {
    view.setBigInt64((destination + i) | 0, view.getBigInt64((source + i) | 0, true), true);
  }
}

function moveRun32(view: DataView, destination: number, source: number, bytes: number): void {
  for (let i = 0; i < bytes; i = (i + 4) | 0) {
    view.setInt32((destination + i) | 0, view.getInt32((source + i) | 0, true), true);
  }
}

function moveRun16(view: DataView, destination: number, source: number, bytes: number): void {
  for (let i = 0; i < bytes; i = (i + 2) | 0) {
    view.setInt16((destination + i) | 0, view.getInt16((source + i) | 0, true), true);
  }
}

function moveRun8(view: DataView, destination: number, source: number, bytes: number): void {
  for (let i = 0; i < bytes; i = (i + 1) | 0) {
    view.setInt8((destination + i) | 0, view.getInt8((source + i) | 0));
  }
}
