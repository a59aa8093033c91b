/** Where values stand in a drawing, in its units from one edge to the other. */
import { extentOf } from '../../stats/extent.ts';
import { axisOf, TICK_COLUMNS, type Tick } from '../axis.ts';

export interface Scale {
  /** A value that lies beyond the drawing stands at its edge. */
  at(value: number): number;
  readonly ticks: readonly Tick[];
}

/** Places in each unit: as exactly as an eye sees it. */
const PLACES = 10;
/** Units that a label of a time takes. */
const TIME_UNITS = 50;

/** Values that a logarithm has a place for. */
function drawable(values: readonly number[]): number[] {
  return values.filter((value) => value > 0 && Number.isFinite(value));
}

/** Logarithmic from a factor of four between the ends on. Null where no value has a place. */
export function scaleOf(
  values: readonly number[],
  from: number,
  to: number,
  labelUnits = TIME_UNITS,
): Scale | null {
  const placed = drawable(values);
  if (placed.length === 0) return null;
  const length = Math.abs(to - from);
  const places = axisOf(placed, PLACES * length + 1);
  const direction = Math.sign(to - from);
  const [least, most] = extentOf(placed);
  return {
    at: (value) => {
      const place = places.columnOf(Math.min(most, Math.max(least, value)));
      return tenths(from + (direction * place) / PLACES);
    },
    ticks: axisOf(placed, Math.floor((length * TICK_COLUMNS) / labelUnits)).ticks,
  };
}

export function tenths(units: number): number {
  return Math.round(units * PLACES) / PLACES;
}
