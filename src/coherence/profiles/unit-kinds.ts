/** Kinds of unit that a profile's parameters are given in, each with its base unit. Conversion is exact. */

/** `time` in picoseconds, `size` in bytes, `rate` in bytes a second, and numbers of things. Flags are 0 or 1. */
export type UnitKind = 'time' | 'size' | 'rate' | 'count' | 'lines' | 'flag';

const KIB = 1024n;

/** Spellings of each kind, each with how many of the base unit it is. The first is the base unit. */
const BASE_UNITS: Readonly<Record<UnitKind, Readonly<Record<string, bigint>>>> = {
  time: { ps: 1n, ns: 1_000n, µs: 1_000_000n, μs: 1_000_000n, us: 1_000_000n },
  size: { B: 1n, KiB: KIB, MiB: KIB ** 2n, GiB: KIB ** 3n },
  rate: { 'B/s': 1n, 'kB/s': 10n ** 3n, 'MB/s': 10n ** 6n, 'GB/s': 10n ** 9n, 'TB/s': 10n ** 12n },
  count: { count: 1n },
  lines: { lines: 1n, line: 1n },
  flag: { flag: 1n },
};

/** Units of a kind as a message names them. Two spellings of the micro sign look alike, so one is left out. */
export function unitNames(kind: UnitKind): string[] {
  return Object.keys(BASE_UNITS[kind]).filter((unit) => unit !== 'μs' && unit !== 'line');
}

export function isUnitOf(kind: UnitKind, unit: string): boolean {
  return Object.hasOwn(BASE_UNITS[kind], unit);
}

/** What `toBaseUnits` found wrong. */
export type NumberFault = 'not a number' | 'negative' | 'not whole' | 'too large';

/**
 * A decimal number and its unit in base units, without rounding.
 * @param unit one of the kind's
 * @returns a whole number from 0 to 2^53 - 1, or what is wrong with it
 */
export function toBaseUnits(decimal: string, unit: string, kind: UnitKind): number | NumberFault {
  const match = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?$/.exec(decimal);
  if (!match) return 'not a number';
  const [, sign, whole = '', fraction = ''] = match;
  const scaled = BigInt(whole + fraction) * BASE_UNITS[kind][unit]!;
  const divisor = 10n ** BigInt(fraction.length);
  if (sign === '-' && scaled > 0n) return 'negative';
  if (scaled % divisor !== 0n) return 'not whole';
  const base = scaled / divisor;
  return base > BigInt(Number.MAX_SAFE_INTEGER) ? 'too large' : Number(base);
}

/** `count` base units in the largest unit that needs at most three decimals: `1.2 ns`, `114 MiB`, `450 GB/s`. */
export function fromBaseUnits(base: number, kind: UnitKind): string {
  const units = unitNames(kind).filter((unit) => unit !== 'us' && unit !== 'µs');
  const fits = (unit: string) => {
    const factor = Number(BASE_UNITS[kind][unit]!);
    return base >= factor && Number.isInteger((base / factor) * 1000);
  };
  // Times stay in nanoseconds, in which all of them are told.
  const unit = kind === 'time' ? 'ns' : (units.findLast(fits) ?? units[0]!);
  return `${base / Number(BASE_UNITS[kind][unit]!)} ${unit}`;
}
