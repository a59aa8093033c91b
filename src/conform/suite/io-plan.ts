/** How vfio-pci-core plans accesses: specification 3. */

import type { Runnable } from '../runnable.ts';
import { onFunction } from './steps.ts';

type Step = readonly [offset: number, bytes: number, hidden?: 'ff'];

/** @param args offset, count, start and end of the window, widest access */
function plan(args: readonly [number, number, number, number, number], ...steps: readonly Step[]): Runnable {
  const [offset, count, start, end, maxWidth] = args.map((value) => value.toString(16));
  const window = end === '0' ? '' : ` around ${start} to ${end}`;
  return onFunction(
    `3 accesses to ${count} bytes at ${offset}${window}, ${maxWidth} wide`,
    'io_plan',
    args,
    steps,
  );
}

const NONE = [0, 0] as const;
/** Two entries of an MSI-X table. */
const TABLE = [0x2000, 0x2020] as const;
const HIGH = 2 ** 40;

export const IO_PLAN: readonly Runnable[] = [
  plan([0, 16, ...NONE, 8], [0, 8], [8, 8]),
  plan([1, 15, ...NONE, 8], [1, 1], [2, 2], [4, 4], [8, 8]),
  plan([4, 8, ...NONE, 8], [4, 4], [8, 4]),
  plan([6, 9, ...NONE, 8], [6, 2], [8, 4], [12, 2], [14, 1]),
  plan([3, 2, ...NONE, 8], [3, 1], [4, 1]),
  plan([7, 16, ...NONE, 8], [7, 1], [8, 8], [16, 4], [20, 2], [22, 1]),
  plan([5, 1, ...NONE, 8], [5, 1]),
  plan([8, 0, ...NONE, 8]),
  plan([0, 16, ...NONE, 4], [0, 4], [4, 4], [8, 4], [12, 4]),
  plan([2, 7, ...NONE, 4], [2, 2], [4, 4], [8, 1]),
  plan([0, 5, ...NONE, 2], [0, 2], [2, 2], [4, 1]),
  plan([0, 3, ...NONE, 1], [0, 1], [1, 1], [2, 1]),
  // The window ends an access before it, whatever the alignment.
  plan([0x1ff8, 16, ...TABLE, 8], [0x1ff8, 8], [0x2000, 8, 'ff']),
  plan([0x1ffc, 8, ...TABLE, 8], [0x1ffc, 4], [0x2000, 4, 'ff']),
  plan([0x1ff8, 0x32, ...TABLE, 8], [0x1ff8, 8], [0x2000, 0x20, 'ff'], [0x2020, 8], [0x2028, 2]),
  plan([0x2004, 0x24, ...TABLE, 8], [0x2004, 0x1c, 'ff'], [0x2020, 8]),
  plan([0x2008, 4, ...TABLE, 8], [0x2008, 4, 'ff']),
  plan([0x201f, 2, ...TABLE, 8], [0x201f, 1, 'ff'], [0x2020, 1]),
  plan([0x2020, 4, ...TABLE, 8], [0x2020, 4]),
  plan([0x1000, 8, 0x1003, 0x1005, 8], [0x1000, 2], [0x1002, 1], [0x1003, 2, 'ff'], [0x1005, 1], [0x1006, 2]),
  plan([HIGH + 6, 10, ...NONE, 8], [HIGH + 6, 2], [HIGH + 8, 8]),
  plan([HIGH - 8, 16, HIGH, HIGH + 4, 8], [HIGH - 8, 8], [HIGH, 4, 'ff'], [HIGH + 4, 4]),
  plan([0, 2 ** 33 + 2, 0, 2 ** 33, 8], [0, 2 ** 33, 'ff'], [2 ** 33, 2]),
];
