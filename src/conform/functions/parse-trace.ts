import { z } from 'zod';
import { parseTraceLine } from '../../workload/qemu-trace.ts';
import { parseWith } from '../vectors.ts';
import type { KnownFunction } from './known-function.ts';

const ARGS = z.tuple([z.string()]);

/**
 * `parse_trace(line)`: the event as an object, null for a line that is none, `error` for one that is malformed
 * (specification 5.5). Fields are spelled as in vectors: `end_inclusive`.
 */
export const parseTrace: KnownFunction = {
  inCore: false,
  compute: ({ args }, _, name) => {
    const [line] = parseWith(ARGS, args, name);
    const event = parseTraceLine(line);
    if (event === null) return null;
    if ('error' in event) return 'error';
    const fields = Object.entries(event).map(([field, value]) => [
      field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
      value,
    ]);
    return Object.fromEntries(fields);
  },
};
