// The nvgrace-gpu variant driver on top of vfio-pci-core (device.md 1.7). It emulates BAR pairs 0x18 (resmem)
// and 0x20 (usemem) as a masked buffer. The driver stores raw bytes and masks each read; masks act bit by bit,
// so storing masked is the same to every reader. A request is served for at most ONE of the two pairs: that is
// the driver's else-if, and the reason why the core's own view of them is kept in the shadow.
import { foldDword } from '../config-tables';
import {
  CONFIG_QUIRK,
  CONFIG_VALUE,
  CONFIG_WRITABLE,
  EMULATED_BAR_SIZES,
  RESMEM_BAR_OFFSET,
  SHADOW_VALUE,
  SHADOW_WRITABLE,
  USEMEM_BAR_OFFSET,
} from '../layout';
import { overlap, overlapBufferOffset, overlapCount, overlapRegisterOffset } from '../overlap';
import { FOR_CORE } from './core';

/** 64-bit, prefetchable. */
const EMULATED_FLAGS: u32 = 0xc;
const PAIR_BYTES: u32 = 8;

/** Runs after foldCore: moves what the core shows into the shadow and puts the emulated pairs in its place. */
export function foldNvgrace(s: usize): void {
  memory.copy(s + SHADOW_VALUE, s + CONFIG_VALUE + RESMEM_BAR_OFFSET, 16);
  memory.copy(s + SHADOW_WRITABLE, s + CONFIG_WRITABLE + RESMEM_BAR_OFFSET, 16);
  for (let pair: u32 = 0; pair < 2; pair++) {
    const sizeBytes = load<u64>(s + pair * 8, EMULATED_BAR_SIZES);
    if (sizeBytes == 0) continue;
    const offset = RESMEM_BAR_OFFSET + pair * PAIR_BYTES;
    const mask = ~(sizeBytes - 1);
    store<u64>(s + offset, 0, CONFIG_QUIRK);
    store<u64>(s + offset, 0, CONFIG_VALUE);
    foldDword(s, offset, <u32>mask & ~(<u32>0xf), EMULATED_FLAGS);
    foldDword(s, offset + 4, <u32>(mask >> 32), 0);
  }
}

/** Zeroes the emulated addresses: at open and on the reset ioctl, not on FLR or hot reset. */
export function resetEmulatedBars(s: usize): void {
  for (let pair: u32 = 0; pair < 2; pair++) {
    if (load<u64>(s + pair * 8, EMULATED_BAR_SIZES) == 0) continue;
    store<u64>(s + RESMEM_BAR_OFFSET + pair * PAIR_BYTES, EMULATED_FLAGS, CONFIG_VALUE);
  }
}

/** A read that meets the resmem pair leaves the usemem pair to the core, whether or not resmem exists. */
export function nvgraceRead(s: usize, offset: u32, count: u32, buffer: usize): void {
  if (!overlap(offset, count, RESMEM_BAR_OFFSET, PAIR_BYTES)) return;
  if (!overlap(offset, count, USEMEM_BAR_OFFSET, PAIR_BYTES)) return;
  memory.copy(
    buffer + overlapBufferOffset,
    s + SHADOW_VALUE + PAIR_BYTES + overlapRegisterOffset,
    overlapCount,
  );
}

/**
 * Takes the bytes of a write that fall into one emulated pair and drops the rest of the request.
 * @returns bytes taken; FOR_CORE where the request belongs to the core
 */
export function nvgraceWrite(s: usize, offset: u32, count: u32, buffer: usize): i32 {
  let register: u32 = 0;
  if (overlap(offset, count, RESMEM_BAR_OFFSET, PAIR_BYTES)) register = RESMEM_BAR_OFFSET;
  else if (overlap(offset, count, USEMEM_BAR_OFFSET, PAIR_BYTES)) register = USEMEM_BAR_OFFSET;
  else return FOR_CORE;
  if (load<u64>(s + (register - RESMEM_BAR_OFFSET), EMULATED_BAR_SIZES) == 0) return FOR_CORE;
  for (let i: u32 = 0; i < overlapCount; i++) {
    const at = s + register + overlapRegisterOffset + i;
    const old = load<u8>(at, CONFIG_VALUE);
    const byte = load<u8>(buffer + overlapBufferOffset + i);
    store<u8>(at, old ^ ((old ^ byte) & load<u8>(at, CONFIG_WRITABLE)), CONFIG_VALUE);
  }
  return <i32>overlapCount;
}

/** Puts the core's own view of the two pairs in place, or the emulated one back: for a request that the driver passes on whole. */
export function swapShadow(s: usize): void {
  for (let pair: u32 = 0; pair < 2; pair++) {
    const at = pair * PAIR_BYTES;
    if (load<u64>(s + at, EMULATED_BAR_SIZES) == 0) continue;
    swap(s + CONFIG_VALUE + RESMEM_BAR_OFFSET + at, s + SHADOW_VALUE + at);
    swap(s + CONFIG_WRITABLE + RESMEM_BAR_OFFSET + at, s + SHADOW_WRITABLE + at);
  }
}

function swap(a: usize, b: usize): void {
  const held = load<u64>(a);
  store<u64>(a, load<u64>(b));
  store<u64>(b, held);
}
