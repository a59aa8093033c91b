import { z } from 'zod';
import { nvgraceGeometry } from '../../device/geometry.ts';
import { DRIVER_GENERATIONS } from '../../types.ts';
import { integer, parseWith } from '../vectors.ts';
import type { KnownFunction } from './known-function.ts';

const ARGS = z.tuple([integer, z.boolean(), z.enum(DRIVER_GENERATIONS).optional()]);

/** `geometry(memory size, MIG bug?, driver generation?)`: lengths and BAR sizes, or the errno (specification 1.4). */
export const geometry: KnownFunction = {
  inCore: false,
  compute: ({ args }, _, name) => {
    const [memoryBytes, migHardwareBug, generation] = parseWith(ARGS, args, name);
    const result = nvgraceGeometry(memoryBytes, migHardwareBug, generation);
    if (typeof result === 'string') return `-${result}`;
    return {
      use_len: result.usememBytes,
      use_bar: result.usememBarBytes,
      res_len: result.resmemBytes,
      res_bar: result.resmemBarBytes,
    };
  },
};
