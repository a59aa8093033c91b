/** Accesses of a batch, as callers write them and as implementations run them. */
import { OP_CONFIG_READ, OP_CONFIG_WRITE, OP_REGION_READ, OP_REGION_WRITE } from '../../assembly/layout.ts';
import { UsageError } from '../errors.ts';
import type { WidthBytes } from '../types.ts';
import type { Access } from '../workload/access-stream.ts';
import { expectWhole } from './expect.ts';

/** One register access of a batch. Offsets in bytes, below 2^53; values below 2^32. */
export type BatchAccess =
  | { readonly kind: 'config-read'; readonly offsetBytes: number; readonly widthBytes: WidthBytes }
  | {
      readonly kind: 'config-write';
      readonly offsetBytes: number;
      readonly widthBytes: WidthBytes;
      readonly value: number;
    }
  | {
      readonly kind: 'region-read';
      readonly regionIndex: number;
      readonly offsetBytes: number;
      readonly widthBytes: WidthBytes | 8;
    }
  | {
      readonly kind: 'region-write';
      readonly regionIndex: number;
      readonly offsetBytes: number;
      readonly widthBytes: WidthBytes | 8;
      readonly value: number;
    };

const OPERATIONS = {
  'config-read': OP_CONFIG_READ,
  'config-write': OP_CONFIG_WRITE,
  'region-read': OP_REGION_READ,
  'region-write': OP_REGION_WRITE,
} as const;

/** @throws UsageError that names the access by its place, and what of it is malformed */
export function packedAccess(access: BatchAccess, idx: number): Access {
  const { kind, offsetBytes, widthBytes } = access;
  if (!Object.hasOwn(OPERATIONS, kind)) {
    throw new UsageError(
      `access ${idx}: kind ${JSON.stringify(kind)}: expected ${Object.keys(OPERATIONS).join(', ')}`,
    );
  }
  const isRegion = kind === 'region-read' || kind === 'region-write';
  const isWrite = kind === 'config-write' || kind === 'region-write';
  const widths: readonly number[] = isRegion ? [1, 2, 4, 8] : [1, 2, 4];
  if (!widths.includes(widthBytes)) {
    throw new UsageError(`access ${idx}: widthBytes ${widthBytes}: expected ${widths.join(', ')}`);
  }
  const whole = (name: string, value: number, most: number) =>
    expectWhole(`access ${idx}: ${name}`, value, { least: 0, most });
  return {
    op: OPERATIONS[kind],
    offset: whole('offsetBytes', offsetBytes, isRegion ? Number.MAX_SAFE_INTEGER : MAX_U32),
    width: widthBytes,
    ...(isRegion && { regionIndex: whole('regionIndex', access.regionIndex, LAST_REGION) }),
    ...(isWrite && { value: whole('value', access.value, MAX_U32) }),
  };
}

const MAX_U32 = 2 ** 32 - 1;
/** VGA, in VFIO's numbering. */
const LAST_REGION = 8;
