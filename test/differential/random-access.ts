/** Random accesses, placed relative to where things happen: BARs, edges of memory, of pages and of the BAR. */

import fc from 'fast-check';
import type { ResetKind } from '../../src/device/device-model.ts';
import type { DeviceSpec } from '../../src/device/device-spec.ts';

export type RandomAccess =
  | {
      readonly op: 'config-read' | 'config-write';
      readonly width: 1 | 2 | 4;
      readonly offset: number;
      readonly value: number;
    }
  | {
      readonly op: 'config-read-bytes' | 'config-write-bytes';
      readonly offset: number;
      readonly count: number;
      readonly value: number;
    }
  | {
      readonly op: 'region-read' | 'region-write';
      readonly region: number;
      readonly width: 1 | 2 | 4 | 8;
      readonly offset: number;
      readonly value: number;
    }
  | {
      readonly op: 'region-read-bytes' | 'region-write-bytes' | 'region-fill';
      readonly region: number;
      readonly offset: number;
      readonly count: number;
      readonly value: number;
    }
  | {
      readonly op: 'region-copy';
      readonly region: number;
      readonly offset: number;
      readonly source: number;
      readonly count: number;
    }
  | { readonly op: 'reset'; readonly reset: ResetKind };

/** Largest count of a bulk access, in bytes. */
export const MAX_COUNT = 0x2_8000;

// Draws of one number are cheap, so that a run can have hundreds of accesses: one word holds the choices, two more
// the place and the value. Small words give accesses at low offsets, so that shrinking leads to simple ones.
const word = fc.nat(0xffff_ffff);
const draw = fc.tuple(fc.nat(0xffff), word, word, fc.nat(0xffff));
export type Draw = readonly [choice: number, place: number, value: number, extra: number];

export const draws: fc.Arbitrary<Draw[]> = fc.array(draw, { minLength: 1, maxLength: 480, size: 'max' });

const REGISTER_ANCHORS = [
  0x00, 0x04, 0x06, 0x0c, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x28, 0x30, 0x34, 0x3c, 0x40, 0xfc, 0x100,
];
const FAR_OFFSETS = [2 ** 31, 2 ** 32, 2 ** 32 + 4, 2 ** 40, 2 ** 48, 2 ** 52];
/** By four bits of the choice. 7 is configuration space; 8 and 200 no device has. */
const REGIONS = [4, 4, 2, 2, 0, 0, 4, 2, 6, 7, 4, 0, 2, 7, 8, 200];
const WIDTHS = [4, 1, 2, 8] as const;
const RESETS: readonly ResetKind[] = ['ioctl', 'flr', 'hot'];

/** Set in a choice: the same operation, region and width as the draw before, so that batches have runs of them. */
const REPEAT = 0x8000;

/** The accesses that draws stand for on this device. */
export function accessesOf(list: readonly Draw[], spec: DeviceSpec): RandomAccess[] {
  let choice = 0;
  return list.map((draw) => {
    if ((draw[0] & REPEAT) === 0) choice = draw[0];
    return accessOf([choice, draw[1], draw[2], draw[3]], spec);
  });
}

function accessOf([choice, place, value, extra]: Draw, spec: DeviceSpec): RandomAccess {
  const kind = choice & 0x1f;
  const region = REGIONS[((choice >> 5) & 7) | ((choice >> 7) & 8)]!;
  const widthChoice = (choice >> 8) & 3;
  if (kind < 7 || kind >= 30) {
    const op = kind % 2 === 0 ? 'config-read' : 'config-write';
    const width = WIDTHS[widthChoice % 3] as 1 | 2 | 4;
    return { op, width, offset: configOffset(place, spec), value: pattern(value, extra) };
  }
  if (kind < 9) {
    const op = kind === 7 ? 'config-read-bytes' : 'config-write-bytes';
    return { op, offset: configOffset(place, spec), count: configCount(extra), value };
  }
  const offset = region === 7 ? configOffset(place, spec) : regionOffset(place, extra, region, spec);
  if (kind < 22) {
    const op = kind % 2 === 0 ? 'region-read' : 'region-write';
    return { op, region, width: WIDTHS[widthChoice]!, offset, value };
  }
  const count = countOf(value);
  if (kind < 24) return { op: 'region-read-bytes', region, offset, count, value };
  if (kind < 26) return { op: 'region-write-bytes', region, offset, count, value };
  if (kind < 27) return { op: 'region-fill', region, offset, count, value: extra & 0xff };
  if (kind < 29)
    return {
      op: 'region-copy',
      region,
      offset,
      source: copySource(offset, place, extra, region, spec),
      count,
    };
  return { op: 'reset', reset: RESETS[extra % 3]! };
}

/** Registers that matter, with a shift of a few bytes; anywhere; the end of configuration space; far outside. */
function configOffset(place: number, spec: DeviceSpec): number {
  const low = place & 0xffff;
  const shift = place >>> 16;
  switch (shift & 7) {
    case 0:
    case 1:
    case 2:
    case 3:
      return REGISTER_ANCHORS[low % REGISTER_ANCHORS.length]!;
    case 4:
      return Math.max(0, REGISTER_ANCHORS[low % REGISTER_ANCHORS.length]! + ((shift >> 3) & 7) - 3);
    case 5:
      return low % spec.configBytes.length;
    case 6:
      return (low % spec.configBytes.length) & ~3;
    default:
      return (shift & 8 ? 0xffff_fff8 : spec.configBytes.length - 4) + (low & 7);
  }
}

/** About a register, some registers, or more than configuration space holds. */
function configCount(extra: number): number {
  if (extra % 67 === 0) return 250 + (extra % 4000);
  return extra & 1 ? (extra >> 1) % 9 : extra % 80;
}

/** Edges of memory, BAR, window and pages, a few bytes around them; anywhere in memory; far outside. */
function regionOffset(place: number, extra: number, regionIndex: number, spec: DeviceSpec): number {
  const region = spec.regions.find((candidate) => candidate.regionIndex === regionIndex);
  const memlength = Number(region?.memlengthBytes ?? 0);
  const pageBytes = 2 ** (region?.pageShift ?? 12);
  const around = (edge: number) => Math.max(0, edge + (place & 0x1f) - 16);
  const somewhere = Math.floor(((place >>> 5) / 2 ** 27) * memlength);
  switch (extra & 15) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return somewhere;
    case 5:
    case 6:
      return somewhere - (somewhere % 8);
    case 7:
    case 8:
    case 9:
      return around(Math.round(somewhere / pageBytes) * pageBytes);
    case 10:
    case 11:
      return around(memlength);
    case 12:
      if (region?.window && (extra & 0x10) !== 0) {
        return around(Number(extra & 0x20 ? region.window.startBytes : region.window.endBytes));
      }
      return around(Number(region?.barSizeBytes ?? 0));
    case 13:
      return (extra & 0x30) === 0 ? FAR_OFFSETS[place % FAR_OFFSETS.length]! + (place & 4) : place & 0xff;
    default:
      return place & 0x1f;
  }
}

/** Often so close to the destination that both overlap. */
function copySource(offset: number, place: number, extra: number, region: number, spec: DeviceSpec): number {
  if (extra & 0x40) return regionOffset((place ^ 0x5bd1_e995) >>> 0, extra >> 7, region, spec);
  return Math.max(0, offset + (place & 0xff) - 128);
}

/** Mostly small counts, now and then some pages. */
function countOf(value: number): number {
  const low = value & 0xffff;
  if (value % 61 === 0) return (low * 3) % MAX_COUNT;
  return value & 0x10000 ? low % 2048 : low % 40;
}

/** All ones, address bits only, or any bits. */
function pattern(value: number, extra: number): number {
  if (extra & 1) return value;
  return [0xffff_ffff, 0, 0xffff_fff0, 0xffff_f800][(extra >> 1) & 3]!;
}

/** An access as a counterexample shows it. */
export function formatAccess(access: RandomAccess): string {
  const fields = Object.entries(access)
    .filter(([name]) => name !== 'op')
    .map(([name, value]) => `${name} ${typeof value === 'number' ? `0x${value.toString(16)}` : value}`);
  return [access.op, ...fields].join(' ');
}
