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
  QUIRK_CORE_COMMAND,
  QUIRK_LAZY_BAR,
  QUIRK_REQUEST,
  QUIRK_W1C,
  SCRATCH,
} from './layout';
import { FOR_CORE, lazyBarFixup } from './policy/core';
import { afterCore, beforeCore, patchRead, takeRead, takeWrite } from './policy/requests';
import { fastReadLimit, state } from './state';

const PCI_COMMAND: u32 = 0x04;
const PCI_STATUS: u32 = 0x06;
const REQUEST_IN_ANY_BYTE: u32 = QUIRK_REQUEST * 0x01010101;

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

/** The register read that is unaligned, out of bounds, or of a register whose policy looks at the request. */
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

/** The register write that is unaligned, out of bounds, or to a register whose policy looks at the request. */
function configWriteGeneral(offset: u32, widthBytes: u32, value: u32): i32 {
  if (widthBytes > 4) return -EINVAL;
  store<u32>(state, value, SCRATCH);
  return configWriteBytes(offset, widthBytes, state + SCRATCH);
}

/** Aligned masked writes, offset already checked. `old ^ ((old ^ new) & writable)` is the masked write in three operations. */
function write4(offset: u32, value: u32): i32 {
  const at = state + offset;
  const quirks: u32 = load<u32>(at, CONFIG_QUIRK);
  if (quirks != 0) return writeQuirk(offset, 4, value, quirks);
  const old = load<u32>(at, CONFIG_VALUE);
  store<u32>(at, old ^ ((old ^ value) & load<u32>(at, CONFIG_WRITABLE)), CONFIG_VALUE);
  return 4;
}

function write2(offset: u32, value: u32): i32 {
  const at = state + offset;
  const quirks: u32 = load<u16>(at, CONFIG_QUIRK);
  if (quirks != 0) return writeQuirk(offset, 2, value, quirks);
  const old: u32 = load<u16>(at, CONFIG_VALUE);
  store<u16>(at, old ^ ((old ^ value) & <u32>load<u16>(at, CONFIG_WRITABLE)), CONFIG_VALUE);
  return 2;
}

function write1(offset: u32, value: u32): i32 {
  const at = state + offset;
  const quirks: u32 = load<u8>(at, CONFIG_QUIRK);
  if (quirks != 0) return writeQuirk(offset, 1, value, quirks);
  const old: u32 = load<u8>(at, CONFIG_VALUE);
  store<u8>(at, old ^ ((old ^ value) & <u32>load<u8>(at, CONFIG_WRITABLE)), CONFIG_VALUE);
  return 1;
}

/** The aligned write to a register that is more than its masks; `quirks` has the code of each of its bytes. */
function writeQuirk(offset: u32, widthBytes: u32, value: u32, quirks: u32): i32 {
  if (quirks & REQUEST_IN_ANY_BYTE) return configWriteGeneral(offset, widthBytes, value);
  writeStep(offset, widthBytes, value);
  return widthBytes;
}

/** One step of vfio-pci-core, quirks of its own registers included; offset and width as chunkWidth gives them. */
function writeStep(offset: u32, widthBytes: u32, value: u32): void {
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
}

/** vfio-pci-core's read-modify-write of the COMMAND dword writes the status half back as it read it (device.md 2.6). */
function clearStatus(): void {
  const at = state + PCI_STATUS;
  store<u16>(at, load<u16>(at, CONFIG_VALUE) & ~load<u16>(at, CONFIG_W1C), CONFIG_VALUE);
}

/**
 * Reads `count` bytes at any offset into `buffer`.
 * @returns `count`; -EFAULT where the request leaves configuration space (checked before any effect); what the
 * policy answers in the core's place
 */
export function configReadBytes(offset: u32, count: u32, buffer: usize): i32 {
  if (count == 0) return 0;
  const s = state;
  const taken = takeRead(s, offset, count, buffer);
  if (taken != FOR_CORE) return taken;
  const size = load<u32>(s, CONFIG_SIZE);
  if (offset >= size || count > size - offset) return -EFAULT;
  if (load<u32>(s, LAZY_BARS) != 0) {
    // The fix-up is the core's: it masks the core's own view of the BARs, behind the emulated ones.
    beforeCore(s);
    lazyBarFixup(s, offset, count);
    afterCore(s);
  }
  memory.copy(buffer, s + CONFIG_VALUE + offset, count);
  patchRead(s, offset, count, buffer);
  return <i32>count;
}

/**
 * Writes `count` bytes at any offset from `buffer`, in the steps of vfio-pci-core (device.md 2.2).
 * @returns bytes taken (policy nvgrace: those of the one BAR it meets), -EFAULT, or what the policy answers
 */
export function configWriteBytes(offset: u32, count: u32, buffer: usize): i32 {
  if (count == 0) return 0;
  const s = state;
  const taken = takeWrite(s, offset, count, buffer);
  if (taken != FOR_CORE) return taken;
  const size = load<u32>(s, CONFIG_SIZE);
  if (offset >= size || count > size - offset) return -EFAULT;
  beforeCore(s);
  writeSteps(offset, count, buffer);
  afterCore(s);
  return <i32>count;
}

function writeSteps(offset: u32, count: u32, buffer: usize): void {
  for (let done: u32 = 0; done < count; ) {
    const width = chunkWidth(offset + done, count - done);
    const from = buffer + done;
    const value: u32 = width == 4 ? load<u32>(from) : width == 2 ? load<u16>(from) : load<u8>(from);
    writeStep(offset + done, width, value);
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
