/** DEVICE_GET_INFO (4). */
import { describe, expect, test } from 'vitest';
import { describeEveryLength } from '../every-length.ts';
import { command, words } from '../messages.ts';
import { Rig } from '../rig.ts';

const EINVAL = 22;

describe('info of the device', () => {
  test('what can be reset, nine regions, five interrupts', () => {
    expect(new Rig().ask(command(4, words(16, 0, 0, 0))).payload).toEqual(words(16, 3, 9, 5));
  });

  test.each([
    ['in too few bytes', command(4, words(15, 0, 0, 0))],
    ['cut short', command(4, words(16, 0))],
  ])('%s is refused', (_, message) => {
    expect(new Rig().ask(message).errno).toBe(EINVAL);
  });
});

describeEveryLength(command(4, words(16, 0, 0, 0)), 16);
