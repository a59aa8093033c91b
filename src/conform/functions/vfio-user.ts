import { z } from 'zod';
import { encodeErrorReply, encodeRegionRead } from '../../vfio-user/codec.ts';
import { integer, parseWith } from '../vectors.ts';
import type { KnownFunction } from './known-function.ts';

const u16 = integer.pipe(z.bigint().max(0xffffn)).transform(Number);
const u32 = integer.pipe(z.bigint().max(0xffff_ffffn)).transform(Number);
const u64 = integer.pipe(z.bigint().max(2n ** 64n - 1n));
const READ_ARGS = z.tuple([u32, u64, u32, u16]);
const ERROR_ARGS = z.tuple([u16, u16, u32]);

/** `region_read_request(region, offset, count, message id)`: the message as hex (specification 8.2). */
export const regionReadRequest: KnownFunction = {
  inCore: false,
  compute: ({ args }, _, name) => {
    const [region, offset, countBytes, messageId] = parseWith(READ_ARGS, args, name);
    return hexOf(encodeRegionRead({ messageId, region, offset, countBytes }));
  },
};

/** `error_reply(message id, command, errno)`: the message as hex (specification 8.2). */
export const errorReply: KnownFunction = {
  inCore: false,
  compute: ({ args }, _, name) => {
    const [messageId, command, errno] = parseWith(ERROR_ARGS, args, name);
    return hexOf(encodeErrorReply({ messageId, command, errno }));
  },
};

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
