/** Messages as a client makes them, and what it reads of the replies. */
import { HEADER_BYTES } from '../../src/vfio-user/constants.ts';

/** A command with its header; sizes are told as they are unless given. */
export function command(
  number: number,
  payload: Uint8Array = new Uint8Array(0),
  { messageId = 7, flags = 0, sizeBytes = HEADER_BYTES + payload.length } = {},
): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + payload.length);
  bytes.writeUInt16LE(messageId, 0);
  bytes.writeUInt16LE(number, 2);
  bytes.writeUInt32LE(sizeBytes >>> 0, 4);
  bytes.writeUInt32LE(flags, 8);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** Little-endian words of 32 bits; a bigint is two of them. */
export function words(...values: readonly (number | bigint)[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(typeof value === 'bigint' ? 8 : 4);
      if (typeof value === 'bigint') bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
      else bytes.writeUInt32LE(value >>> 0);
      return bytes;
    }),
  );
}

export function version(capabilities: object | null = {}, major = 0, minor = 0): Buffer {
  const head = Buffer.from([major & 0xff, major >> 8, minor & 0xff, minor >> 8]);
  const json = capabilities === null ? '' : `${JSON.stringify({ capabilities })}\0`;
  return command(1, Buffer.concat([head, Buffer.from(json)]));
}

export const regionRead = (region: number, offset: bigint, count: number) =>
  command(9, words(offset, region, count));

export const regionWrite = (region: number, offset: bigint, data: Uint8Array, options = {}) =>
  command(10, Buffer.concat([words(offset, region, data.length), data]), options);

export interface Reply {
  readonly messageId: number;
  readonly command: number;
  /** Positive; null where the command was served. */
  readonly errno: number | null;
  readonly payload: Buffer;
}

/** @throws where bytes are no whole replies */
export function repliesIn(bytes: Uint8Array): Reply[] {
  const buffer = Buffer.from(bytes);
  const replies: Reply[] = [];
  for (let at = 0; at < buffer.length; ) {
    const sizeBytes = buffer.readUInt32LE(at + 4);
    const flags = buffer.readUInt32LE(at + 8);
    if (sizeBytes < HEADER_BYTES || at + sizeBytes > buffer.length || (flags & 0xf) !== 1) {
      throw new Error(`no reply at byte ${at}: size ${sizeBytes}, flags ${flags}`);
    }
    const isError = (flags & 0x20) !== 0;
    replies.push({
      messageId: buffer.readUInt16LE(at),
      command: buffer.readUInt16LE(at + 2),
      errno: isError ? buffer.readUInt32LE(at + 12) : null,
      payload: buffer.subarray(at + HEADER_BYTES, at + sizeBytes),
    });
    at += sizeBytes;
  }
  return replies;
}
