/** How a program came out, in words. */
import { type Shape, VARIABLE_NAMES } from './shapes.ts';

/**
 * `r0=1 r1=0 x=1 y=1`: reads in the order of threads and of their programs, and what the variables are at the end.
 * @param reads of each thread
 */
export function outcomeOf(reads: readonly (readonly number[])[], finals: readonly number[]): string {
  const values = reads.flat().map((value, i) => `r${i}=${value}`);
  return [...values, ...finals.map((value, i) => `${VARIABLE_NAMES[i]}=${value}`)].join(' ');
}

export function isWeak(outcome: string, { weak }: Pick<Shape, 'weak'>): boolean {
  const values = outcome.split(' ');
  return weak.split(' ').every((value) => values.includes(value));
}
