/** DEVICE_SET_IRQS (8). */
import { describe, expect, test } from 'vitest';
import { describeEveryLength } from '../every-length.ts';
import { command, words } from '../messages.ts';
import { Rig } from '../rig.ts';

const EINVAL = 22;
const set = (flags: number, index: number, start: number, count: number, data = Buffer.alloc(0)) =>
  command(8, Buffer.concat([words(20 + data.length, flags, index, start, count), data]));

describe('interrupts', () => {
  test.each([
    ['none', set(1 | 32, 4, 0, 1)],
    ['truth values', set(2 | 32, 4, 0, 1, Buffer.from([1]))],
    ['event descriptors, which come beside the message', set(4 | 32, 4, 0, 1)],
  ])('are set by %s', (_, message) => {
    expect(new Rig().ask(message)).toMatchObject({ errno: null, payload: Buffer.alloc(0) });
  });

  test.each([
    ['of two kinds of data', set(3 | 32, 4, 0, 1)],
    ['of two actions', set(1 | 48, 4, 0, 1)],
    ['of no action', set(1, 4, 0, 1)],
    ['that are not there', set(1 | 32, 4, 1, 1)],
    ['of index 5', set(1 | 32, 5, 0, 0)],
    ['with fewer truth values than they say', set(2 | 32, 4, 0, 1)],
    ['of 2^32 - 1 of them', set(1 | 32, 4, 0xffffffff, 0xffffffff)],
    ['cut short', command(8, words(20, 33, 4))],
  ])('%s are refused', (_, message) => {
    expect(new Rig().ask(message).errno).toBe(EINVAL);
  });
});

describeEveryLength(set(1 | 32, 4, 0, 1), 20);
