import { z } from 'zod';
import { integer, parseWith } from '../vectors.ts';
import { coreDevice } from './core-device.ts';
import { type KnownFunction, number } from './known-function.ts';

const ARGS = z.tuple([number, number, number, number]);

/** `overlap(buffer offset, count, register offset, count)`: where they meet, or null (specification 2.8). */
export const overlap: KnownFunction = {
  inCore: true,
  // The cores count in 32 bits: configuration space and its registers lie far below.
  whySkipped: ({ args }) => {
    const isBeyond = (arg: unknown) => (integer.safeParse(arg).data ?? 0n) >= 2n ** 32n;
    return args.some(isBeyond) ? 'overlap of offsets or counts from 2^32 on is not built' : null;
  },
  compute: ({ args }, implementation, name) => {
    const [bufferStart, bufferCount, registerStart, registerCount] = parseWith(ARGS, args, name);
    const { model } = coreDevice(256, implementation);
    return model.overlap(bufferStart, bufferCount, registerStart, registerCount);
  },
};
