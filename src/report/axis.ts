/** An axis of times: where a value stands, and which values get a tick. */
import { extentOf } from '../stats/extent.ts';

export interface Axis {
  /** Column of a value, from 0 to `columns` - 1. */
  columnOf(ns: number): number;
  ticks: Tick[];
}

export interface Tick {
  ns: number;
  /** To the next tick: what a label has to resolve. */
  stepNs: number;
}

/** From this factor between the ends on, an axis is logarithmic. */
const LOG_FROM = 4;
const STEPS = [1, 2, 5];
/** Columns that a tick takes with its label. */
export const TICK_COLUMNS = 12;
/** Share by which an axis of one value alone reaches to either side. */
const AROUND = 0.01;

/** @param values above 0, at least one */
export function axisOf(values: readonly number[], columns: number): Axis {
  const [least, most] = extentOf(values);
  const [low, high] = least < most ? [least, most] : [least * (1 - AROUND), most * (1 + AROUND)];
  const isLog = high / low >= LOG_FROM;
  const scale = isLog ? Math.log : (ns: number) => ns;
  const perColumn = (scale(high) - scale(low)) / Math.max(1, columns - 1);
  const mostTicks = Math.max(2, Math.floor(columns / TICK_COLUMNS));
  return {
    // A tick between two neighbouring doubles is rounded to one that lies beyond them.
    columnOf: (ns) => Math.min(columns - 1, Math.max(0, Math.round((scale(ns) - scale(low)) / perColumn))),
    ticks: isLog ? logTicks(low, high, mostTicks) : linearTicks(low, high, mostTicks),
  };
}

/** Multiples of the smallest round step of which there are no more than `most` from `low` to `high`. */
function linearTicks(low: number, high: number, most: number): Tick[] {
  const decade = 10 ** Math.floor(Math.log10((high - low) / most));
  const steps = [...STEPS, 10, 20].map((digit) => digit * decade);
  const multiples = (step: number) => {
    const first = Math.ceil(low / step);
    return Array.from(
      { length: Math.max(0, Math.floor(high / step) - first + 1) },
      (_, i) => (first + i) * step,
    );
  };
  const step = steps.find((one) => multiples(one).length <= most) ?? steps.at(-1)!;
  return multiples(step).map((ns) => ({ ns, stepNs: step }));
}

/** 1, 2 and 5 of each decade; the decades alone, or some of them, where these are too many. */
function logTicks(low: number, high: number, most: number): Tick[] {
  const decades = Array.from(
    { length: Math.floor(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, i) => 10 ** (Math.floor(Math.log10(low)) + i),
  );
  const within = (digits: readonly number[]) =>
    decades
      .flatMap((decade) => digits.map((digit) => ({ ns: digit * decade, stepNs: decade })))
      .filter(({ ns }) => ns >= low && ns <= high);
  const [fine, coarse] = [within(STEPS), within([1])];
  if (fine.length <= most) return fine;
  const stride = Math.ceil(coarse.length / most);
  return coarse.filter((_, i) => i % stride === 0);
}
