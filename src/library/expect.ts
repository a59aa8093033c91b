/** Options of the library, which callers in JavaScript may get wrong in any way. */
import { UsageError } from '../errors.ts';

/** @throws UsageError for anything but a whole number in the range, with the name of what it was given for */
export function expectWhole(
  name: string,
  value: number,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`${name} ${value}: expected a whole number from ${least} to ${most}`);
}

/** @throws UsageError for a margin that is no share between 0 and 1 */
export function expectMargin(margin: number): number {
  if (margin > 0 && margin < 1) return margin;
  throw new UsageError(`margin ${margin}: expected a share from 0 to 1, as 0.01`);
}
