import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MessageSplitter } from '../../src/vfio-user/framing.ts';
import { command } from './messages.ts';

const MOST = 300;
const message = fc
  .record({ number: fc.nat(0xffff), payload: fc.uint8Array({ maxLength: MOST - 16 }) })
  .map(({ number, payload }) => command(number, payload));

/** What comes out where bytes come in as many pieces. */
function split(bytes: Uint8Array, cuts: readonly number[]) {
  const splitter = new MessageSplitter(MOST);
  const messages: string[] = [];
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let at = 0;
  for (const end of ends) {
    // In a buffer that is used again, as that of a socket is.
    const chunk = Uint8Array.from(bytes.subarray(at, end));
    const fault = splitter.push(chunk, (one) => messages.push(Buffer.from(one).toString('hex')));
    chunk.fill(0xa5);
    if (fault) return { messages, fault: fault.error };
    at = end;
  }
  return { messages, fault: null, isInside: splitter.isInside };
}

test('messages come out whole, wherever they were cut', () => {
  fc.assert(
    fc.property(fc.array(message), fc.array(fc.nat()), (sent, cuts) => {
      const expected = sent.map((one) => one.toString('hex'));
      expect(split(Buffer.concat(sent), cuts)).toEqual({ messages: expected, fault: null, isInside: false });
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('the beginning of a message is kept, and known', () => {
  const whole = command(9, new Uint8Array(16));
  for (let end = 1; end < whole.length; end++) {
    expect(split(whole.subarray(0, end), [])).toEqual({ messages: [], fault: null, isInside: true });
  }
});

test.each([0, 15, MOST + 1, 0xffffffff])('a size of %i is no message, wherever it is cut', (sizeBytes) => {
  const bad = command(9, new Uint8Array(16), { sizeBytes });
  const before = command(1);
  for (let cut = 0; cut <= 32; cut++) {
    const { messages, fault } = split(Buffer.concat([before, bad]), [16 + cut]);
    expect(messages).toEqual([before.toString('hex')]);
    expect(fault).toMatch(new RegExp(`message size ${sizeBytes} was given; expected 16 to ${MOST}`));
  }
});

test('no more is kept than a message may have', () => {
  const splitter = new MessageSplitter(MOST);
  const largest = command(9, new Uint8Array(MOST - 16));
  let count = 0;
  for (const byte of Buffer.concat([largest, largest])) {
    expect(splitter.push(Uint8Array.of(byte), () => count++)).toBe(null);
  }
  expect(count).toBe(2);
  expect((splitter as unknown as { held: Uint8Array }).held.length).toBe(MOST);
});
