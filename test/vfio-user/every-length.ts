/** What every command has to bear: its message cut short anywhere, with bytes behind it, and in pieces. */
import { describe, expect, test } from 'vitest';
import { MessageSplitter } from '../../src/vfio-user/framing.ts';
import { Session } from '../../src/vfio-user/session.ts';
import { regionRead } from './messages.ts';
import { Rig } from './rig.ts';

const HEADER_BYTES = 16;
const SIZE = 4;
const CONFIG = 7;
const MOST_BEHIND = 9;

/** The same message with that many bytes of payload: cut, or with `0xa5` behind. */
function resized(message: Buffer, payloadBytes: number): Buffer {
  const out = Buffer.alloc(HEADER_BYTES + payloadBytes, 0xa5);
  message.copy(out, 0, 0, Math.min(message.length, out.length));
  out.writeUInt32LE(out.length, SIZE);
  return out;
}

/** @param leastBytes of payload, below which the command cannot be meant */
export function describeEveryLength(good: Buffer, leastBytes: number): void {
  const payloadBytes = good.length - HEADER_BYTES;

  describe('the message', () => {
    test('cut short anywhere is refused, and the session goes on', () => {
      for (let bytes = 0; bytes < leastBytes; bytes++) {
        const rig = new Rig();
        expect(rig.ask(resized(good, bytes)).errno, `${bytes} bytes`).toBeGreaterThan(0);
        expectAlive(rig);
      }
    });

    test('with bytes behind it is answered once, and the session goes on', () => {
      for (let more = 1; more <= MOST_BEHIND; more++) {
        const rig = new Rig();
        expect(rig.send(resized(good, payloadBytes + more)), `${more} bytes`).toHaveLength(1);
        expectAlive(rig);
      }
    });

    test('in two pieces, divided anywhere, is answered as in one', () => {
      const whole = new Rig().send(good);
      for (let at = 1; at < good.length; at++) {
        const rig = new Rig();
        const splitter = new MessageSplitter(Session.mostMessageBytes);
        const messages: Buffer[] = [];
        for (const piece of [good.subarray(0, at), good.subarray(at)]) {
          expect(splitter.push(piece, (message) => messages.push(Buffer.from(message)))).toBeNull();
        }
        expect(rig.send(...messages), `after ${at} bytes`).toEqual(whole);
      }
    });
  });
}

function expectAlive(rig: Rig): void {
  expect(rig.session.fault).toBeNull();
  expect(rig.ask(regionRead(CONFIG, 0n, 2)).payload.readUInt16LE(16)).toBe(0x10de);
}
