/** The lines with which `lspci -v` describes regions: the only place of a dump that knows their sizes. */

import type { Bar, BarKind, Rom } from './function.ts';
import { hex } from './quoted.ts';

/** One decoded `Region`, `Memory at` or `I/O ports at` line. */
export interface RegionLine {
  /** Null in the text of a single `-v`, which leaves the number out. */
  readonly barIdx: number | null;
  readonly kind: BarKind;
  readonly prefetchable: boolean;
  /** Null for `<unassigned>`, `<ignored>` and the like. */
  readonly address: bigint | null;
  readonly sizeBytes: bigint | null;
}

export interface RomLine {
  readonly address: bigint | null;
  readonly sizeBytes: bigint | null;
}

/** `[virtual]` stood before the region in older versions, and stands behind the address in newer ones. */
const REGION = /^(?:Region ([0-5]): )?(?:\[virtual\] )?(I\/O ports|Memory) at ([0-9a-f]+|<[^>]*>)(.*)$/i;
const ROM = /^(?:\[virtual\] )?Expansion ROM at ([0-9a-f]+|<[^>]*>)(.*)$/i;
const SIZE = /\[size=(\d{1,4})([KMGT]?)\]/;
const UNITS = ['', 'K', 'M', 'G', 'T'];

function parseSize(text: string): bigint | null {
  const match = SIZE.exec(text);
  if (match === null) return null;
  const [, count = '', unit = ''] = match;
  return BigInt(count) << (10n * BigInt(UNITS.indexOf(unit)));
}

function parseAddress(text: string): bigint | null {
  return text.startsWith('<') || text.length > 16 ? null : BigInt(`0x${text}`);
}

/** Null for a line that describes no region. `line` without its indent. */
export function parseRegionLine(line: string): RegionLine | null {
  const match = REGION.exec(line);
  if (match === null) return null;
  const [, index, space = '', address = '', rest = ''] = match;
  const memory: BarKind = rest.includes('(64-bit') ? 'mem64' : 'mem32';
  return {
    barIdx: index === undefined ? null : Number(index),
    kind: space.toLowerCase() === 'memory' ? memory : 'io',
    prefetchable: /[( ]prefetchable/.test(rest),
    address: parseAddress(address),
    sizeBytes: parseSize(rest),
  };
}

/** Null for a line that describes no expansion ROM. `line` without its indent. */
export function parseRomLine(line: string): RomLine | null {
  const match = ROM.exec(line);
  if (match === null) return null;
  const [, address = '', rest = ''] = match;
  return { address: parseAddress(address), sizeBytes: parseSize(rest) };
}

/** As lspci prints a size: in the largest unit that divides it. */
export function formatSize(sizeBytes: bigint): string {
  let count = sizeBytes;
  let unitIdx = 0;
  while (unitIdx < UNITS.length - 1 && count !== 0n && count % 1024n === 0n) {
    count /= 1024n;
    unitIdx += 1;
  }
  return `[size=${count}${UNITS[unitIdx]}]`;
}

/** One BAR as `lspci -vv` words it, without indent and size. */
export function formatRegion(bar: Bar): string {
  const address = bar.address === 0n ? '<unassigned>' : hex(bar.address, bar.kind === 'io' ? 4 : 8);
  if (bar.kind === 'io') return `Region ${bar.barIdx}: I/O ports at ${address}`;
  const width = bar.kind === 'mem64' ? '64-bit' : '32-bit';
  const prefetch = bar.prefetchable ? 'prefetchable' : 'non-prefetchable';
  return `Region ${bar.barIdx}: Memory at ${address} (${width}, ${prefetch})`;
}

/** The expansion ROM as `lspci -vv` words it, without indent and size. */
export function formatRom(rom: Rom): string {
  const address = rom.address === 0n ? '<unassigned>' : hex(rom.address, 8);
  return `Expansion ROM at ${address}${rom.enabled ? '' : ' [disabled]'}`;
}
