/** The devices of one run: wasm and ts, each access by access and in batches, on equal and separate memories. */

import { compareBatch, compareBuffers, compareState, compareTables, Divergence, hex } from './compare.ts';
import { formatAccess, type RandomAccess } from './random-access.ts';
import type { RandomDevice } from './random-device.ts';
import { OPS, perform, prepare, Side } from './side.ts';

/**
 * Runs the accesses on wasm and ts, one by one and in batches.
 * @param onResult gets every access with its return value
 * @throws Divergence where any two of the four do not agree
 */
export function runDifferential(
  random: RandomDevice,
  accesses: readonly RandomAccess[],
  onResult: (access: RandomAccess, ret: number) => void,
): void {
  const [wasm, ts] = sides(random, 1);
  const batches = sides(random, accesses.length);
  compareTables(wasm, ts);

  let expected = 0;
  let pending: RandomAccess[] = [];
  const flush = (at: number) => {
    for (const side of batches) compareBatch(side, pending, expected, at);
    pending = [];
    expected = 0;
  };
  for (const [i, access] of accesses.entries()) {
    const ret = performOnBoth(wasm, ts, access, i);
    onResult(access, ret);
    const inBatches = OPS[access.op] !== undefined;
    // Accesses to the transfer buffer are batches of their own: the buffer is made ready for each.
    const alone = access.op === 'region-read-bytes' || access.op === 'region-write-bytes';
    if (!inBatches || alone) flush(i);
    if (!inBatches) {
      performOnBoth(...batches, access, i);
      continue;
    }
    if (alone) for (const side of batches) prepare(side, access);
    expected = mixAccess(expected, wasm, access, ret);
    pending.push(access);
    if (alone) {
      flush(i);
      for (const side of batches) compareBuffers(wasm, side, access.count, `access ${i} in a batch`);
    }
  }
  flush(accesses.length);
  for (const side of [ts, ...batches]) compareState(wasm, side);
}

function sides(random: RandomDevice, accessCount: number): [Side, Side] {
  return [new Side(random, 'wasm', accessCount), new Side(random, 'ts', accessCount)];
}

function performOnBoth(wasm: Side, ts: Side, access: RandomAccess, i: number): number {
  for (const side of [wasm, ts]) prepare(side, access);
  const ret = perform(wasm, access);
  const tsRet = perform(ts, access);
  const what = `access ${i} (${formatAccess(access)})`;
  if (ret !== tsRet) throw new Divergence(`${what}: wasm gives ${hex(ret)}, ts ${hex(tsRet)}`);
  if (access.op === 'region-read') compareBuffers(wasm, ts, access.width, what);
  if (access.op === 'region-read-bytes' || access.op === 'config-read-bytes')
    compareBuffers(wasm, ts, access.count, what);
  return ret;
}
/** What the checksum of a batch becomes by an access that was performed alone. */
function mixAccess(checksum: number, side: Side, access: RandomAccess, ret: number): number {
  const { view, u8 } = side.memory;
  const mix = (sum: number, value: number) => (((sum << 5) | (sum >>> 27)) + value) | 0;
  if (access.op === 'region-read') {
    if (ret < 0) return mix(checksum, ret);
    if (access.width < 8) return mix(checksum, view.getUint32(side.buffer, true));
    return mix(mix(checksum, view.getInt32(side.buffer, true)), view.getInt32(side.buffer + 4, true));
  }
  const mixed = mix(checksum, ret);
  if (access.op !== 'region-read-bytes') return mixed;
  const { count } = access;
  return mix(mixed, count >= 4 ? view.getInt32(side.buffer + count - 4, true) : u8[side.buffer]!);
}
