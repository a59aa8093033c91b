import { z } from 'zod';
import { UsageError } from '../../errors.ts';
import { parseWith } from '../vectors.ts';
import { coreDevice } from './core-device.ts';
import { type KnownFunction, number } from './known-function.ts';

/** Longer plans are taken for a mistake, not for a test. */
const MAX_STEPS = 65536;
const ARGS = z.tuple([number, number, number, number, number]);

/** `io_plan(offset, count, window start, window end, widest access)`: [offset, width] or [offset, bytes, "ff"] (specification 3). */
export const ioPlan: KnownFunction = {
  inCore: true,
  compute: ({ args }, implementation, name) => {
    const [offset, count, windowStart, windowEnd, maxWidth] = parseWith(ARGS, args, name);
    const { model } = coreDevice(256, implementation);
    const steps: (readonly [number, number, ...'ff'[]])[] = [];
    for (let done = 0; done < count; ) {
      if (steps.length === MAX_STEPS)
        throw new UsageError(`${name}: more than ${MAX_STEPS} steps; expected fewer`);
      const at = offset + done;
      const { bytes, hidden } = model.ioStep(at, count - done, windowStart, windowEnd, maxWidth);
      steps.push(hidden ? [at, bytes, 'ff'] : [at, bytes]);
      done += bytes;
    }
    return steps;
  },
};
