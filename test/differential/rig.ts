/** The devices of one run: one for each implementation, each access by access and in batches, on equal and separate memories. */

import type { Implementation } from '../../src/types.ts';
import { compareBatch, compareBuffers, compareState, compareTables, Divergence, hex } from './compare.ts';
import { formatAccess, type RandomAccess } from './random-access.ts';
import type { RandomDevice } from './random-device.ts';
import { OPS, perform, prepare, Side } from './side.ts';

/** An implementation to hold the others against, and those. */
export type Sides = readonly [base: Implementation, ...others: Implementation[]];

/**
 * Runs the accesses on each implementation, one by one and in batches.
 * @param onResult gets every access with its return value
 * @throws Divergence where any of them does not agree with the first, access by access
 */
export function runDifferential(
  implementations: Sides,
  random: RandomDevice,
  accesses: readonly RandomAccess[],
  onResult: (access: RandomAccess, ret: number) => void,
): void {
  const sides = implementations.map((name) => new Side(random, name, 1));
  const batches = implementations.map((name) => new Side(random, name, accesses.length));
  const [base, ...others] = sides as [Side, ...Side[]];
  for (const other of others) compareTables(base, other);

  let expected = 0;
  let pending: RandomAccess[] = [];
  const flush = (at: number) => {
    for (const side of batches) compareBatch(side, pending, expected, at);
    pending = [];
    expected = 0;
  };
  for (const [i, access] of accesses.entries()) {
    const ret = performOnAll(sides, access, i);
    onResult(access, ret);
    const inBatches = OPS[access.op] !== undefined;
    // Accesses to the transfer buffer are batches of their own: the buffer is made ready for each.
    const alone = access.op === 'region-read-bytes' || access.op === 'region-write-bytes';
    if (!inBatches || alone) flush(i);
    if (!inBatches) {
      performOnAll(batches, access, i);
      continue;
    }
    if (alone) for (const side of batches) prepare(side, access);
    expected = mixAccess(expected, base, access, ret);
    pending.push(access);
    if (alone) {
      flush(i);
      for (const side of batches) compareBuffers(base, side, access.count, `access ${i} in a batch`);
    }
  }
  flush(accesses.length);
  for (const side of [...others, ...batches]) compareState(base, side);
}

function performOnAll(sides: readonly Side[], access: RandomAccess, i: number): number {
  const [base, ...others] = sides as [Side, ...Side[]];
  for (const side of sides) prepare(side, access);
  const ret = perform(base, access);
  const what = `access ${i} (${formatAccess(access)})`;
  for (const other of others) {
    const otherRet = perform(other, access);
    const name = other.model.implementation;
    if (ret !== otherRet)
      throw new Divergence(
        `${what}: ${base.model.implementation} gives ${hex(ret)}, ${name} ${hex(otherRet)}`,
      );
    if (access.op === 'region-read') compareBuffers(base, other, access.width, `${what} on ${name}`);
    if (access.op === 'region-read-bytes' || access.op === 'config-read-bytes')
      compareBuffers(base, other, access.count, `${what} on ${name}`);
  }
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
