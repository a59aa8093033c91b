import { z } from 'zod';
import type { Implementation } from '../../types.ts';
import { type FunctionCall, integer } from '../vectors.ts';

/** A function that vectors can call. Each has a file of its own in this folder, and a line in functions.ts. */
export interface KnownFunction {
  /**
   * Computes the function on an implementation. The result compares with the vector's `expect`: numbers of any
   * kind, text, null, arrays and objects of them.
   * @param name of the vector and the function, for messages
   * @throws UsageError where the arguments have the wrong form
   */
  readonly compute: (call: FunctionCall, implementation: Implementation, name: string) => unknown;
  /** Whether implementations have the function in their own core. `shared` runs it in TypeScript once. */
  readonly inCore: boolean;
  /** Whether it is about the vector's device, which then is in `call.spec`. */
  readonly needsDevice?: boolean;
  /** Why it cannot be run on arguments that are well-formed, or null. */
  readonly whySkipped?: (call: FunctionCall) => string | null;
}

/** An integer that is exact as a number. */
export const number = integer.pipe(z.bigint().max(2n ** 53n - 1n)).transform(Number);

/** Name of a negative errno as vectors write it. */
export function errnoName(result: number): string {
  const name = ERRNO_NAMES[-result];
  if (name === undefined) throw new Error(`errno ${-result} has no name here`);
  return name;
}

const ERRNO_NAMES: Readonly<Record<number, string>> = {
  5: '-EIO',
  12: '-ENOMEM',
  14: '-EFAULT',
  22: '-EINVAL',
  62: '-ETIME',
  75: '-EOVERFLOW',
};
