/** The ABI of the module. Addresses are byte addresses in the imported memory; 64-bit offsets come as two u32. */

import { ioFillable, ioHidden, ioWidth } from './io';
import { overlap, overlapBufferOffset, overlapCount, overlapRegisterOffset } from './overlap';
import { regionCopy, regionFill, regionRead, regionWrite } from './region';

export { fast, general, runBatch } from './access-batch';
export { runDirect, runEmulated } from './agent';
export { litmus } from './agent-litmus';
export { request, serve } from './agent-messages';
export { mixedConfig } from './config-runs';
export { chunkWidth, configRead, configReadBytes, configWrite, configWriteBytes } from './config-space';
export { avoidAliasing, copyBytes } from './copy';
export { build, reset } from './device';
export { emptyOf2, emptyOf3, emptyOf4, emptyOf5 } from './empty';
export { attach } from './state';

function wide(low: u32, high: u32): u64 {
  return ((<u64>high) << 32) | low;
}

export function regionReadAt(regionIndex: u32, low: u32, high: u32, count: u32, buffer: usize): i32 {
  return regionRead(regionIndex, wide(low, high), count, buffer);
}

export function regionWriteAt(regionIndex: u32, low: u32, high: u32, count: u32, buffer: usize): i32 {
  return regionWrite(regionIndex, wide(low, high), count, buffer);
}

export function regionCopyAt(
  regionIndex: u32,
  toLow: u32,
  toHigh: u32,
  fromLow: u32,
  fromHigh: u32,
  count: u32,
): i32 {
  return regionCopy(regionIndex, wide(toLow, toHigh), wide(fromLow, fromHigh), count);
}

export function regionFillAt(regionIndex: u32, low: u32, high: u32, count: u32, byte: u32): i32 {
  return regionFill(regionIndex, wide(low, high), count, byte);
}

/** Writes buffer offset, count and register offset of the intersection to `result`; false where there is none. */
export function overlapAt(
  bufferStart: u32,
  bufferCount: u32,
  registerStart: u32,
  registerCount: u32,
  result: usize,
): bool {
  if (!overlap(bufferStart, bufferCount, registerStart, registerCount)) return false;
  store<u32>(result, overlapBufferOffset);
  store<u32>(result, overlapCount, 4);
  store<u32>(result, overlapRegisterOffset, 8);
  return true;
}

/**
 * The next step of vfio-pci-core's access plan (device.md 3), at `offset` of a request with `count` bytes left, above 0.
 * Whole numbers below 2^53 each. @returns bytes of one access; negative: bytes that the exclusion window hides
 */
export function ioStepAt(offset: f64, count: f64, windowStart: f64, windowEnd: f64, maxWidth: u32): f64 {
  const fillable = ioFillable(<u64>offset, <u64>count, <u64>windowStart, <u64>windowEnd);
  if (fillable == 0) return -(<f64>ioHidden(<u64>offset, <u64>count, <u64>windowEnd));
  return <f64>ioWidth(<u32>(<u64>offset), fillable, maxWidth);
}
