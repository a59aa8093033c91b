import * as layout from '../../assembly/layout.ts';
import type { RandomAccess } from './random-access.ts';
import { pack, type Side } from './side.ts';

/** A mismatch, told as what was done up to it. */
export class Divergence extends Error {}

export function compareBuffers(expected: Side, actual: Side, count: number, what: string): void {
  const [a, b] = [expected.bytes(count), actual.bytes(count)];
  if (Buffer.compare(a, b) === 0) return;
  const at = a.findIndex((byte, i) => byte !== b[i]);
  throw new Divergence(
    `${what}: byte ${at} of ${count} is ${hex(a[at]!)} in one, ${hex(b[at]!)} in the other`,
  );
}

export function compareBatch(
  side: Side,
  accesses: readonly RandomAccess[],
  expected: number,
  at: number,
): void {
  const packed = pack(side, accesses);
  const checksum = side.model.runBatch(side.accesses, packed, side.buffer, 0) >>> 0;
  if (checksum === expected >>> 0) return;
  const name = side.model.implementation;
  throw new Divergence(
    `batch of ${accesses.length} before access ${at} on ${name}: checksum ${hex(checksum)}, one by one ${hex(expected >>> 0)}`,
  );
}
/** The tables into which the policy was folded. */
const TABLES = [
  ['CONFIG_VALUE', layout.CONFIG_VALUE],
  ['CONFIG_WRITABLE', layout.CONFIG_WRITABLE],
  ['CONFIG_W1C', layout.CONFIG_W1C],
  ['CONFIG_QUIRK', layout.CONFIG_QUIRK],
  ['CONFIG_MAP', layout.CONFIG_MAP],
] as const;

export function compareTables(expected: Side, actual: Side): void {
  const size = expected.device.spec.configBytes.length;
  const where = `of the device as ${actual.model.implementation} built it`;
  for (const [name, at] of TABLES) compareBlock(expected, actual, at, size, `${name} ${where}`);
}

export function compareState(expected: Side, actual: Side): void {
  const { spec } = expected.device;
  const name = `${actual.model.implementation} at the end`;
  compareBlock(expected, actual, layout.CONFIG_VALUE, spec.configBytes.length, `CONFIG_VALUE, ${name}`);
  compareBlock(expected, actual, layout.CONFIG_WRITABLE, spec.configBytes.length, `CONFIG_WRITABLE, ${name}`);
  compareBlock(expected, actual, layout.VIRTIO_COMMAND, 4, `VIRTIO_COMMAND, ${name}`);
  compareBlock(expected, actual, layout.SHADOW_VALUE, 16, `SHADOW_VALUE, ${name}`);
  compareBlock(expected, actual, layout.BARS_DIRTY, 4, `BARS_DIRTY, ${name}`);
  compareBlock(expected, actual, layout.NEXT_FRAME, 8, `NEXT_FRAME and FRAME_BYTES_LEFT, ${name}`);
  compareBlock(expected, actual, layout.RESET_PENDING, 4, `RESET_PENDING, ${name}`);
  for (const region of spec.regions) {
    const memlength = Number(region.memlengthBytes);
    const pageBytes = 2 ** region.pageShift;
    if (region.backing === 'sparse')
      comparePageMaps(expected, actual, region.regionIndex, Math.ceil(memlength / pageBytes));
    if (region.backing === 'flat') compareMemory(expected, actual, region.regionIndex, memlength, name);
    else compareMemory(expected, actual, region.regionIndex, framesInUse(expected), name);
  }
}

/** Bytes from a region's base on: flat memory, or the frames that all sparse regions share. */
function compareMemory(expected: Side, actual: Side, regionIndex: number, bytes: number, name: string): void {
  const [a, b] = [expected, actual].map((side) => {
    const at = side.memory.view.getUint32(descriptor(side, regionIndex) + layout.REGION_BASE, true);
    return side.memory.u8.subarray(at, at + bytes);
  }) as [Uint8Array, Uint8Array];
  if (Buffer.compare(a, b) === 0) return;
  const at = a.findIndex((byte, i) => byte !== b[i]);
  throw new Divergence(
    `memory of region ${regionIndex}, ${name}: byte 0x${at.toString(16)} is ${hex(b[at]!)}, expected ${hex(a[at]!)}`,
  );
}

function framesInUse({ device, memory }: Side): number {
  return memory.view.getUint32(device.placement.stateBlock + layout.NEXT_FRAME, true);
}

function descriptor({ device }: Side, regionIndex: number): number {
  return device.placement.stateBlock + layout.REGIONS + regionIndex * layout.REGION_BYTES;
}

function compareBlock(expected: Side, actual: Side, offset: number, bytes: number, what: string): void {
  const [a, b] = [expected, actual].map((side) => {
    const at = side.device.placement.stateBlock + offset;
    return side.memory.u8.subarray(at, at + bytes);
  }) as [Uint8Array, Uint8Array];
  if (Buffer.compare(a, b) === 0) return;
  const at = a.findIndex((byte, i) => byte !== b[i]);
  throw new Divergence(
    `${what}: byte 0x${at.toString(16)} is ${hex(a[at]!)}, expected ${hex(b[at]!)} as in the other`,
  );
}

function pageMap(side: Side, regionIndex: number): number {
  return side.memory.view.getUint32(descriptor(side, regionIndex) + layout.REGION_PAGE_MAP, true) >>> 2;
}

/** Frames are handed out in the order of the writes, so equal histories give equal maps. */
function comparePageMaps(expected: Side, actual: Side, regionIndex: number, pages: number): void {
  const [a, b] = [expected, actual].map((side) => {
    const at = pageMap(side, regionIndex);
    return side.memory.u8.subarray(4 * at, 4 * (at + pages));
  }) as [Uint8Array, Uint8Array];
  if (Buffer.compare(a, b) !== 0) throw new Divergence(`page maps of region ${regionIndex} differ`);
}

export function hex(value: number): string {
  return value < 0 ? `${value}` : `0x${value.toString(16)}`;
}
