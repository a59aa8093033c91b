/** REGION_READ (9). */
import { describe, expect, test } from 'vitest';
import { describeEveryLength } from '../every-length.ts';
import { command, regionRead, regionWrite, words } from '../messages.ts';
import { Rig, servedDevice } from '../rig.ts';

const CONFIG = 7;
const GPU_MEMORY = 4;
const EINVAL = 22;

describe('a read', () => {
  test('of many bytes comes whole, up to both ends of a region', () => {
    const rig = new Rig();
    const data = Buffer.alloc(100_000, 'barometer');
    rig.send(regionWrite(GPU_MEMORY, 4096n, data));
    expect(rig.ask(regionRead(GPU_MEMORY, 4096n, data.length)).payload.subarray(16)).toEqual(data);
    const { payload } = rig.ask(regionRead(GPU_MEMORY, 2n ** 37n - 8n, 8));
    expect(payload.subarray(16).toString('hex')).toBe('f'.repeat(16));
    expect(rig.ask(regionRead(CONFIG, 0n, 4096)).payload).toHaveLength(16 + 4096);
  });

  test('of nothing is served', () => {
    expect(new Rig().ask(regionRead(GPU_MEMORY, 0n, 0)).payload).toEqual(words(0n, GPU_MEMORY, 0));
  });

  test('with 999 others at once is answered in its turn', () => {
    const rig = new Rig();
    const messages = Array.from({ length: 1000 }, (_, i) =>
      command(9, words(BigInt(4 * (i % 16)), CONFIG, 4), { messageId: i }),
    );
    const replies = rig.send(...messages);
    expect(replies.map(({ messageId }) => messageId)).toEqual(messages.map((_, i) => i));
    expect(replies[999]!.payload.subarray(16)).toEqual(replies[999 % 16]!.payload.subarray(16));
  });

  test.each([
    ['of region 9', regionRead(9, 0n, 4)],
    ['of region 2^32 - 1', regionRead(0xffffffff, 0n, 4)],
    ['of a region that is not there', regionRead(1, 0n, 4)],
    ['over the end of a region', regionRead(GPU_MEMORY, 2n ** 37n - 2n, 4)],
    ['behind a region', regionRead(GPU_MEMORY, 2n ** 37n, 4)],
    ['beyond all regions', regionRead(GPU_MEMORY, 2n ** 64n - 4n, 4)],
    ['of more than a message may move', regionRead(GPU_MEMORY, 0n, 2 ** 20 + 1)],
    ['of 4 GiB', regionRead(GPU_MEMORY, 0n, 0xffffffff)],
    ['with bytes behind it', command(9, words(0n, GPU_MEMORY, 4, 0))],
  ])('%s is refused, and the session goes on', (_, message) => {
    const rig = new Rig();
    expect(rig.ask(message).errno).toBeGreaterThan(0);
    expect(rig.ask(regionRead(CONFIG, 0n, 2)).payload.readUInt16LE(16)).toBe(0x10de);
  });

  test('keeps to what was agreed', () => {
    const rig = new Rig(servedDevice(), { max_data_xfer_size: 4 });
    expect(rig.ask(regionRead(GPU_MEMORY, 0n, 4)).errno).toBe(null);
    expect(rig.ask(regionRead(GPU_MEMORY, 0n, 5)).errno).toBe(EINVAL);
    expect(rig.ask(regionRead(GPU_MEMORY, 0n, 64)).errno).toBe(EINVAL);
  });
});

describeEveryLength(regionRead(CONFIG, 0n, 4), 16);
