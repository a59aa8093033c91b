import { z } from 'zod';
import { checkMmap } from '../../device/mmap.ts';
import { integer, parseWith } from '../vectors.ts';
import { errnoName, type KnownFunction, number } from './known-function.ts';

const ARGS = z.tuple([number, integer, integer]);

/** `mmap_check(region, offset, length)`: "ok" or the errno (specification 1.11). */
export const mmapCheck: KnownFunction = {
  inCore: false,
  needsDevice: true,
  compute: ({ args, spec }, _, name) => {
    const [regionIndex, offset, length] = parseWith(ARGS, args, name);
    const result = checkMmap(spec!, regionIndex, offset, length);
    return result === 0 ? 'ok' : errnoName(result);
  },
};
