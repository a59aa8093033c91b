// Registers in the tables of the state block `s`, before the device runs.
import { CONFIG_QUIRK, CONFIG_SIZE, CONFIG_VALUE, CONFIG_W1C, CONFIG_WRITABLE, QUIRK_W1C } from './layout';

export function byteAt(s: usize, offset: u32): u32 {
  return load<u8>(s + offset, CONFIG_VALUE);
}

export function wordAt(s: usize, offset: u32): u32 {
  return byteAt(s, offset) | (byteAt(s, offset + 1) << 8);
}

export function dwordAt(s: usize, offset: u32): u32 {
  return wordAt(s, offset) | (wordAt(s, offset + 2) << 16);
}

/** Makes the bits of `mask` in the `bytes` bytes at `offset` writable. */
export function allow(s: usize, offset: u32, mask: u32, bytes: u32): void {
  for (let i: u32 = 0; i < bytes; i++) {
    if (offset + i < load<u32>(s, CONFIG_SIZE)) store<u8>(s + offset + i, mask >> (i << 3), CONFIG_WRITABLE);
  }
}

/** Makes the bits of `mask` in the `bytes` bytes at `offset` write-1-clear. */
export function allowOneToClear(s: usize, offset: u32, mask: u32, bytes: u32): void {
  for (let i: u32 = 0; i < bytes; i++) {
    const byte = (mask >> (i << 3)) & 0xff;
    if (byte == 0 || offset + i >= load<u32>(s, CONFIG_SIZE)) continue;
    store<u8>(s + offset + i, byte, CONFIG_W1C);
    store<u8>(s + offset + i, QUIRK_W1C, CONFIG_QUIRK);
  }
}

/** One register: its writable mask, and a value whose other bits are `fixedBits`. */
export function foldDword(s: usize, offset: u32, writable: u32, fixedBits: u32): void {
  const at = s + offset;
  store<u32>(at, writable, CONFIG_WRITABLE);
  store<u32>(at, (load<u32>(at, CONFIG_VALUE) & writable) | fixedBits, CONFIG_VALUE);
}
