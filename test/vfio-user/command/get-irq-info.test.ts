/** DEVICE_GET_IRQ_INFO (7). */
import { describe, expect, test } from 'vitest';
import { describeEveryLength } from '../every-length.ts';
import { command, words } from '../messages.ts';
import { Rig } from '../rig.ts';

const EINVAL = 22;
const ask = (index: number) => command(7, words(16, 0, index, 0));

describe('info of interrupts', () => {
  test('there are five kinds', () => {
    const rig = new Rig();
    const infos = [0, 1, 2, 3, 4].map((index) => rig.ask(ask(index)).payload);
    expect(infos.map((payload) => [payload.readUInt32LE(0), payload.readUInt32LE(8)])).toEqual(
      [0, 1, 2, 3, 4].map((index) => [16, index]),
    );
    expect(infos[4]!.readUInt32LE(12)).toBe(1);
  });

  test.each([5, 0xffffffff])('of kind %i is refused', (index) => {
    expect(new Rig().ask(ask(index)).errno).toBe(EINVAL);
  });
});

describeEveryLength(ask(0), 16);
