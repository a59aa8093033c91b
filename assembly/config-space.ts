import {
  BARS_DIRTY,
  CONFIG_MAP,
  CONFIG_QUIRK,
  CONFIG_SIZE,
  CONFIG_VALUE,
  CONFIG_W1C,
  CONFIG_WRITABLE,
  EFAULT,
  EINVAL,
  LAST_ERRNO,
  LAZY_BARS,
  POLICY,
  POLICY_NVGRACE,
  QUIRK_CORE_COMMAND,
  QUIRK_LAZY_BAR,
  QUIRK_W1C,
  SCRATCH,
} from './layout';
import { lazyBarFixup } from './policy/core';
import { nvgraceRead, nvgraceWrite, swapShadow } from './policy/nvgrace';
import { fastReadLimit, state } from './state';

const PCI_COMMAND: u32 = 0x04;
const PCI_STATUS: u32 = 0x06;

/**
 * Reads 1, 2 or 4 bytes at any offset.
 * An aligned access is one rotate, one compare and one load: rotating the offset right by log2(width) moves
 * misaligned low bits to the top, so a single unsigned compare tests alignment and bounds.
 * @returns the value; all ones with LAST_ERRNO set where the request leaves configuration space
 */
export function configRead(offset: u32, widthBytes: u32): u32 {
  const s = state;
  const limit = fastReadLimit;
  if (widthBytes == 4) {
    if (rotr<u32>(offset, 2) < limit >> 2) return load<u32>(s + offset, CONFIG_VALUE);
  } else if (widthBytes == 2) {
    if (rotr<u32>(offset, 1) < limit >> 1) return load<u16>(s + offset, CONFIG_VALUE);
  } else if (widthBytes == 1 && offset < limit) {
    return load<u8>(s + offset, CONFIG_VALUE);
  }
  return configReadGeneral(offset, widthBytes);
}

/** The register read that is unaligned, out of bounds, or on a lazily virtualised device. */
function configReadGeneral(offset: u32, widthBytes: u32): u32 {
  const s = state;
  store<u32>(s, 0, SCRATCH);
  const done = widthBytes > 4 ? -EINVAL : configReadBytes(offset, widthBytes, s + SCRATCH);
  if (done < 0) {
    store<u32>(s, -done, LAST_ERRNO);
    return 0xffffffff;
  }
  return load<u32>(s, SCRATCH);
}

/**
 * Writes 1, 2 or 4 bytes at any offset: value = (old & ~writable) | (new & writable), device.md 1.11b.
 * @returns bytes taken, which policy nvgrace may make fewer than asked, or a negative errno
 */
export function configWrite(offset: u32, widthBytes: u32, value: u32): i32 {
  const limit = load<u32>(state, CONFIG_SIZE);
  if (widthBytes == 4) {
    if (rotr<u32>(offset, 2) < limit >> 2) return write4(offset, value);
  } else if (widthBytes == 2) {
    if (rotr<u32>(offset, 1) < limit >> 1) return write2(offset, value);
  } else if (widthBytes == 1 && offset < limit) {
    return write1(offset, value);
  }
  return configWriteGeneral(offset, widthBytes, value);
}

/** The register write that is unaligned or out of bounds. */
function configWriteGeneral(offset: u32, widthBytes: u32, value: u32): i32 {
  if (widthBytes > 4) return -EINVAL;
  store<u32>(state, value, SCRATCH);
  return configWriteBytes(offset, widthBytes, state + SCRATCH);
}

/** Aligned masked writes, offset already checked. `old ^ ((old ^ new) & writable)` is the masked write in three operations. */
function write4(offset: u32, value: u32): i32 {
  const at = state + offset;
  if (load<u32>(at, CONFIG_QUIRK) != 0) return writeQuirk(offset, 4, value);
  const old = load<u32>(at, CONFIG_VALUE);
  store<u32>(at, old ^ ((old ^ value) & load<u32>(at, CONFIG_WRITABLE)), CONFIG_VALUE);
  return 4;
}

function write2(offset: u32, value: u32): i32 {
  const at = state + offset;
  if (load<u16>(at, CONFIG_QUIRK) != 0) return writeQuirk(offset, 2, value);
  const old: u32 = load<u16>(at, CONFIG_VALUE);
  store<u16>(at, old ^ ((old ^ value) & <u32>load<u16>(at, CONFIG_WRITABLE)), CONFIG_VALUE);
  return 2;
}

function write1(offset: u32, value: u32): i32 {
  const at = state + offset;
  if (load<u8>(at, CONFIG_QUIRK) != 0) return writeQuirk(offset, 1, value);
  const old: u32 = load<u8>(at, CONFIG_VALUE);
  store<u8>(at, old ^ ((old ^ value) & <u32>load<u8>(at, CONFIG_WRITABLE)), CONFIG_VALUE);
  return 1;
}

/** The aligned write to a register that is more than its masks. */
function writeQuirk(offset: u32, widthBytes: u32, value: u32): i32 {
  let quirks: u32 = 0;
  for (let i: u32 = 0; i < widthBytes; i++) {
    const at = state + offset + i;
    const quirk: u32 = load<u8>(at, CONFIG_QUIRK);
    const byte: u32 = (value >> (i << 3)) & 0xff;
    const old: u32 = load<u8>(at, CONFIG_VALUE);
    let next = old ^ ((old ^ byte) & <u32>load<u8>(at, CONFIG_WRITABLE));
    if (quirk & QUIRK_W1C) next &= ~(byte & <u32>load<u8>(at, CONFIG_W1C));
    store<u8>(at, next, CONFIG_VALUE);
    quirks |= quirk;
  }
  if (quirks & QUIRK_LAZY_BAR) store<u32>(state, 1, BARS_DIRTY);
  if (quirks & QUIRK_CORE_COMMAND && offset == PCI_COMMAND && widthBytes == 4) clearStatus();
  return widthBytes;
}

/** vfio-pci-core's read-modify-write of the COMMAND dword writes the status half back as it read it (device.md 2.6). */
function clearStatus(): void {
  const at = state + PCI_STATUS;
  store<u16>(at, load<u16>(at, CONFIG_VALUE) & ~load<u16>(at, CONFIG_W1C), CONFIG_VALUE);
}

/**
 * Reads `count` bytes at any offset into `buffer`.
 * @returns `count`, or -EFAULT where the request leaves configuration space (checked before any effect)
 */
export function configReadBytes(offset: u32, count: u32, buffer: usize): i32 {
  if (count == 0) return 0;
  const s = state;
  const size = load<u32>(s, CONFIG_SIZE);
  if (offset >= size || count > size - offset) return -EFAULT;
  const nvgrace = load<u32>(s, POLICY) == POLICY_NVGRACE;
  if (load<u32>(s, LAZY_BARS) != 0) {
    // The fix-up is the core's: it masks the core's own view of the BARs, behind the emulated ones.
    if (nvgrace) swapShadow(s);
    lazyBarFixup(s, offset, count);
    if (nvgrace) swapShadow(s);
  }
  memory.copy(buffer, s + CONFIG_VALUE + offset, count);
  if (nvgrace) nvgraceRead(s, offset, count, buffer);
  return <i32>count;
}

/**
 * Writes `count` bytes at any offset from `buffer`, in the steps of vfio-pci-core (device.md 2.2).
 * @returns bytes taken (policy nvgrace: those of the one BAR it meets), or -EFAULT
 */
export function configWriteBytes(offset: u32, count: u32, buffer: usize): i32 {
  if (count == 0) return 0;
  const nvgrace = load<u32>(state, POLICY) == POLICY_NVGRACE;
  if (nvgrace) {
    const taken = nvgraceWrite(state, offset, count, buffer);
    if (taken >= 0) return taken;
  }
  const size = load<u32>(state, CONFIG_SIZE);
  if (offset >= size || count > size - offset) return -EFAULT;
  if (nvgrace) swapShadow(state);
  writeSteps(offset, count, buffer);
  if (nvgrace) swapShadow(state);
  return <i32>count;
}

function writeSteps(offset: u32, count: u32, buffer: usize): void {
  for (let done: u32 = 0; done < count; ) {
    const width = chunkWidth(offset + done, count - done);
    const from = buffer + done;
    if (width == 4) write4(offset + done, load<u32>(from));
    else if (width == 2) write2(offset + done, load<u16>(from));
    else write1(offset + done, load<u8>(from));
    done += width;
  }
}

/** Width of the next step of a request: no step leaves its dword or its capability (device.md 2.2). */
export function chunkWidth(offset: u32, remaining: u32): u32 {
  const map = state + CONFIG_MAP;
  const id = load<u8>(map + offset);
  const end = min<u32>(remaining, 4 - (offset & 3));
  let same: u32 = 1;
  while (same < end && load<u8>(map + offset + same) == id) same++;
  if (same >= 4) return 4;
  return same >= 2 && (offset & 1) == 0 ? 2 : 1;
}
