/** DEVICE_RESET (13). */
import { expect, test } from 'vitest';
import { describeEveryLength } from '../every-length.ts';
import { command, regionRead, regionWrite } from '../messages.ts';
import { Rig, servedDevice } from '../rig.ts';

const CONFIG = 7;

test('a reset is one of the device', () => {
  const rig = new Rig(servedDevice('ts', 'strict'));
  rig.send(regionWrite(CONFIG, 4n, Buffer.from([2, 0])));
  expect(rig.ask(regionRead(CONFIG, 4n, 2)).payload.readUInt16LE(16) & 2).toBe(2);
  expect(rig.ask(command(13))).toMatchObject({ errno: null, payload: Buffer.alloc(0) });
  expect(rig.ask(regionRead(CONFIG, 4n, 2)).payload.readUInt16LE(16) & 2).toBe(0);
});

describeEveryLength(command(13), 0);
