/**
 * How much a page has room for: a browser has to open it, however long a run was. What is left out is said where it would
 * have stood.
 */
import { formatCount } from '../../units.ts';
import { type Html, html } from './escape.ts';

/** Rows of a table, and lines of a list. */
export const MOST_ROWS = 1_000;
/** Of a chart. */
export const MOST_LINES = 100;
export const MOST_POINTS = 1_000;
/** Characters of a section, from which on it takes no further drawing. */
export const MOST_LENGTH = 1_000_000;

/** `The first 1,000 of 5,000 rows`, and who has them all. Null where nothing is left out. */
export function leftOutNote(shown: number, total: number, what: string): Html | null {
  if (shown >= total) return null;
  return html`<p class="note">The first ${formatCount(shown)} of ${formatCount(total)} ${what}; the file that this page was made of has all, and report --csv lists those of a run.</p>
`;
}

/** Those that a section has room for: the first at least. */
export function fittingBlocks(blocks: readonly Html[]): readonly Html[] {
  let length = 0;
  const end = blocks.findIndex((block, i) => {
    length += block.toString().length;
    return i > 0 && length > MOST_LENGTH;
  });
  return end < 0 ? blocks : blocks.slice(0, end);
}
