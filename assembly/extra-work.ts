/**
 * Accesses of a batch that are done twice: none in every release. The build with extra work (`asc --use
 * BAROMETER_REPEATED_PERMILLE=30`) is slower by a share that is known, for proving that such a difference is found.
 */
export function repeatedOf(count: u32): u32 {
  if (isDefined(BAROMETER_REPEATED_PERMILLE)) return (count * BAROMETER_REPEATED_PERMILLE) / 1000;
  return 0;
}
