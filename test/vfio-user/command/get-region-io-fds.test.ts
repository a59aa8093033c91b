/** DEVICE_GET_REGION_IO_FDS (6): no region has any, since they would be file descriptors. */
import { describe, expect, test } from 'vitest';
import { describeEveryLength } from '../every-length.ts';
import { command, words } from '../messages.ts';
import { Rig } from '../rig.ts';

const EINVAL = 22;
const ask = (index: number, argszBytes = 16, flags = 0) => command(6, words(argszBytes, flags, index, 0));

describe('file descriptors of a region', () => {
  test('are none', () => {
    expect(new Rig().ask(ask(2)).payload).toEqual(words(16, 0, 2, 0));
  });

  test.each([
    ['of region 9', ask(9)],
    ['in too few bytes', ask(0, 15)],
    ['with flags', ask(0, 16, 1)],
  ])('%s are refused', (_, message) => {
    expect(new Rig().ask(message).errno).toBe(EINVAL);
  });
});

describeEveryLength(ask(0), 16);
