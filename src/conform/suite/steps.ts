/**
 * The words in which the suite is written. A read or write returns its width unless the step says otherwise.
 * Steps that belong together are spread from one array, so that they stay on one line.
 */

import type { ResetKind } from '../../device/device-model.ts';
import { integerBytes, type Operation } from '../operation.ts';
import type { Runnable } from '../runnable.ts';
import type { Variant } from '../vector-device.ts';

/** A vector on devices that must all give the same answers. */
export function onDevice(id: string, variants: readonly Variant[], ops: readonly Operation[]): Runnable {
  return { kind: 'device', id, variants, ops };
}

/** A vector on a function; those about a device take it from `variants`. */
export function onFunction(
  id: string,
  fn: string,
  args: readonly unknown[],
  expect: unknown,
  variants: readonly Variant[] = [],
): Runnable {
  const device = variants[0] ? { spec: variants[0].spec } : {};
  return { kind: 'functions', id, calls: [{ op: 'fn', fn, args, expect, ...device }] };
}

/** Register read of 1, 2, 4 or 8 bytes. */
export function read(offset: number, width: number, value: number | bigint): Operation {
  return { op: 'cfg-read', offset, width, expect: integerBytes(BigInt(value), width), ret: width };
}

/** Register write of 1, 2, 4 or 8 bytes. */
export function write(offset: number, width: number, value: number | bigint, ret = width): Operation {
  return { op: 'cfg-write', offset, width, value: integerBytes(BigInt(value), width), ret };
}

/** Read of as many bytes as the hex text has. */
export function readHex(offset: number, hex: string): Operation {
  const expect = fromHex(hex);
  return { op: 'cfg-read', offset, width: expect.length, expect, ret: expect.length };
}

export function writeHex(offset: number, hex: string, ret?: number): Operation {
  const value = fromHex(hex);
  return { op: 'cfg-write', offset, width: value.length, value, ret: ret ?? value.length };
}

/** A read that must fail. */
export function failingRead(offset: number, width: number, ret: number): Operation {
  return { op: 'cfg-read', offset, width, ret };
}

export function regionRead(region: number, offset: number, hex: string, width?: number): Operation {
  const expect = fromHex(hex);
  return { op: 'region-read', region, offset, width: width ?? expect.length, expect, ret: expect.length };
}

export function regionWrite(region: number, offset: number, hex: string, ret?: number): Operation {
  const value = fromHex(hex);
  return { op: 'region-write', region, offset, width: value.length, value, ret: ret ?? value.length };
}

export function failingRegionRead(region: number, offset: number, width: number, ret: number): Operation {
  return { op: 'region-read', region, offset, width, ret };
}

export function copy(region: number, offset: number, source: number, width: number, ret = width): Operation {
  return { op: 'region-copy', region, offset, source, width, ret };
}

export function fill(region: number, offset: number, width: number, byte: number, ret = width): Operation {
  return { op: 'region-fill', region, offset, width, byte, ret };
}

export function reset(kind: ResetKind): Operation {
  return { op: 'reset', reset: kind };
}

export const EIO = -5;
export const EFAULT = -14;
export const EINVAL = -22;
export const ENOMEM = -12;
export const ETIME = -62;

/** Bytes of hex text in memory order; spaces are for the reader. */
function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}
