/** Whether two means differ, for samples taken as independent draws: what benchmark tools do. */
import { studentTail } from './student-t.ts';

/** Mean, standard error and degrees of freedom of one sample. */
export interface Mean {
  readonly mean: number;
  readonly sem: number;
  readonly df: number;
}

/**
 * Two-sided p-value of B. L. Welch's t test, Biometrika 34, 1947. Equal samples without any spread have p-value 1,
 * different ones 0.
 */
export function welchPValue(a: Mean, b: Mean): number {
  const [va, vb] = [a.sem ** 2, b.sem ** 2];
  const distance = Math.abs(a.mean - b.mean);
  if (va + vb === 0) return distance === 0 ? 1 : 0;
  const df = (va + vb) ** 2 / (va ** 2 / a.df + vb ** 2 / b.df);
  return Math.min(1, 2 * studentTail(distance / Math.sqrt(va + vb), df));
}
