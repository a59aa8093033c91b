/** Sessions like QEMU's with something changed: a client that is broken, or means harm. */
import { expect, test } from 'vitest';
import { Random } from '../../src/random.ts';
import { decodeHeader } from '../../src/vfio-user/codec.ts';
import { MessageSplitter } from '../../src/vfio-user/framing.ts';
import { Session } from '../../src/vfio-user/session.ts';
import { command, regionRead, regionWrite, repliesIn, version, words } from './messages.ts';
import { servedDevice } from './rig.ts';

const SESSIONS = 10_000;
const MESSAGES = 12;

/** What QEMU sends at its start, and some accesses. */
const USUAL: readonly Buffer[] = [
  version({ max_msg_fds: 8, max_data_xfer_size: 1048576, write_multiple: true }),
  command(2, words(32, 3, 0n, 0n, 0xa0000n)),
  command(2, words(32, 3, 0n, 0xc0000n, 0x1ff40000n)),
  command(4, words(16, 0, 0, 0)),
  ...[0, 1, 2, 3, 4, 5, 7].map((index) => command(5, words(32, 0, index, 0, 0n, 0n))),
  command(7, words(16, 0, 0, 0)),
  regionRead(7, 0n, 4096),
  regionWrite(7, 0x30n, Buffer.from('00f8ffff', 'hex')),
  regionRead(7, 0x30n, 4),
  command(13),
  regionWrite(7, 0x10n, Buffer.alloc(4)),
  regionWrite(4, 0x1000n, Buffer.alloc(8, 1), { flags: 0x10 }),
  regionRead(4, 0x1000n, 8),
  command(15, Buffer.concat([words(2n), words(0n, 4, 8, 5n), words(8n, 4, 4, 6n)])),
  command(8, words(20, 33, 4, 0, 1)),
  command(3, words(24, 0, 0n, 0xa0000n)),
];

/** Fields that change what a message is: sizes, flags, counts, indices, offsets. */
const TELLING = [0, 1, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000, 0x100001, 9, 16, 15, 24];

function mutated(random: Random): Buffer[] {
  const from = random.below(USUAL.length - 1);
  const messages = [USUAL[0]!, ...USUAL.slice(from, from + MESSAGES)].map((one) => Buffer.from(one));
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const i = random.below(messages.length);
    const one = messages[i]!;
    switch (random.below(7)) {
      case 0: // a byte
        if (one.length > 0) one[random.below(one.length)] = random.below(256);
        break;
      case 1: // a field
        if (one.length >= 4)
          one.writeUInt32LE(TELLING[random.below(TELLING.length)]!, 4 * random.below(one.length >> 2));
        break;
      case 2: // cut short, its size told as it was
        messages[i] = one.subarray(0, random.below(one.length + 1));
        break;
      case 3: // longer, and told so
        messages[i] = Buffer.concat([one, Buffer.alloc(1 + random.below(64), 0x5a)]);
        messages[i]!.writeUInt32LE(messages[i]!.length, 4);
        break;
      case 4: // another order
        messages.push(messages.splice(i, 1)[0]!);
        break;
      case 5: // twice
        messages.splice(i, 0, Buffer.from(one));
        break;
      default: // garbage
        messages.splice(i, 0, Buffer.from(Array.from({ length: random.below(80) }, () => random.below(256))));
    }
  }
  return messages;
}

/** One for a command, unless it wants none; none for a reply. What is neither is told so. */
function repliesWanted(message: Uint8Array, isOpen: boolean): number {
  const header = decodeHeader(message);
  if ('error' in header) return 1;
  if (header.type === 'reply') return 0;
  const isEarly = !isOpen && header.command !== 1;
  return header.noReply && !isEarly ? 0 : 1;
}

test(`of ${SESSIONS} changed sessions each is answered or ended, and the device goes on`, () => {
  const random = new Random(20_261_128);
  const device = servedDevice('wasm');
  let [ended, errors, served, expected] = [0, 0, 0, 0];
  for (let i = 0; i < SESSIONS; i++) {
    const session = new Session(device);
    const splitter = new MessageSplitter(Session.mostMessageBytes);
    const bytes = Buffer.concat(mutated(random));
    const cut = random.below(bytes.length + 1);
    for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
      if (session.fault !== null) break;
      const fault = splitter.push(part, (message) => {
        if (session.fault === null) expected += repliesWanted(message, session.isOpen);
        session.handle(message);
      });
      session.flush();
      for (const reply of repliesIn(session.replies.take())) {
        if (reply.errno === null) served++;
        else {
          errors++;
          expect(reply.errno).toBeGreaterThan(0);
          expect(reply.errno).toBeLessThan(4096);
        }
      }
      if (fault !== null) {
        session.fault ??= fault.error;
        break;
      }
    }
    if (session.fault !== null) ended++;
  }
  expect(errors + served).toBe(expected);
  // All three happen, or the sessions are not what they are meant to be.
  expect(Math.min(ended, errors, served)).toBeGreaterThan(SESSIONS / 20);
  const after = new Session(device);
  after.handle(version());
  after.handle(regionRead(7, 0n, 2));
  after.flush();
  expect(repliesIn(after.replies.take())[1]!.payload.readUInt16LE(16)).toBe(0x10de);
});

test('nothing of one client is in the replies to another', () => {
  const device = servedDevice('wasm');
  const secret = Buffer.alloc(4096, 0xc5);
  const first = new Session(device);
  first.handle(version());
  // Refused: what it wrote has gone through the buffer, and nowhere else.
  first.handle(regionWrite(1, 0n, secret));
  first.flush();
  const second = new Session(device);
  second.handle(version());
  for (const region of [0, 1, 2, 3, 4, 7]) second.handle(regionRead(region, 0n, 4096));
  second.flush();
  const bytes = Buffer.from(second.replies.take());
  expect(bytes.includes(secret.subarray(0, 16))).toBe(false);
});
