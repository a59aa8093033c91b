import { z } from 'zod';
import { indexToOffset, regionInfo } from '../../device/region-info.ts';
import { parseWith } from '../vectors.ts';
import { errnoName, type KnownFunction, number } from './known-function.ts';

const INFO_ARGS = z.tuple([number, number]);
const OFFSET_ARGS = z.tuple([number.pipe(z.int().max(2 ** 23 - 1))]);

/** `region_info(region, argsz)`: the reply in memory order as hex, or the errno (specification 1.8, 2.10, 8.1). */
export const regionInfoReply: KnownFunction = {
  inCore: false,
  needsDevice: true,
  compute: ({ args, spec }, _, name) => {
    const [regionIndex, argsz] = parseWith(INFO_ARGS, args, name);
    const reply = regionInfo(spec!, regionIndex, argsz);
    return typeof reply === 'number' ? errnoName(reply) : Buffer.from(reply).toString('hex');
  },
};

/** `index_to_offset(region)`: the file offset of its first byte (specification 8.1). */
export const regionOffset: KnownFunction = {
  inCore: false,
  compute: ({ args }, _, name) => indexToOffset(parseWith(OFFSET_ARGS, args, name)[0]),
};
