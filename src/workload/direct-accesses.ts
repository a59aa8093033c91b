// What a workload's packed accesses stay inside of, and the same accesses straight on the memory.
import {
  ACCESS_BYTES,
  CONFIG_SIZE,
  FAST_READ_LIMIT,
  OP_CONFIG_READ,
  OP_CONFIG_WRITE,
  OP_DIRECT_COPY,
  OP_DIRECT_FILL,
  OP_DIRECT_READ,
  OP_DIRECT_READ_BYTES,
  OP_DIRECT_WRITE,
  OP_DIRECT_WRITE_BYTES,
  OP_REGION_COPY,
  OP_REGION_FILL,
  OP_REGION_READ,
  OP_REGION_READ_BYTES,
  OP_REGION_WRITE,
  OP_REGION_WRITE_BYTES,
} from '../../assembly/layout.ts';
import type { Device } from '../device/device.ts';
import type { PreparedWorkload } from './prepared.ts';
import { hasMemory, linearAddress, PAGE_BYTES } from './workbench.ts';

const TWO_32 = 2 ** 32;

/** Straight on the memory, for each operation on a region. */
const DIRECT_OPS: Readonly<Record<number, number>> = {
  [OP_REGION_READ]: OP_DIRECT_READ,
  [OP_REGION_WRITE]: OP_DIRECT_WRITE,
  [OP_REGION_READ_BYTES]: OP_DIRECT_READ_BYTES,
  [OP_REGION_WRITE_BYTES]: OP_DIRECT_WRITE_BYTES,
  [OP_REGION_COPY]: OP_DIRECT_COPY,
  [OP_REGION_FILL]: OP_DIRECT_FILL,
};

/** A packed access as it lies in memory, and what it touches. */
interface Touched {
  /** Address of the packed access. */
  readonly at: number;
  /** Whether it is the second one of a copy, which holds the source and has no control word. */
  readonly second: boolean;
  readonly op: number;
  readonly region: number;
  readonly width: number;
  readonly offset: number;
  /** Bytes touched from `offset` on. */
  readonly bytes: number;
}

/** Every access of the batch, both sides of a copy apart. */
function* touched({ device: { memory }, accesses, accessCount }: PreparedWorkload): Generator<Touched> {
  const { view } = memory;
  const end = accesses + accessCount * ACCESS_BYTES;
  for (let at = accesses; at < end; at += ACCESS_BYTES) {
    const control = view.getUint32(at, true);
    const op = control & 0xff;
    const width = (control >>> 16) & 0xff;
    const isRegister = op <= OP_DIRECT_WRITE;
    const common = { op, region: (control >>> 8) & 0xff, width };
    const bytes = isRegister ? width : view.getUint32(at + 12, true);
    yield { ...common, at, second: false, offset: offsetAt(view, at), bytes };
    if (op !== OP_REGION_COPY && op !== OP_DIRECT_COPY) continue;
    at += ACCESS_BYTES;
    yield { ...common, at, second: true, offset: offsetAt(view, at), bytes };
  }
}

function offsetAt(view: DataView, at: number): number {
  return view.getUint32(at + 8, true) * TWO_32 + view.getUint32(at + 4, true);
}

/** Packed accesses that are walked over, by their control words. */
export function walkedAccesses(prepared: PreparedWorkload): number {
  let count = 0;
  for (const { second } of touched(prepared)) if (!second) count++;
  return count;
}

/** Whether no access meets a bound: all of them aligned where they are registers, and inside what they access. */
export function isInRange(prepared: PreparedWorkload): boolean {
  const { device } = prepared;
  for (const access of touched(prepared)) if (!isInside(device, access)) return false;
  return true;
}

function isInside(device: Device, { op, region, width, offset, bytes }: Touched): boolean {
  const isRegister = op <= OP_REGION_WRITE;
  if (bytes === 0 || (isRegister && offset % width !== 0)) return false;
  if (op === OP_CONFIG_READ || op === OP_CONFIG_WRITE) {
    const field = op === OP_CONFIG_READ ? FAST_READ_LIMIT : CONFIG_SIZE;
    return offset + bytes <= device.memory.view.getUint32(device.placement.stateBlock + field, true);
  }
  if (!(op in DIRECT_OPS)) return false;
  const spec = device.spec.regions.find(({ regionIndex }) => regionIndex === region);
  return spec !== undefined && offset + bytes <= Number(spec.memlengthBytes);
}

/**
 * Rewrites the packed accesses of a workload in place: the same bytes, straight on the memory.
 * @returns false, with nothing rewritten, where they are no accesses to regions, or some bytes lie in no memory, in
 * several pieces, or hidden by an exclusion window
 */
export function makeDirect(prepared: PreparedWorkload): boolean {
  const { device } = prepared;
  const { view } = device.memory;
  const moves: { at: number; op: number; width: number; address: number }[] = [];
  for (const access of touched(prepared)) {
    const op = DIRECT_OPS[access.op];
    const address = op === undefined ? null : addressInOnePiece(device, access);
    if (op === undefined || address === null) return false;
    moves.push({ at: access.at, op, width: access.width, address });
  }
  for (const { at, op, width, address } of moves) {
    view.setUint32(at, op | (width << 16), true);
    view.setUint32(at + 4, address, true);
    view.setUint32(at + 8, 0, true);
  }
  return true;
}

function addressInOnePiece(device: Device, access: Touched): number | null {
  const region = device.spec.regions.find(({ regionIndex }) => regionIndex === access.region);
  const { offset, bytes } = access;
  if (!region || !isInside(device, access)) return null;
  const { window } = region;
  if (window && offset < Number(window.endBytes) && offset + bytes > Number(window.startBytes)) return null;
  if (!hasMemory(device, region, offset)) return null;
  const address = linearAddress(device, region, offset);
  const firstPage = Math.floor(offset / PAGE_BYTES);
  for (let page = firstPage + 1; page * PAGE_BYTES < offset + bytes; page++) {
    const start = page * PAGE_BYTES;
    if (!hasMemory(device, region, start)) return null;
    if (linearAddress(device, region, start) !== address + (start - offset)) return null;
  }
  return address;
}
