/** DMA_MAP (2): memory of the client, of which note is taken. */
import { describe, expect, test } from 'vitest';
import { describeEveryLength } from '../every-length.ts';
import { command, words } from '../messages.ts';
import { Rig, servedDevice } from '../rig.ts';

const EINVAL = 22;
const EEXIST = 17;
const ENOSPC = 28;
const map = (address: bigint, sizeBytes: bigint, flags = 3) =>
  command(2, words(32, flags, 0n, address, sizeBytes));

describe('memory of the client', () => {
  test('is mapped where nothing is', () => {
    const rig = new Rig();
    expect(rig.ask(map(0x1000n, 0x1000n))).toMatchObject({ errno: null, payload: Buffer.alloc(0) });
    expect(rig.ask(map(0x2000n, 0x1000n)).errno).toBe(null);
    expect(rig.ask(map(0x1fffn, 2n)).errno).toBe(EEXIST);
  });

  test.each([
    ['of no bytes', map(0n, 0n)],
    ['over the end of the address space', map(2n ** 64n - 1n, 2n)],
    ['with flags that nobody knows', map(0n, 1n, 8)],
    ['in too few bytes', command(2, words(31, 3, 0n, 0n, 1n))],
  ])('%s is refused', (_, message) => {
    expect(new Rig().ask(message).errno).toBe(EINVAL);
  });

  test('is mapped in no more pieces than was agreed', () => {
    const rig = new Rig(servedDevice(), { max_dma_maps: 2 });
    expect([0n, 1n, 2n].map((at) => rig.ask(map(at, 1n)).errno)).toEqual([null, null, ENOSPC]);
  });
});

describeEveryLength(map(0x1000n, 0x1000n), 32);
