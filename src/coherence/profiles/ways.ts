/** What values of a profile have to be together, beside the range of each. */
import type { ParameterName, ParameterValues } from './parameters.ts';

/** Coherence line of both sides. */
const LINE_BYTES = 64;
const CACHES = ['cpu-l1', 'cpu-l2', 'l3', 'gpu-l1', 'l2'] as const;

export interface WaysFault {
  readonly ways: ParameterName;
  /** What was given, and what was expected. */
  readonly message: string;
}

/** A cache holds a set of lines at least. Null where each of them does. */
export function waysFault(values: ParameterValues): WaysFault | null {
  for (const cache of CACHES) {
    const ways = `${cache}-ways` as const;
    const lines = Math.floor(values[`${cache}-size`] / LINE_BYTES);
    if (values[ways] > lines) {
      const message = `${ways} ${values[ways]} is more than ${cache}-size has lines; expected ${lines} or less`;
      return { ways, message };
    }
  }
  return null;
}
