/** Cells that every table of figures has: times, rates of bytes. */
import type { Estimate } from '../stats/bootstrap.ts';
import { formatDigits, formatNs, formatPercent } from '../units.ts';
import type { Cell } from './grid.ts';
import { isTopTier } from './notes.ts';
import type { SummaryRow } from './summary.ts';

export const MISSING: Cell = { text: '–', style: 'dim' };
export const EMPTY: Cell = { text: '' };
/** Columns of `±1.2%`, so that the figures before it line up. */
const INTERVAL_WIDTH = 5;

/** `1.42 ns ±1.2%`, with a star in front where the tier was not the top one. */
export function timeCell(row: SummaryRow | undefined, { interval }: { interval: boolean }): Cell {
  if (!row?.nsPerOp) return MISSING;
  // Leads to the footnote of `tierNotes`.
  const star = isTopTier(row) ? '' : '*';
  const text = `${star}${formatNs(row.nsPerOp.estimate)}${interval ? paddedInterval(row.nsPerOp) : ''}`;
  return star ? { text, style: 'yellow' } : { text };
}

/** Gigabytes a second of each row: `12.3 | 9.80`. */
export function bytesCell(
  rows: readonly (SummaryRow | undefined)[],
  convention: 'payload' | 'traffic',
): Cell {
  const rates = rows.map((row) => row?.bytesPerSec?.[convention] ?? null);
  if (rates.every((rate) => rate === null)) return EMPTY;
  return {
    text: rates
      .map((rate) => (rate === null ? MISSING.text : formatDigits(rate / 1e9)).padStart(4))
      .join(' | '),
  };
}

/** Half the width of the interval, as a share of the estimate: `±1.2%`. */
export function formatInterval({ estimate, low, high }: Estimate): string {
  return `±${formatPercent((high - low) / 2 / estimate)}`;
}

/** The same after a figure, so that the figures line up. */
export function paddedInterval(estimate: Estimate): string {
  return ` ${formatInterval(estimate).padStart(INTERVAL_WIDTH)}`;
}
