/** Which lines a pattern has, and how many accesses of them show what it costs. */
import { arrayAt } from '../predict/scenario.ts';
import { LINE_BYTES } from '../simulate/lay-side.ts';
import type { PatternOptions } from './pattern.ts';

export const PAGE_LINES = 4096 / LINE_BYTES;
/** Of an agent, where no cache holds what it comes to. */
const COLD_ACCESSES = 2048;

/** First line of what agents work on. */
export function firstLine({ placement }: PatternOptions): number {
  return arrayAt(placement, 0);
}

export function linesOf({ footprintBytes }: PatternOptions): number {
  return Math.floor(footprintBytes / LINE_BYTES);
}

/**
 * Whether any cache holds some of the footprint from one round to the next: of twice as many lines as the home's cache has,
 * used in a circle, it holds none.
 */
export function isHeld(options: PatternOptions): boolean {
  const home = options.values[options.placement === 'lpddr' ? 'l3-size' : 'l2-size'];
  return options.footprintBytes < 2 * home;
}

/** Accesses of a round to `lines` of an agent, each once where that tells anything. */
export function roundOf(options: PatternOptions, lines: number): number {
  return isHeld(options) ? lines : Math.min(lines, COLD_ACCESSES);
}
