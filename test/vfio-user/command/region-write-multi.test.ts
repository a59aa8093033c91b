/** REGION_WRITE_MULTI (15). */
import { describe, expect, test } from 'vitest';
import { describeEveryLength } from '../every-length.ts';
import { command, regionRead, words } from '../messages.ts';
import { Rig, servedDevice } from '../rig.ts';

const GPU_MEMORY = 4;
const EINVAL = 22;
const entry = (offset: bigint, count: number, data: bigint) => words(offset, GPU_MEMORY, count, data);
const multi = (count: bigint, ...entries: readonly Buffer[]) =>
  command(15, Buffer.concat([words(count), ...entries]));

describe('several writes in one message', () => {
  test('are done in order', () => {
    const rig = new Rig();
    const message = multi(3n, entry(0n, 8, 0x1122334455667788n), entry(2n, 1, 0xffn), entry(3n, 0, 1n));
    expect(rig.ask(message).payload).toEqual(words(3n));
    expect(
      rig
        .ask(regionRead(GPU_MEMORY, 0n, 8))
        .payload.subarray(16)
        .toString('hex'),
    ).toBe('8877ff5544332211');
  });

  test.each([
    ['fewer than they say', multi(2n, entry(0n, 8, 0n))],
    ['more than they say', multi(1n, entry(0n, 8, 0n), entry(0n, 8, 0n))],
    ['2^63 of them', multi(2n ** 63n)],
    ['of nine bytes', multi(1n, entry(0n, 9, 0n))],
    ['over the end', multi(1n, entry(2n ** 37n - 1n, 8, 0n))],
    ['without a count', command(15)],
  ])('%s are refused', (_, message) => {
    expect(new Rig().ask(message).errno).toBe(EINVAL);
  });

  test('are refused where nobody agreed on them', () => {
    expect(new Rig(servedDevice(), {}).ask(multi(0n)).errno).toBe(EINVAL);
  });
});

describeEveryLength(multi(1n, entry(0n, 8, 1n)), 32);
