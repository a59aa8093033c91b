// nvgrace-gpu as posted in version 13 (device.md 1.11a): one fake BAR, at 0x18 and 0x1c. A request is emulated only
// where it starts exactly there; whatever else touches these bytes sees vfio-pci-core's view of the physical BAR.
// That view stays in the tables, and the two emulated registers are in SHADOW_VALUE.
import {
  CONFIG_QUIRK,
  EINVAL,
  EMULATED_BAR_SIZES,
  FAST_READ_LIMIT,
  QUIRK_REQUEST,
  RESMEM_BAR_OFFSET,
  SHADOW_VALUE,
} from '../layout';
import { FOR_CORE } from './core';

const PCI_BASE_ADDRESS_2: u32 = RESMEM_BAR_OFFSET;
const PCI_BASE_ADDRESS_3: u32 = RESMEM_BAR_OFFSET + 4;
/** 64-bit, prefetchable. */
const EMULATED_FLAGS: u32 = 0xc;
const FLAG_BITS: u32 = 0xf;

/** Runs after foldCore: sends requests that start at one of the two registers down the general path. */
export function foldV13(s: usize): void {
  resetV13(s);
  store<u32>(s, min(load<u32>(s, FAST_READ_LIMIT), PCI_BASE_ADDRESS_2), FAST_READ_LIMIT);
  markRequest(s + PCI_BASE_ADDRESS_2);
  markRequest(s + PCI_BASE_ADDRESS_3);
}

function markRequest(at: usize): void {
  store<u8>(at, load<u8>(at, CONFIG_QUIRK) | QUIRK_REQUEST, CONFIG_QUIRK);
}

/** At open and by the reset ioctl alone. */
export function resetV13(s: usize): void {
  store<u64>(s, EMULATED_FLAGS, SHADOW_VALUE);
}

/**
 * A read that starts at an emulated register: the first bytes of it, never those of the next one.
 * The driver reads beyond its variable for more than 4 bytes; the model refuses them.
 */
export function v13Read(s: usize, offset: u32, count: u32, buffer: usize): i32 {
  if (offset != PCI_BASE_ADDRESS_2 && offset != PCI_BASE_ADDRESS_3) return FOR_CORE;
  if (count > 4) return -EINVAL;
  memory.copy(buffer, s + SHADOW_VALUE + (offset - PCI_BASE_ADDRESS_2), count);
  return <i32>count;
}

/**
 * A write that starts at an emulated register. All ones size it, anything else is stored verbatim, flags included.
 * The driver leaves the upper bytes of a shorter write uninitialised; the model takes them as 0, so that a shorter
 * write never sizes. More than 4 bytes are refused, as by v13Read.
 */
export function v13Write(s: usize, offset: u32, count: u32, buffer: usize): i32 {
  if (offset != PCI_BASE_ADDRESS_2 && offset != PCI_BASE_ADDRESS_3) return FOR_CORE;
  if (count > 4) return -EINVAL;
  let value: u32 = 0;
  for (let i: u32 = 0; i < count; i++) value |= (<u32>load<u8>(buffer + i)) << (i << 3);
  const register = s + (offset - PCI_BASE_ADDRESS_2);
  store<u32>(register, value == 0xffffffff ? sized(s, offset) : value, SHADOW_VALUE);
  return <i32>count;
}

/** What all ones leave in a register: its half of the size mask, the lower one with the flags that it had. */
function sized(s: usize, offset: u32): u32 {
  const mask = ~(load<u64>(s, EMULATED_BAR_SIZES) - 1);
  if (offset == PCI_BASE_ADDRESS_3) return <u32>(mask >> 32);
  return (<u32>mask & ~FLAG_BITS) | (load<u32>(s, SHADOW_VALUE) & FLAG_BITS);
}
