// Fast loops straight on memory, and the walk that accesses nothing.
import { mix, mixValue, stopAt, valueOf } from './access';
import { ACCESS_BYTES, ACCESS_CONTROL, ACCESS_OFFSET_HIGH, ACCESS_OFFSET_LOW, ACCESS_VALUE } from './layout';

export function directReads<T>(at: usize, end: usize, control: u32, checksum: u32): u32 {
  do {
    checksum = mixValue<T>(checksum, load<T>(load<u32>(at, ACCESS_OFFSET_LOW)));
    at += ACCESS_BYTES;
    if (at >= end) break;
  } while (load<u32>(at, ACCESS_CONTROL) == control);
  stopAt(at);
  return checksum;
}

export function directWrites<T>(at: usize, end: usize, control: u32, checksum: u32): u32 {
  do {
    store<T>(load<u32>(at, ACCESS_OFFSET_LOW), valueOf<T>(at));
    checksum = mix(checksum, sizeof<T>());
    at += ACCESS_BYTES;
    if (at >= end) break;
  } while (load<u32>(at, ACCESS_CONTROL) == control);
  stopAt(at);
  return checksum;
}

export function walk(at: usize, end: usize, control: u32, checksum: u32): u32 {
  do {
    const fields =
      load<u32>(at, ACCESS_OFFSET_LOW) ^ load<u32>(at, ACCESS_OFFSET_HIGH) ^ load<u32>(at, ACCESS_VALUE);
    checksum = mix(checksum, fields);
    at += ACCESS_BYTES;
    if (at >= end) break;
  } while (load<u32>(at, ACCESS_CONTROL) == control);
  stopAt(at);
  return checksum;
}
