/** What tells one split from another. */
import { createHash } from 'node:crypto';
import { DIRECTIONS } from './directions.ts';
import { ORDER_GROUPS, SET_BOUNDS, SET_NAMES, SPLIT, TIE_SHARE } from './split.ts';

/**
 * The split as text: a line a cell, a bound, a member of an order group and a direction, sorted, so that no order of
 * the source counts.
 */
export function canonicalSplitText(): string {
  const lines = [
    ...SET_NAMES.flatMap((set) => SPLIT[set].map((id) => `cell\t${id}\t${set}`)),
    ...SET_NAMES.map((set) => `bounds\t${set}\t${SET_BOUNDS[set].each}\t${SET_BOUNDS[set].median}`),
    ...Object.entries(ORDER_GROUPS).flatMap(([group, ids]) => ids.map((id) => `order\t${id}\t${group}`)),
    ...DIRECTIONS.map(({ id, is, against, basis }) => `direction\t${id}\t${is}\t${against}\t${basis}`),
    `tie\t${TIE_SHARE}`,
  ];
  return `${lines.sort().join('\n')}\n`;
}

/** SHA-256 of `canonicalSplitText`, in hexadecimal. */
export const SPLIT_SHA256 = createHash('sha256').update(canonicalSplitText()).digest('hex');
