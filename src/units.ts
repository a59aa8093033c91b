/**
 * Quantities as people write and read them. Sizes count in binary units (KiB), because devices and pages do;
 * rates in decimal ones (GB/s), as memory vendors and `dd` state them.
 */
import { UsageError } from './errors.ts';

const KIB = 1024;
const SIZE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const TIME_UNITS = ['ns', 'µs', 'ms', 's'] as const;
const MS_PER_UNIT: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Three significant digits from 0.1 on: `0.46`, `1.42`, `12.3`, `704`; two below. */
export function formatDigits(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude > 0 && magnitude < 0.1) return value.toPrecision(2);
  if (magnitude < 9.995) return value.toFixed(2);
  return value.toFixed(magnitude < 99.95 ? 1 : 0);
}

/** `value` in the largest unit that it fills, judged after rounding: 999.7 ns is 1.00 µs, not 1000 ns. */
function formatScaled(value: number, units: readonly string[]): string {
  let scaled = value;
  let unitIdx = 0;
  while (unitIdx < units.length - 1 && Number(formatDigits(Math.abs(scaled))) >= 1000) {
    scaled /= 1000;
    unitIdx++;
  }
  return `${formatDigits(scaled)} ${units[unitIdx]}`;
}

/** A time given in nanoseconds: `1.42 ns`, `3.10 µs`, `12.0 s`. */
export function formatNs(ns: number): string {
  return formatScaled(ns, TIME_UNITS);
}

/** A time on an axis whose ticks are `stepNs` apart, with the digits that tell them apart: `35.72 µs`. */
export function formatTickNs(ns: number, stepNs: number): string {
  const unitIdx = TIME_UNITS.findLastIndex((_, i) => i === 0 || ns >= 1000 ** i);
  const decimals = Math.max(0, -Math.floor(Math.log10(stepNs / 1000 ** unitIdx) + 1e-9));
  return `${(ns / 1000 ** unitIdx).toFixed(Math.min(decimals, 20))} ${TIME_UNITS[unitIdx]}`;
}

/** A rate of bytes, decimal: `12.3 GB/s`. */
export function formatBytesPerSec(bytesPerSec: number): string {
  return formatScaled(bytesPerSec, ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s']);
}

/** A rate of operations: `704 M/s`. */
export function formatOpsPerSec(opsPerSec: number): string {
  return formatScaled(opsPerSec, ['/s', 'k/s', 'M/s', 'G/s']);
}

/** A size, never rounded: `4 KiB`, `1.5 KiB`, `128 GiB`, `4097 B`. `parseBytes` gives the same number back. */
export function formatBytes(bytes: number): string {
  let scaled = bytes;
  let unitIdx = 0;
  // A division by a power of two is exact, so a quarter of the next unit is one.
  while (unitIdx < SIZE_UNITS.length - 1 && Math.abs(scaled) >= KIB && Number.isInteger((scaled / KIB) * 4)) {
    scaled /= KIB;
    unitIdx++;
  }
  return `${scaled} ${SIZE_UNITS[unitIdx]}`;
}

/** Sizes up to 2^64, exact: those beyond 2^53 in PiB or as hexadecimal bytes. */
export function formatSize(sizeBytes: bigint): string {
  if (sizeBytes <= BigInt(Number.MAX_SAFE_INTEGER)) return formatBytes(Number(sizeBytes));
  const pib = sizeBytes >> 50n;
  return pib << 50n === sizeBytes ? `${pib} PiB` : `0x${sizeBytes.toString(16)} B`;
}

/** A whole number with its thousands apart: `1,234,567`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** A share as a percentage of two significant digits at most: 0.012 is `1.2%`, 0.34 is `34%`. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  return `${percent.toFixed(Math.abs(percent) < 9.95 ? 1 : 0)}%`;
}

/**
 * Milliseconds of a duration such as `500ms`, `60s`, `2m` or `1h`.
 * @param option what was being given, for the message: `--budget`
 * @throws UsageError unless `text` is a positive number with one of these units
 */
export function parseDurationMs(text: string, option: string): number {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(ms|s|m|h)\s*$/.exec(text);
  const durationMs = match ? Number(match[1]) * MS_PER_UNIT[match[2]!]! : 0;
  if (durationMs > 0 && Number.isFinite(durationMs)) return durationMs;
  throw new UsageError(
    `${option} ${quoted(text)}: expected a duration with its unit, such as 500ms, 60s or 2m`,
  );
}

/**
 * Bytes of a size such as `64`, `64B`, `4KiB` or `1.5 GiB`.
 * @param option what was being given, for the message
 * @throws UsageError unless `text` is a whole number of bytes below 2^53 in one of these units
 */
export function parseBytes(text: string, option: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([KMGTP]iB|B)?\s*$/i.exec(text);
  const unit = match?.[2]?.toLowerCase() ?? 'b';
  const unitIdx = SIZE_UNITS.findIndex((known) => known.toLowerCase() === unit);
  const bytes = match ? Number(match[1]) * KIB ** unitIdx : Number.NaN;
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new UsageError(
    `${option} ${quoted(text)}: expected a size in bytes or binary units, such as 64, 4KiB or 128GiB`,
  );
}

/**
 * A whole number such as `12`, from `min` (0 unless given) to `max` (2^53 - 1 unless given).
 * @param option what was being given, for the message: `--seed`
 * @throws UsageError for anything else
 */
export function parseCount(text: string, option: string, range: { min?: number; max?: number } = {}): number {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = range;
  const count = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(count) && count >= min && count <= max) return count;
  const upTo = max === Number.MAX_SAFE_INTEGER ? 'or more' : `to ${max}`;
  throw new UsageError(`${option} ${quoted(text)}: expected a whole number, ${min} ${upTo}`);
}

/**
 * A share given as a percentage: `1%` or `0.5 %` are 0.01 and 0.005.
 * @param option what was being given, for the message: `--margin`
 * @throws UsageError unless `text` is a percentage above 0 and below 100
 */
export function parsePercent(text: string, option: string): number {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*%\s*$/.exec(text);
  const share = match ? Number(match[1]) / 100 : 0;
  if (share > 0 && share < 1) return share;
  throw new UsageError(
    `${option} ${quoted(text)}: expected a percentage above 0 and below 100, such as 1% or 0.5%`,
  );
}

/** What was given, in quotes that also make an empty text and control characters visible. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
