/** REGION_WRITE (10): posted where no reply is wanted. */
import { describe, expect, test } from 'vitest';
import { describeEveryLength } from '../every-length.ts';
import { command, regionRead, regionWrite, words } from '../messages.ts';
import { Rig } from '../rig.ts';

const CONFIG = 7;
const GPU_MEMORY = 4;
const NO_REPLY = 0x10;

describe('a write', () => {
  test('between reads takes effect in its turn', () => {
    const rig = new Rig();
    const replies = rig.send(
      regionWrite(GPU_MEMORY, 64n, Buffer.from('01020304', 'hex')),
      regionRead(GPU_MEMORY, 64n, 2),
      regionWrite(GPU_MEMORY, 64n, Buffer.from('aa', 'hex')),
      regionRead(GPU_MEMORY, 64n, 8),
      regionRead(CONFIG, 0n, 4),
    );
    expect(replies.map(({ command: number, errno }) => [number, errno])).toEqual(
      [10, 9, 10, 9, 9].map((n) => [n, null]),
    );
    expect(replies[0]!.payload).toEqual(words(64n, GPU_MEMORY, 4));
    expect(replies[1]!.payload).toEqual(
      Buffer.concat([words(64n, GPU_MEMORY, 2), Buffer.from('0102', 'hex')]),
    );
    expect(replies[3]!.payload.subarray(16).toString('hex')).toBe('aa02030400000000');
    expect(replies[4]!.payload.readUInt16LE(16)).toBe(0x10de);
  });

  test('of nothing is served', () => {
    expect(new Rig().ask(regionWrite(GPU_MEMORY, 0n, Buffer.alloc(0))).payload).toEqual(
      words(0n, GPU_MEMORY, 0),
    );
  });

  test.each([
    ['with fewer bytes than it says', command(10, words(0n, GPU_MEMORY, 8, 1))],
    ['with more', command(10, words(0n, GPU_MEMORY, 2, 1))],
    ['over the end', regionWrite(GPU_MEMORY, 2n ** 37n - 2n, Buffer.alloc(4))],
    ['of region 9', regionWrite(9, 0n, Buffer.alloc(4))],
    ['of a region that is not there', regionWrite(1, 0n, Buffer.alloc(4))],
    ['beyond all regions', regionWrite(GPU_MEMORY, 2n ** 64n - 4n, Buffer.alloc(4))],
  ])('%s is refused, and the session goes on', (_, message) => {
    const rig = new Rig();
    expect(rig.ask(message).errno).toBeGreaterThan(0);
    expect(rig.ask(regionRead(CONFIG, 0n, 2)).payload.readUInt16LE(16)).toBe(0x10de);
  });

  test('that wants no reply gets none, whatever comes of it', () => {
    const rig = new Rig();
    const flags = NO_REPLY;
    expect(rig.send(regionWrite(GPU_MEMORY, 0n, Buffer.from([5]), { flags }))).toEqual([]);
    expect(rig.send(regionWrite(9, 0n, Buffer.from([5]), { flags }))).toEqual([]);
    expect(rig.ask(regionRead(GPU_MEMORY, 0n, 1)).payload.at(-1)).toBe(5);
  });
});

describeEveryLength(regionWrite(GPU_MEMORY, 0n, Buffer.alloc(8)), 24);
