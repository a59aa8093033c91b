import * as layout from '../../assembly/layout.ts';
import type { Random } from '../random.ts';
import type { Access } from './access-stream.ts';

/** What a region workload does with `sizeBytes` bytes at a time. */
export type RegionOperation = 'read' | 'write' | 'copy' | 'fill';

/** One kind of region work; offsets in bytes, 0 = aligned to 64. */
export interface RegionWork {
  readonly operation: RegionOperation;
  /** `emulated` through the device model; `direct` straight on its memory. */
  readonly path: 'emulated' | 'direct';
  readonly regionIndex: number;
  readonly sizeBytes: number;
  readonly srcOffsetBytes: number;
  readonly dstOffsetBytes: number;
  /** Offsets are drawn from this many bytes at the region's start; a copy takes as many again behind them. */
  readonly windowBytes: number;
  /** Every access starts here instead of at a drawn place: the edge of memlength. */
  readonly fixedOffset: number | null;
  /** Address in linear memory of a region offset: what direct accesses use. */
  readonly addressOf: (offset: number) => number;
}

const REGISTER_WIDTHS = [1, 2, 4, 8];
const FILL_BYTE = 0x5a;
/** Copies and fills start at least this far into a block that is aligned to it. */
const BLOCK_ALIGN = 64;

/** Sizes of a register go as register accesses, larger ones through the transfer buffer. */
export function isRegisterAccess({
  operation,
  sizeBytes,
}: Pick<RegionWork, 'operation' | 'sizeBytes'>): boolean {
  return (operation === 'read' || operation === 'write') && REGISTER_WIDTHS.includes(sizeBytes);
}

/** Packed accesses of `count` operations at random places of the window. */
export function* regionAccesses(work: RegionWork, random: Random, count: number): Generator<Access> {
  for (let i = 0; i < count; i++) yield* oneOperation(work, random);
}

function* oneOperation(work: RegionWork, random: Random): Generator<Access> {
  const { operation, sizeBytes, regionIndex } = work;
  const deviceOffset = operation === 'read' ? work.srcOffsetBytes : work.dstOffsetBytes;
  const place = (offset: number) => (work.path === 'direct' ? work.addressOf(offset) : offset);
  const at = (offsetBytes: number) => place(work.fixedOffset ?? drawBlock(work, random) + offsetBytes);
  const common = { regionIndex: work.path === 'direct' ? 0 : regionIndex };
  if (isRegisterAccess(work)) {
    const op = REGISTER_OPS[work.path][operation as 'read' | 'write'];
    yield { ...common, op, width: sizeBytes, offset: at(deviceOffset), value: random.uint32() };
    return;
  }
  const op = BULK_OPS[work.path][operation];
  const width = operation === 'fill' ? FILL_BYTE : 0;
  if (operation !== 'copy') {
    yield { ...common, op, width, offset: at(deviceOffset), value: sizeBytes };
    return;
  }
  const destination = work.windowBytes + drawBlock(work, random) + work.dstOffsetBytes;
  yield { ...common, op, offset: place(destination), value: sizeBytes };
  yield { ...common, op, offset: at(work.srcOffsetBytes) };
}

const REGISTER_OPS = {
  emulated: { read: layout.OP_REGION_READ, write: layout.OP_REGION_WRITE },
  direct: { read: layout.OP_DIRECT_READ, write: layout.OP_DIRECT_WRITE },
} as const;

const BULK_OPS = {
  emulated: {
    read: layout.OP_REGION_READ_BYTES,
    write: layout.OP_REGION_WRITE_BYTES,
    copy: layout.OP_REGION_COPY,
    fill: layout.OP_REGION_FILL,
  },
  direct: {
    read: layout.OP_DIRECT_READ_BYTES,
    write: layout.OP_DIRECT_WRITE_BYTES,
    copy: layout.OP_DIRECT_COPY,
    fill: layout.OP_DIRECT_FILL,
  },
} as const;

/** Start of a random block of the window. The last block stays free, so that an offset does not leave the window. */
function drawBlock({ sizeBytes, windowBytes }: RegionWork, random: Random): number {
  const block = Math.max(sizeBytes, sizeBytes < BLOCK_ALIGN ? sizeBytes : BLOCK_ALIGN);
  return random.below(Math.max(1, Math.floor(windowBytes / block) - 1)) * block;
}
