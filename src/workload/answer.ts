import type { Device } from '../device/device.ts';

const PIECE_BYTES = 65536;
const FNV_PRIME = 0x01000193;
const FNV_BASIS = 0x811c9dc5;

/** A range of a region whose contents belong to a workload's answer. */
export interface RegionWindow {
  readonly regionIndex: number;
  readonly offset: number;
  readonly sizeBytes: number;
}

/**
 * A digest of what software can see of a device after its work: configuration space, and the
 * region windows that the work touches. Together with the batch's own checksum it is the workload's answer.
 * @param bufferAddress transfer buffer of at least 64 KiB
 */
export function digestState(device: Device, windows: readonly RegionWindow[], bufferAddress: number): number {
  const { model, memory } = device;
  const configBytes = device.spec.configBytes.length;
  // A dword at a time: nvgrace-gpu lets one read that meets both of its BARs see but the first.
  for (let offset = 0; offset < configBytes; offset += 4) {
    model.configReadBytes(offset, 4, bufferAddress + offset);
  }
  let hash = digestWords(memory.i32, bufferAddress, configBytes, FNV_BASIS);
  for (const { regionIndex, offset, sizeBytes } of windows) {
    for (let done = 0; done < sizeBytes; done += PIECE_BYTES) {
      const bytes = Math.min(PIECE_BYTES, sizeBytes - done);
      model.regionRead(regionIndex, offset + done, bytes, bufferAddress);
      hash = digestWords(memory.i32, bufferAddress, bytes, hash);
    }
  }
  return hash;
}

/**
 * FNV-1a, a word at a time, over `bytes` bytes (rounded down to words) at a 4-byte-aligned address. High bits are
 * folded onto low ones: products carry upwards only, so that two wrong top bits would cancel each other.
 */
export function digestWords(words: Int32Array, address: number, bytes: number, start: number): number {
  const first = address >> 2;
  const end = first + (bytes >> 2);
  let hash = start | 0;
  for (let i = first; i < end; i++) {
    hash = Math.imul(hash ^ words[i]!, FNV_PRIME);
    hash ^= hash >>> 15;
  }
  return hash;
}

/** FNV-1a, a byte at a time, at any address. */
export function digestBytes(bytes: Uint8Array, address: number, count: number, start: number): number {
  let hash = start | 0;
  for (let i = address; i < address + count; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME);
  return hash;
}

/** The answer of one batch: its checksum and the state it leaves, as 8 hex digits. */
export function answerOf(checksum: number, stateDigest: number): string {
  const mixed = Math.imul(stateDigest ^ checksum, FNV_PRIME);
  return (mixed >>> 0).toString(16).padStart(8, '0');
}
