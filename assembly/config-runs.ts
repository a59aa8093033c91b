// Fast loops over runs of configuration accesses, and over accesses of several kinds: a sizing reads and writes in turn.
// A loop ends by separate breaks. Binaryen makes one value of `a && b`, and V8 then puts it into a register and tests
// it once more: 0.69 against 0.57 ns a read.
import { mix, stopAt } from './access';
import { CHECKED } from './checks';
import { isWholeRequest, writeMasked, writeStep } from './config-space';
import {
  ACCESS_BYTES,
  ACCESS_CONTROL,
  ACCESS_OFFSET_LOW,
  ACCESS_VALUE,
  CONFIG_QUIRK,
  CONFIG_SIZE,
  CONFIG_VALUE,
  OP_CONFIG_READ,
  OP_CONFIG_WRITE,
} from './layout';
import { fastReadLimit, state } from './state';

// Control words: operation and width.
const READ_4: u32 = OP_CONFIG_READ | (4 << 16);
const READ_2: u32 = OP_CONFIG_READ | (2 << 16);
const READ_1: u32 = OP_CONFIG_READ | (1 << 16);
const WRITE_4: u32 = OP_CONFIG_WRITE | (4 << 16);
const WRITE_2: u32 = OP_CONFIG_WRITE | (2 << 16);
const WRITE_1: u32 = OP_CONFIG_WRITE | (1 << 16);

/** So many equal control words in a row are worth a loop of their own. */
const RUN_BEGINS: u32 = 2;

export function configReads<T>(at: usize, end: usize, control: u32, checksum: u32): u32 {
  const s = state;
  const log2Width: u32 = sizeof<T>() >> 1;
  const below = fastReadLimit >> log2Width;
  do {
    const offset = load<u32>(at, ACCESS_OFFSET_LOW);
    if (CHECKED && rotr<u32>(offset, log2Width) >= below) break;
    checksum = mix(checksum, <u32>load<T>(s + offset, CONFIG_VALUE));
    at += ACCESS_BYTES;
    if (at >= end) break;
  } while (load<u32>(at, ACCESS_CONTROL) == control);
  stopAt(at);
  return checksum;
}

export function configWrites<T>(at: usize, end: usize, control: u32, checksum: u32): u32 {
  const s = state;
  const log2Width: u32 = sizeof<T>() >> 1;
  const below = load<u32>(s, CONFIG_SIZE) >> log2Width;
  do {
    const offset = load<u32>(at, ACCESS_OFFSET_LOW);
    if (CHECKED && rotr<u32>(offset, log2Width) >= below) break;
    if (<u32>load<T>(s + offset, CONFIG_QUIRK) != 0) break;
    writeMasked<T>(offset, load<u32>(at, ACCESS_VALUE));
    checksum = mix(checksum, sizeof<T>());
    at += ACCESS_BYTES;
    if (at >= end) break;
  } while (load<u32>(at, ACCESS_CONTROL) == control);
  stopAt(at);
  return checksum;
}

/**
 * Accesses whose control words differ from one to the next, those of registers with quirks among them. Stops where a
 * run begins, and at an access that it cannot serve. Exported so that its compiler tier can be asked.
 */
export function mixedConfig(at: usize, end: usize, checksum: u32): u32 {
  const s = state;
  const readBelow = fastReadLimit;
  const writeBelow = load<u32>(s, CONFIG_SIZE);
  let repeats: u32 = 0;
  while (true) {
    const control = load<u32>(at, ACCESS_CONTROL);
    const offset = load<u32>(at, ACCESS_OFFSET_LOW);
    const register = s + offset;
    if (control == READ_4) {
      if (CHECKED && rotr<u32>(offset, 2) >= readBelow >> 2) break;
      checksum = mix(checksum, load<u32>(register, CONFIG_VALUE));
    } else if (control == WRITE_4) {
      if (CHECKED && rotr<u32>(offset, 2) >= writeBelow >> 2) break;
      const quirks: u32 = load<u32>(register, CONFIG_QUIRK);
      if (isWholeRequest(quirks)) break;
      if (quirks != 0) writeStep<u32>(offset, load<u32>(at, ACCESS_VALUE));
      else writeMasked<u32>(offset, load<u32>(at, ACCESS_VALUE));
      checksum = mix(checksum, 4);
    } else if (control == READ_2) {
      if (CHECKED && rotr<u32>(offset, 1) >= readBelow >> 1) break;
      checksum = mix(checksum, load<u16>(register, CONFIG_VALUE));
    } else if (control == WRITE_2) {
      if (CHECKED && rotr<u32>(offset, 1) >= writeBelow >> 1) break;
      const quirks: u32 = load<u16>(register, CONFIG_QUIRK);
      if (isWholeRequest(quirks)) break;
      if (quirks != 0) writeStep<u16>(offset, load<u32>(at, ACCESS_VALUE));
      else writeMasked<u16>(offset, load<u32>(at, ACCESS_VALUE));
      checksum = mix(checksum, 2);
    } else if (control == READ_1) {
      if (CHECKED && offset >= readBelow) break;
      checksum = mix(checksum, load<u8>(register, CONFIG_VALUE));
    } else if (control == WRITE_1) {
      if (CHECKED && offset >= writeBelow) break;
      const quirks: u32 = load<u8>(register, CONFIG_QUIRK);
      if (isWholeRequest(quirks)) break;
      if (quirks != 0) writeStep<u8>(offset, load<u32>(at, ACCESS_VALUE));
      else writeMasked<u8>(offset, load<u32>(at, ACCESS_VALUE));
      checksum = mix(checksum, 1);
    } else {
      break;
    }
    at += ACCESS_BYTES;
    if (at >= end) break;
    if (load<u32>(at, ACCESS_CONTROL) != control) repeats = 0;
    else if (++repeats == RUN_BEGINS) break;
  }
  stopAt(at);
  return checksum;
}
