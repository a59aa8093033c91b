// Fast loops over runs of configuration accesses.
import { mix, stopAt } from './access';
import {
  ACCESS_BYTES,
  ACCESS_CONTROL,
  ACCESS_OFFSET_LOW,
  ACCESS_VALUE,
  CONFIG_QUIRK,
  CONFIG_SIZE,
  CONFIG_VALUE,
  CONFIG_WRITABLE,
} from './layout';
import { fastReadLimit, state } from './state';

export function configReads<T>(at: usize, end: usize, control: u32, checksum: u32): u32 {
  const s = state;
  const log2Width: u32 = sizeof<T>() >> 1;
  const below = fastReadLimit >> log2Width;
  do {
    const offset = load<u32>(at, ACCESS_OFFSET_LOW);
    if (rotr<u32>(offset, log2Width) >= below) break;
    checksum = mix(checksum, <u32>load<T>(s + offset, CONFIG_VALUE));
    at += ACCESS_BYTES;
  } while (at < end && load<u32>(at, ACCESS_CONTROL) == control);
  stopAt(at);
  return checksum;
}

export function configWrites<T>(at: usize, end: usize, control: u32, checksum: u32): u32 {
  const s = state;
  const log2Width: u32 = sizeof<T>() >> 1;
  const below = load<u32>(s, CONFIG_SIZE) >> log2Width;
  do {
    const offset = load<u32>(at, ACCESS_OFFSET_LOW);
    const register = s + offset;
    if (rotr<u32>(offset, log2Width) >= below || <u32>load<T>(register, CONFIG_QUIRK) != 0) break;
    const old = <u32>load<T>(register, CONFIG_VALUE);
    const writable = <u32>load<T>(register, CONFIG_WRITABLE);
    store<T>(register, <T>(old ^ ((old ^ load<u32>(at, ACCESS_VALUE)) & writable)), CONFIG_VALUE);
    checksum = mix(checksum, sizeof<T>());
    at += ACCESS_BYTES;
  } while (at < end && load<u32>(at, ACCESS_CONTROL) == control);
  stopAt(at);
  return checksum;
}
