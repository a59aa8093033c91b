import { CHECKED } from './checks';
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
/** The upper word of the dword at PCI_COMMAND is PCI_STATUS. */
const STATUS_HALF: u32 = 0xffff0000;
/** A quirk code times this has it in every byte of a dword. */
const IN_ANY_BYTE: u32 = 0x01010101;

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
    if (!CHECKED || rotr<u32>(offset, 2) < limit >> 2) return load<u32>(s + offset, CONFIG_VALUE);
  } else if (widthBytes == 2) {
    if (!CHECKED || rotr<u32>(offset, 1) < limit >> 1) return load<u16>(s + offset, CONFIG_VALUE);
  } else if (widthBytes == 1 && (!CHECKED || offset < limit)) {
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
    if (!CHECKED || rotr<u32>(offset, 2) < limit >> 2) return write<u32>(offset, value);
  } else if (widthBytes == 2) {
    if (!CHECKED || rotr<u32>(offset, 1) < limit >> 1) return write<u16>(offset, value);
  } else if (widthBytes == 1 && (!CHECKED || offset < limit)) {
    return write<u8>(offset, value);
  }
  return configWriteGeneral(offset, widthBytes, value);
}

/** The register write that is unaligned, out of bounds, or to a register whose policy looks at the request. */
function configWriteGeneral(offset: u32, widthBytes: u32, value: u32): i32 {
  if (widthBytes > 4) return -EINVAL;
  store<u32>(state, value, SCRATCH);
  return configWriteBytes(offset, widthBytes, state + SCRATCH);
}

/** The aligned write of a `T`, offset already checked. */
function write<T>(offset: u32, value: u32): i32 {
  const quirks = <u32>load<T>(state + offset, CONFIG_QUIRK);
  if (isWholeRequest(quirks)) return configWriteGeneral(offset, sizeof<T>(), value);
  if (quirks != 0) writeStep<T>(offset, value);
  else writeMasked<T>(offset, value);
  return sizeof<T>();
}

/** The write of a register that is its masks. `old ^ ((old ^ new) & writable)` is the masked write in three operations. */
export function writeMasked<T>(offset: u32, value: u32): void {
  const at = state + offset;
  const old = <u32>load<T>(at, CONFIG_VALUE);
  store<T>(at, <T>(old ^ ((old ^ value) & <u32>load<T>(at, CONFIG_WRITABLE))), CONFIG_VALUE);
}

/** Whether the policy wants to see the request as a whole; `quirks` has the code of each byte of a register. */
export function isWholeRequest(quirks: u32): bool {
  return (quirks & (QUIRK_REQUEST * IN_ANY_BYTE)) != 0;
}

/** One step of vfio-pci-core, quirks of its own registers included; offset and width as chunkWidth gives them. */
export function writeStep<T>(offset: u32, value: u32): void {
  const at = state + offset;
  const quirks = <u32>load<T>(at, CONFIG_QUIRK);
  const old = <u32>load<T>(at, CONFIG_VALUE);
  const oneToClear = <u32>load<T>(at, CONFIG_W1C);
  // Ones in each byte whose bits clear so; the code in the lowest bit of a byte, times 255, fills it.
  const clearingBytes = (quirks & (QUIRK_W1C * IN_ANY_BYTE)) * 0xff;
  let next = old ^ ((old ^ value) & <u32>load<T>(at, CONFIG_WRITABLE));
  next &= ~(value & oneToClear & clearingBytes);
  // vfio-pci-core's read-modify-write of the COMMAND dword writes the status half back as it read it (device.md 2.6).
  if (sizeof<T>() == 4 && offset == PCI_COMMAND && (quirks & (QUIRK_CORE_COMMAND * IN_ANY_BYTE)) != 0) {
    next &= ~(oneToClear & STATUS_HALF);
  }
  store<T>(at, <T>next, CONFIG_VALUE);
  if (quirks & (QUIRK_LAZY_BAR * IN_ANY_BYTE)) store<u32>(state, 1, BARS_DIRTY);
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
  if (CHECKED && (offset >= size || count > size - offset)) return -EFAULT;
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
  if (CHECKED && (offset >= size || count > size - offset)) return -EFAULT;
  beforeCore(s);
  writeSteps(offset, count, buffer);
  afterCore(s);
  return <i32>count;
}

function writeSteps(offset: u32, count: u32, buffer: usize): void {
  for (let done: u32 = 0; done < count; ) {
    const width = chunkWidth(offset + done, count - done);
    const from = buffer + done;
    if (width == 4) writeStep<u32>(offset + done, load<u32>(from));
    else if (width == 2) writeStep<u16>(offset + done, load<u16>(from));
    else writeStep<u8>(offset + done, load<u8>(from));
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
