/** One published figure. */
import type { SourceKey } from './sources.ts';

/**
 * How it was published: printed as text or numbers; as a label inside a figure; read off a figure by its pixels; or
 * quoted by somebody else.
 */
export type FigureKind = 'text' | 'label' | 'figure' | 'second hand';

/** A figure or a range of them, and who gives it how. */
export interface Reading {
  readonly low: number;
  readonly high: number;
  readonly kind: FigureKind;
  readonly source: SourceKey;
}

/** `local` to one CPU and its GPU; `peer`, of a second pair beside it; `other lab`, of another than F. */
export type CellScope = 'local' | 'peer' | 'other lab';

/** Nanoseconds, or 10^9 bytes a second. */
export type CellUnit = 'ns' | 'GB/s';

export interface PublishedCell<Id extends string = string> extends Reading {
  readonly id: Id;
  readonly unit: CellUnit;
  readonly scope: CellScope;
  /** The readings that the range spans, where there are several. */
  readonly readings: readonly Reading[];
  /** What to know about it, or empty. */
  readonly note: string;
}

/** What a cell compares with: the middle of its range. */
export function middleOf({ low, high }: Pick<Reading, 'low' | 'high'>): number {
  return (low + high) / 2;
}

export function reading(
  value: number | readonly [number, number],
  kind: FigureKind,
  source: SourceKey,
): Reading {
  const [low, high] = typeof value === 'number' ? [value, value] : value;
  return { low, high, kind, source };
}

/** Makes cells of one unit and scope from a reading, or from several with the range that they span. */
export function cellsOf(unit: CellUnit, scope: CellScope) {
  return <const Id extends string>(
    id: Id,
    given: Reading | readonly [Reading, ...Reading[]],
    note = '',
  ): PublishedCell<Id> => {
    const readings: readonly [Reading, ...Reading[]] = 'low' in given ? [given] : given;
    const low = Math.min(...readings.map((one) => one.low));
    const high = Math.max(...readings.map((one) => one.high));
    const [{ kind, source }] = readings;
    return { id, unit, scope, low, high, kind, source, readings, note };
  };
}
