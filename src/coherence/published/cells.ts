/**
 * All published figures that a model is held against. Left out, because nothing is held against them: best values over
 * thread counts, F's STREAM kernels beside the triad that others ran too, the peer rows of other labs, and parts
 * that are no GH200.
 */
import { BANDWIDTH_CELLS } from './bandwidth.ts';
import type { PublishedCell } from './cell.ts';
import { LATENCY_CELLS } from './latency.ts';
import { OTHER_LAB_CELLS } from './other-labs.ts';
import { PING_PONG_CELLS } from './ping-pong.ts';

const TABLE = [...LATENCY_CELLS, ...PING_PONG_CELLS, ...BANDWIDTH_CELLS, ...OTHER_LAB_CELLS] as const;

/** `QUANTITY.AGENT.MEMORY`, with `@SOURCE` behind it where another lab than F is told apart. */
export type CellId = (typeof TABLE)[number]['id'];

export const PUBLISHED_CELLS: readonly PublishedCell<CellId>[] = TABLE;

const BY_ID: ReadonlyMap<string, PublishedCell<CellId>> = new Map(TABLE.map((cell) => [cell.id, cell]));

/** Throws RangeError for an id that is none: a mistake in a program, not in what a user gave. */
export function publishedCell(id: string): PublishedCell<CellId> {
  const cell = BY_ID.get(id);
  if (cell === undefined) throw new RangeError(`no published cell ${JSON.stringify(id)}`);
  return cell;
}

/** What a cell is a figure of, whoever measured it: the id without its source. */
export function quantityOf(id: string): string {
  return id.split('@')[0]!;
}

/** Lowest and highest figure that anybody published about a quantity, or null where nobody did. */
export function publishedRange(quantity: string): { low: number; high: number } | null {
  const cells = PUBLISHED_CELLS.filter(({ id }) => quantityOf(id) === quantity);
  if (cells.length === 0) return null;
  return { low: Math.min(...cells.map(({ low }) => low)), high: Math.max(...cells.map(({ high }) => high)) };
}
