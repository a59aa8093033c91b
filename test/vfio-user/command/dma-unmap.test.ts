/** DMA_UNMAP (3): what was mapped is taken back, exactly. */
import { describe, expect, test } from 'vitest';
import { describeEveryLength } from '../every-length.ts';
import { command, words } from '../messages.ts';
import { Rig } from '../rig.ts';

const EINVAL = 22;
const ENOENT = 2;
const ALL = 2;
const map = (address: bigint, sizeBytes: bigint, flags = 3) =>
  command(2, words(32, flags, 0n, address, sizeBytes));
const unmap = (address: bigint, sizeBytes: bigint, flags = 0) =>
  command(3, words(24, flags, address, sizeBytes));

describe('memory of the client', () => {
  test('is taken back as it was mapped', () => {
    const rig = new Rig();
    rig.send(map(0x1000n, 0x1000n), map(0x2000n, 0x1000n));
    expect(rig.ask(unmap(0x1000n, 0x2000n)).errno).toBe(ENOENT);
    expect(rig.ask(unmap(0x1000n, 0x1000n)).payload).toEqual(words(24, 0, 0x1000n, 0x1000n));
    expect(rig.ask(map(0x1000n, 0x1000n)).errno).toBe(null);
  });

  test('is taken back all at once', () => {
    const rig = new Rig();
    rig.send(map(0x1000n, 0x1000n), map(0x2000n, 0x1000n));
    expect(rig.ask(unmap(0n, 0n, ALL)).errno).toBe(null);
    expect(rig.ask(unmap(0x2000n, 0x1000n)).errno).toBe(ENOENT);
  });

  test.each([
    ['with flags that nobody knows', unmap(0n, 1n, 1)],
    ['in too few bytes', command(3, words(23, 0, 0n, 1n))],
  ])('%s is refused', (_, message) => {
    expect(new Rig().ask(message).errno).toBe(EINVAL);
  });
});

describeEveryLength(unmap(0x1000n, 0x1000n), 24);
