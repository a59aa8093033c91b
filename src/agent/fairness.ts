/** How evenly agents got on that contended for the same thing. */
import { busyNs, type Measured } from './overlap.ts';

export interface Fairness {
  /** (sum x)^2 / (n sum x^2) of the rates of n agents: 1 where all are equal, 1/n where one has everything. */
  readonly jain: number;
  /** Rate of the slowest agent over that of the fastest. */
  readonly leastShare: number;
}

interface Part extends Measured {
  readonly operations: number;
}

/** Source of the index: R. Jain, D. Chiu and W. Hawe, DEC Research Report TR-301, 1984. */
export function fairnessOf(parts: readonly Part[]): Fairness {
  const rates = parts.map((part) => part.operations / busyNs(part));
  const sum = rates.reduce((total, rate) => total + rate, 0);
  const squares = rates.reduce((total, rate) => total + rate * rate, 0);
  return {
    jain: Math.min(1, (sum * sum) / (rates.length * squares)),
    leastShare: Math.min(...rates) / Math.max(...rates),
  };
}
