import type { ResetKind } from '../device/device-model.ts';

/**
 * One step of a vector on a device. `ret` is the expected return value (a byte count or a negative errno) and
 * `expect` the expected bytes in memory order; each is checked where it is given.
 */
export type Operation =
  | {
      readonly op: 'cfg-read';
      readonly offset: number;
      readonly width: number;
      readonly expect?: Uint8Array;
      readonly ret?: number;
    }
  | {
      readonly op: 'cfg-write';
      readonly offset: number;
      readonly width: number;
      readonly value: Uint8Array;
      readonly ret?: number;
    }
  | {
      readonly op: 'region-read';
      readonly region: number;
      readonly offset: number;
      readonly width: number;
      readonly expect?: Uint8Array;
      readonly ret?: number;
    }
  | {
      readonly op: 'region-write';
      readonly region: number;
      readonly offset: number;
      readonly width: number;
      readonly value: Uint8Array;
      readonly ret?: number;
    }
  | {
      readonly op: 'region-copy';
      readonly region: number;
      readonly offset: number;
      readonly source: number;
      readonly width: number;
      readonly ret?: number;
    }
  | {
      readonly op: 'region-fill';
      readonly region: number;
      readonly offset: number;
      readonly width: number;
      readonly byte: number;
      readonly ret?: number;
    }
  | { readonly op: 'reset'; readonly reset: ResetKind };

/** What a device answered: its return value, and the bytes that a read put into the buffer. */
export interface Answer {
  readonly ret: number;
  readonly bytes: Uint8Array;
}

const INTEGER_WIDTHS = [1, 2, 4, 8];

/** Whether values of this width are written as integers; other widths are written as hex in memory order. */
export function isIntegerWidth(width: number): boolean {
  return INTEGER_WIDTHS.includes(width);
}

/** Little-endian bytes of an integer that fits `width` bytes. */
export function integerBytes(value: bigint, width: number): Uint8Array {
  return Uint8Array.from({ length: width }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

/** Bytes as people compare them: an integer for register widths, memory order otherwise. */
export function formatBytes(bytes: Uint8Array): string {
  const hex = (list: Iterable<number>) =>
    Array.from(list, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (bytes.length === 0) return 'no bytes';
  if (isIntegerWidth(bytes.length)) return `0x${hex(bytes.toReversed())}`;
  return `bytes ${hex(bytes)}`;
}

/** The step without its expectation: `cfg-read @0x18 width 4`, `region-write 4 @0x2ffe width 4 value 0xddccbbaa`. */
export function formatOperation(operation: Operation): string {
  if (operation.op === 'reset') return `reset ${operation.reset}`;
  const at = `@0x${operation.offset.toString(16)} width ${operation.width}`;
  switch (operation.op) {
    case 'cfg-read':
      return `cfg-read ${at}`;
    case 'cfg-write':
      return `cfg-write ${at} value ${formatBytes(operation.value)}`;
    case 'region-read':
      return `region-read ${operation.region} ${at}`;
    case 'region-write':
      return `region-write ${operation.region} ${at} value ${formatBytes(operation.value)}`;
    case 'region-copy':
      return `region-copy ${operation.region} ${at} from 0x${operation.source.toString(16)}`;
    case 'region-fill':
      return `region-fill ${operation.region} ${at} byte 0x${operation.byte.toString(16)}`;
  }
}
