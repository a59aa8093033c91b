// The measured loop. Accesses with equal control words form a run: the operation is decided once per run and
// each further access pays one predictable compare. A fast loop serves accesses from the cursor on until the run
// ends or one comes that it cannot serve, and calls nothing; what it leaves, `general` takes, one at a time.
// Configuration accesses of several kinds have a loop of their own: from run to run, a whole Linux sizing takes 125 ns
// (C 73), through that loop 51 (C 43).
// Nothing here allocates.
import { cursor, mix, mixValue, offsetOf, regionOf, stopAt, valueOf, widthOf } from './access';
import { configReads, configWrites, mixedConfig } from './config-runs';
import { configReadBytes, configWrite } from './config-space';
import { copyBytes, fillBytes } from './copy';
import { directReads, directWrites, walk } from './direct-runs';
import { repeatedOf } from './extra-work';
import {
  ACCESS_BYTES,
  ACCESS_CONTROL,
  ACCESS_OFFSET_LOW,
  ACCESS_VALUE,
  EINVAL,
  OP_CONFIG_READ,
  OP_CONFIG_WRITE,
  OP_DIRECT_COPY,
  OP_DIRECT_FILL,
  OP_DIRECT_READ,
  OP_DIRECT_READ_BYTES,
  OP_DIRECT_WRITE,
  OP_DIRECT_WRITE_BYTES,
  OP_REGION_COPY,
  OP_REGION_FILL,
  OP_REGION_READ,
  OP_REGION_READ_BYTES,
  OP_REGION_WRITE,
  OP_REGION_WRITE_BYTES,
  OP_TRANSFER_READ,
  OP_TRANSFER_WRITE,
  OP_WALK,
  SCRATCH,
} from './layout';
import { regionCopy, regionFill, regionRead, regionWrite } from './region';
import { regionReads, regionWrites } from './region-runs';
import { state } from './state';

/**
 * Runs `count` packed accesses (16 bytes each, see layout.ts).
 * @param accesses address of the first
 * @param buffer address of the transfer buffer of bulk operations
 * @param checksum value to start from
 * @returns the checksum over every value read and every return value
 */
export function runBatch(accesses: usize, count: u32, buffer: usize, checksum: u32): u32 {
  // The first of them once more, and no word of what they answer.
  const repeated = repeatedOf(count);
  if (repeated > 0) runBatch(accesses, repeated, buffer, checksum);
  const end = accesses + count * ACCESS_BYTES;
  stopAt(accesses);
  while (cursor < end) {
    const control = load<u32>(cursor, ACCESS_CONTROL);
    if (isMixedConfig(cursor, end, control)) checksum = mixedConfig(cursor, end, checksum);
    else if ((control & 0xff) <= <u32>OP_WALK) checksum = fast(cursor, end, control, checksum);
    // The run has not ended, so the loop met an access that it cannot serve.
    if (cursor < end && load<u32>(cursor, ACCESS_CONTROL) == control) {
      const at = cursor;
      if ((control & 0xff) <= <u32>OP_CONFIG_WRITE) checksum = mixedConfig(at, end, checksum);
      if (cursor == at) checksum = general(at, control, buffer, checksum);
    }
  }
  return checksum;
}

/** A configuration access whose run ends with it: a sizing reads and writes in turn. */
function isMixedConfig(at: usize, end: usize, control: u32): bool {
  if ((control & 0xff) > <u32>OP_CONFIG_WRITE) return false;
  const next = at + ACCESS_BYTES;
  return next < end && load<u32>(next, ACCESS_CONTROL) != control;
}

/** Serves accesses of one control word from `at` on; exported so that its compiler tier can be asked. */
export function fast(at: usize, end: usize, control: u32, checksum: u32): u32 {
  const op = control & 0xff;
  const width = widthOf(control);
  if (op == OP_WALK) return walk(at, end, control, checksum);
  if (width == 4) return fastRun<u32>(op, at, end, control, checksum);
  if (width == 1) return fastRun<u8>(op, at, end, control, checksum);
  if (width == 2) return fastRun<u16>(op, at, end, control, checksum);
  return width == 8 ? fastRun<u64>(op, at, end, control, checksum) : checksum;
}

function fastRun<T>(op: u32, at: usize, end: usize, control: u32, checksum: u32): u32 {
  if (op == OP_CONFIG_READ) return sizeof<T>() == 8 ? checksum : configReads<T>(at, end, control, checksum);
  if (op == OP_CONFIG_WRITE) return sizeof<T>() == 8 ? checksum : configWrites<T>(at, end, control, checksum);
  if (op == OP_REGION_READ) return regionReads<T>(at, end, control, checksum);
  if (op == OP_REGION_WRITE) return regionWrites<T>(at, end, control, checksum);
  if (op == OP_DIRECT_READ) return directReads<T>(at, end, control, checksum);
  if (op == OP_DIRECT_WRITE) return directWrites<T>(at, end, control, checksum);
  return checksum;
}

/** One access of any kind: bulk operations, and what a fast loop cannot serve. */
export function general(at: usize, control: u32, buffer: usize, checksum: u32): u32 {
  const op = control & 0xff;
  const width = widthOf(control);
  stopAt(at + ACCESS_BYTES);
  if (op <= <u32>OP_DIRECT_WRITE && !isWidth(op, width)) return mix(checksum, -EINVAL);
  if (op == OP_CONFIG_READ || op == OP_REGION_READ) return generalRead(at, control, checksum);
  if (op == OP_CONFIG_WRITE) {
    return mix(checksum, configWrite(load<u32>(at, ACCESS_OFFSET_LOW), width, load<u32>(at, ACCESS_VALUE)));
  }
  if (op == OP_REGION_WRITE) {
    const scratch = state + SCRATCH;
    store<u64>(scratch, valueOf<u64>(at));
    return mix(checksum, regionWrite(regionOf(control), offsetOf(at), width, scratch));
  }
  if (op == OP_TRANSFER_READ || op == OP_TRANSFER_WRITE) return transfer(at, control, op, checksum);
  if (op == OP_REGION_COPY || op == OP_DIRECT_COPY) stopAt(cursor + ACCESS_BYTES);
  checksum = mix(checksum, bulk(at, control, op, buffer));
  // The last dword moved ties the data to the checksum; all of it is compared outside the timed window.
  const reads = op == OP_REGION_READ_BYTES || op == OP_DIRECT_READ_BYTES;
  return reads ? mix(checksum, lastDword(at, buffer)) : checksum;
}

function transfer(at: usize, control: u32, op: u32, checksum: u32): u32 {
  const region = regionOf(control);
  const address: usize = load<u32>(at, ACCESS_VALUE);
  const done =
    op == OP_TRANSFER_READ
      ? regionRead(region, offsetOf(at), widthOf(control), address)
      : regionWrite(region, offsetOf(at), widthOf(control), address);
  store<i32>(at, done, ACCESS_VALUE);
  return mix(checksum, done);
}

/** Widths of register accesses: 1, 2 and 4 bytes, outside configuration space also 8. */
function isWidth(op: u32, width: u32): bool {
  return width == 1 || width == 2 || width == 4 || (width == 8 && op > <u32>OP_CONFIG_WRITE);
}

/** A register read through the scratch bytes; a failed one enters the checksum with its errno. */
function generalRead(at: usize, control: u32, checksum: u32): u32 {
  const scratch = state + SCRATCH;
  const width = widthOf(control);
  store<u64>(scratch, 0);
  const done =
    (control & 0xff) == OP_CONFIG_READ
      ? configReadBytes(load<u32>(at, ACCESS_OFFSET_LOW), width, scratch)
      : regionRead(regionOf(control), offsetOf(at), width, scratch);
  if (done < 0) return mix(checksum, done);
  return width == 8 ? mixValue<u64>(checksum, load<u64>(scratch)) : mix(checksum, load<u32>(scratch));
}

function lastDword(at: usize, buffer: usize): u32 {
  const count = load<u32>(at, ACCESS_VALUE);
  return count >= 4 ? load<u32>(buffer + count - 4) : load<u8>(buffer);
}

function bulk(at: usize, control: u32, op: u32, buffer: usize): i32 {
  const region = regionOf(control);
  const offset = offsetOf(at);
  const count = load<u32>(at, ACCESS_VALUE);
  if (op == OP_REGION_READ_BYTES) return regionRead(region, offset, count, buffer);
  if (op == OP_REGION_WRITE_BYTES) return regionWrite(region, offset, count, buffer);
  if (op == OP_REGION_COPY) return regionCopy(region, offset, offsetOf(at + ACCESS_BYTES), count);
  if (op == OP_REGION_FILL) return regionFill(region, offset, count, widthOf(control));
  const address = <usize>offset;
  if (op == OP_DIRECT_READ_BYTES) copyBytes(buffer, address, count);
  else if (op == OP_DIRECT_WRITE_BYTES) copyBytes(address, buffer, count);
  else if (op == OP_DIRECT_COPY) copyBytes(address, load<u32>(at + ACCESS_BYTES, ACCESS_OFFSET_LOW), count);
  else if (op == OP_DIRECT_FILL) fillBytes(address, widthOf(control), count);
  return count;
}
