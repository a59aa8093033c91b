/** DEVICE_GET_REGION_INFO (5). */
import { describe, expect, test } from 'vitest';
import { describeEveryLength } from '../every-length.ts';
import { command, words } from '../messages.ts';
import { Rig } from '../rig.ts';

const CONFIG = 7;
const GPU_MEMORY = 4;
const EINVAL = 22;
const ask = (index: number, argszBytes = 32) => command(5, words(argszBytes, 0, index, 0, 0n, 0n));

describe('info of a region', () => {
  test.each([
    [GPU_MEMORY, 2n ** 37n, 3],
    [2, 2n ** 30n, 3],
    [0, 2n ** 24n, 3],
    [1, 0n, 0],
    [CONFIG, 4096n, 3],
    [8, 0n, 0],
  ])('region %i: %i bytes, flags %i; nothing can be mapped', (index, sizeBytes, flags) => {
    const { payload } = new Rig().ask(ask(index));
    expect(payload.readUInt32LE(0)).toBe(32);
    expect(payload.readUInt32LE(8)).toBe(index);
    expect([payload.readBigUInt64LE(16), payload.readUInt32LE(4)]).toEqual([sizeBytes, flags]);
  });

  test.each([
    ['of region 9', ask(9)],
    ['of region 2^32 - 1', ask(0xffffffff)],
    ['in too few bytes', ask(0, 31)],
    ['in no bytes', ask(0, 0)],
  ])('%s is refused', (_, message) => {
    expect(new Rig().ask(message).errno).toBe(EINVAL);
  });

  test('in more bytes is the same: there is no capability', () => {
    expect(new Rig().ask(ask(GPU_MEMORY, 0xffffffff)).payload).toEqual(
      new Rig().ask(ask(GPU_MEMORY)).payload,
    );
  });
});

describeEveryLength(ask(0), 32);
