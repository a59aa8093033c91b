import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeErrorReply,
  decodeHeader,
  decodeRegionRead,
  decodeRegionWrite,
  encodeErrorReply,
  encodeHeader,
  encodeRegionRead,
  encodeRegionWrite,
} from '../../src/vfio-user/codec.ts';

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const u64 = fc.bigInt(0n, 2n ** 64n - 1n);
const data = fc.uint8Array({ maxLength: 64 });

/** In the middle of a larger buffer, as bytes from a socket may lie. */
function within(bytes: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(bytes.length + 7).fill(0xa5);
  buffer.set(bytes, 3);
  return buffer.subarray(3, 3 + bytes.length);
}

describe('messages in bytes', () => {
  test('REGION_READ', () => {
    const request = { messageId: 0x1234, region: 7, offset: 0x1122_3344_5566_7788n, countBytes: 4 };
    const bytes = '3412 0900 20000000 00000000 00000000  8877665544332211 07000000 04000000';
    expect(hexOf(encodeRegionRead(request))).toBe(hexOf(bytesOf(bytes)));
    expect(decodeRegionRead(bytesOf(bytes))).toEqual(request);
  });

  test('REGION_WRITE, with the flag for no reply', () => {
    const request = { messageId: 2, region: 4, offset: 0x10n, data: Uint8Array.of(1, 2, 3), noReply: true };
    const bytes = '0200 0a00 23000000 10000000 00000000  1000000000000000 04000000 03000000 010203';
    expect(hexOf(encodeRegionWrite(request))).toBe(hexOf(bytesOf(bytes)));
    expect(decodeRegionWrite(bytesOf(bytes))).toEqual(request);
  });

  test('an error reply', () => {
    const reply = { messageId: 1, command: 9, errno: 22 };
    const bytes = '0100 0900 10000000 21000000 16000000';
    expect(hexOf(encodeErrorReply(reply))).toBe(hexOf(bytesOf(bytes)));
    expect(decodeErrorReply(bytesOf(bytes))).toEqual(reply);
  });

  test('the header of a reply', () => {
    const header = { type: 'reply', messageId: 1, command: 10, sizeBytes: 32, errno: null } as const;
    const bytes = '0100 0a00 20000000 01000000 00000000';
    expect(hexOf(encodeHeader(header))).toBe(hexOf(bytesOf(bytes)));
    expect(decodeHeader(bytesOf(bytes))).toEqual(header);
  });
});

describe('what is encoded comes back', () => {
  test('headers', () => {
    const common = { messageId: u16, command: u16, sizeBytes: u32.map((size) => Math.max(size, 16)) };
    const header = fc.oneof(
      fc.record({ type: fc.constant('command' as const), ...common, noReply: fc.boolean() }),
      fc.record({ type: fc.constant('reply' as const), ...common, errno: fc.option(u32) }),
    );
    fc.assert(
      fc.property(header, (given) => {
        expect(decodeHeader(within(encodeHeader(given)))).toEqual(given);
      }),
    );
  });

  test('REGION_READ', () => {
    const read = fc.record({ messageId: u16, region: u32, offset: u64, countBytes: u32 });
    fc.assert(
      fc.property(read, (given) => {
        expect(decodeRegionRead(within(encodeRegionRead(given)))).toEqual(given);
      }),
    );
  });

  test('REGION_WRITE', () => {
    const write = fc.record({ messageId: u16, region: u32, offset: u64, data, noReply: fc.boolean() });
    fc.assert(
      fc.property(write, (given) => {
        const decoded = decodeRegionWrite(within(encodeRegionWrite(given)));
        expect(decoded).toEqual(given);
      }),
    );
  });

  test('error replies', () => {
    const reply = fc.record({ messageId: u16, command: u16, errno: u32 });
    fc.assert(
      fc.property(reply, (given) => {
        expect(decodeErrorReply(within(encodeErrorReply(given)))).toEqual(given);
      }),
    );
  });
});

describe('hostile bytes give an error', () => {
  const READ = '0100 0900 20000000 00000000 00000000  1000000000000000 07000000 04000000';
  const WRITE = '0100 0a00 22000000 00000000 00000000  1000000000000000 07000000 02000000 abcd';
  const ERROR = '0100 0900 10000000 21000000 16000000';

  test.each([
    ['', '0 bytes were given; expected a header of 16'],
    [READ.slice(0, 30), '13 bytes were given; expected a header of 16'],
    ['0100 0900 0f000000 00000000 00000000', 'message size 15 was given; expected 16 or more'],
    ['0100 0900 10000000 02000000 00000000', 'message type 2 was given; expected 0 (command) or 1 (reply)'],
    ['0100 0900 10000000 ffffffff 00000000', 'message type 15 was given; expected 0 (command) or 1 (reply)'],
    [
      '0100 0900 10000000 20000000 16000000',
      'the error flag was given in a command; expected it in replies alone',
    ],
  ])('in a header: %s', (hex, error) => {
    expect(decodeHeader(bytesOf(hex))).toEqual({ error });
  });

  test.each([
    [`${READ} 00`, 'message size 32 with 33 bytes was given; expected them to agree'],
    [READ.slice(0, -2), 'message size 32 with 31 bytes was given; expected them to agree'],
    [READ.replace('20000000', '10000000').slice(0, 39), '16 bytes were given; expected 32 or more'],
    [`${READ.replace('20000000', '21000000')} 00`, 'REGION_READ of 33 bytes was given; expected 32'],
    [WRITE, 'a command of command 10 was given; expected a command 9'],
    [ERROR, 'a reply of command 9 was given; expected a command 9'],
  ])('in a REGION_READ: %s', (hex, error) => {
    expect(decodeRegionRead(bytesOf(hex))).toEqual({ error });
  });

  test.each([
    [
      WRITE.replace('02000000 abcd', '03000000 abcd'),
      'REGION_WRITE of count 3 with 2 bytes of data was given; expected as many',
    ],
    [
      WRITE.replace('02000000 abcd', 'ffffffff abcd'),
      'REGION_WRITE of count 4294967295 with 2 bytes of data was given; expected as many',
    ],
    [READ, 'a command of command 9 was given; expected a command 10'],
  ])('in a REGION_WRITE: %s', (hex, error) => {
    expect(decodeRegionWrite(bytesOf(hex))).toEqual({ error });
  });

  test.each([
    [READ, 'a command without the error flag was given; expected an error reply'],
    [
      ERROR.replace('21000000', '01000000'),
      'a reply without the error flag was given; expected an error reply',
    ],
    [`${ERROR.replace('10000000', '11000000')} 00`, 'an error reply of 17 bytes was given; expected 16'],
  ])('in an error reply: %s', (hex, error) => {
    expect(decodeErrorReply(bytesOf(hex))).toEqual({ error });
  });

  test('or a message, and never an exception', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 48 }),
      fc
        .tuple(fc.constantFrom(READ, WRITE, ERROR).map(bytesOf), fc.nat(31), fc.nat(255))
        .map(([good, at, value]) => {
          good[at % good.length] = value;
          return good;
        }),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        for (const decode of [decodeHeader, decodeRegionRead, decodeRegionWrite, decodeErrorReply]) {
          const result = decode(given);
          if ('error' in result) expect(result.error).toMatch(/given.*; expected /);
          else expect(result.messageId).toBe(given[0]! | (given[1]! << 8));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('numbers that do not fit are refused, not cut', () => {
  const read = { messageId: 1, region: 0, offset: 0n, countBytes: 4 };
  test.each([
    [{ ...read, messageId: 0x10000 }, 'message id 65536: expected a whole number from 0 to 65535'],
    [{ ...read, region: -1 }, 'region -1: expected a whole number'],
    [{ ...read, countBytes: 2 ** 32 }, 'count 4294967296: expected a whole number'],
    [{ ...read, countBytes: 0.5 }, 'count 0.5: expected a whole number'],
    [{ ...read, offset: -1n }, 'offset -1: expected 0 to 2^64 - 1'],
    [{ ...read, offset: 2n ** 64n }, 'offset 18446744073709551616: expected 0 to 2^64 - 1'],
  ])('%o', (request, message) => {
    expect(() => encodeRegionRead(request)).toThrow(message);
    expect(() => encodeRegionRead(request)).toThrow(RangeError);
  });
});
