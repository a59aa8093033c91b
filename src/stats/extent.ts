/** The least and the most of `values`, however many: as arguments of Math.min, too many overflow the stack. */
export function extentOf(values: Iterable<number>): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}

/** The most of `values`, and no less than `least`. */
export function mostOf(values: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  return Math.max(least, extentOf(values)[1]);
}
