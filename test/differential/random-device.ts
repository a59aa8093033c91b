/** Random devices: every policy, every kind of region, both sizes of configuration space, sane and malformed chains. */

import fc from 'fast-check';
import { type DeviceSpec, deviceSpec, isVirtio, NEEDS_GPU_MEMORY } from '../../src/device/device-spec.ts';
import type { RegionRules, RegionSpec } from '../../src/device/region-spec.ts';
import type { Bar, BarKind } from '../../src/pci/function.ts';
import { DRIVER_GENERATIONS, POLICIES, RESMEM_MODES } from '../../src/types.ts';

/** A device and the memory that its sparse pages share. */
export interface RandomDevice {
  readonly spec: DeviceSpec;
  readonly frameBytes: number;
  /** COMMAND as policy virtio stores it; its bit 0 opens regions with that policy's rules. */
  readonly virtioCommand: number;
}

const PAGE_SHIFTS = [12, 16] as const;

const barRow = fc.record({
  kind: fc.constantFrom<BarKind | 'none'>('io', 'io', 'mem32', 'mem64', 'none'),
  prefetchable: fc.boolean(),
  sizeLog2: fc.integer({ min: 0, max: 40 }),
  address: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
});

/** Implemented BARs of six slots. I/O BARs begin at 4 bytes, which policy core treats in its own way. */
const bars = fc.array(barRow, { minLength: 6, maxLength: 6 }).map((rows): Bar[] => {
  const list: Bar[] = [];
  for (let barIdx = 0; barIdx < 6; barIdx++) {
    const { kind, prefetchable, sizeLog2, address } = rows[barIdx]!;
    if (kind === 'none' || (kind === 'mem64' && barIdx === 5)) continue;
    const exponent = kind === 'io' ? 2 + (sizeLog2 % 7) : 4 + (kind === 'mem32' ? sizeLog2 % 28 : sizeLog2);
    list.push({
      barIdx,
      kind,
      prefetchable: prefetchable && kind !== 'io',
      address: kind === 'mem64' ? address : address & 0xffff_ffffn,
      sizeBytes: 1n << BigInt(exponent),
      sizeSource: 'profile',
    });
    if (kind === 'mem64') barIdx++;
  }
  return list;
});

/** Ids with a length of their own under policy core, and some that it hides. */
const standardId = fc.constantFrom(
  0x01,
  0x03,
  0x05,
  0x07,
  0x08,
  0x09,
  0x10,
  0x10,
  0x11,
  0x12,
  0x13,
  0x14,
  0x00,
  0xff,
);
const extendedId = fc.constantFrom(
  1,
  2,
  3,
  4,
  8,
  9,
  0x0b,
  0x0d,
  0x0e,
  0x10,
  0x12,
  0x13,
  0x15,
  0x16,
  0x17,
  0x18,
  0x19,
  0x1b,
  0x23,
  0xffff,
);

/** `link`: -1 ends the chain, 0 leads on to the next entry, anything else to a place of its own. */
const link = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -1, max: 0xfff }) },
);
const body = fc.array(fc.nat(0xffff_ffff), { minLength: 3, maxLength: 3 });
const standardChain = fc.array(
  fc.record({
    id: standardId,
    offset: fc.integer({ min: 0x10, max: 0x3f }).map((dword) => 4 * dword),
    link,
    body,
  }),
  { maxLength: 6 },
);
const extendedChain = fc.array(
  fc.record({
    id: extendedId,
    offset: fc.integer({ min: 0x40, max: 0x3ff }).map((dword) => 4 * dword),
    link,
    body,
  }),
  { maxLength: 6 },
);
type Entry = { id: number; offset: number; link: number; body: number[] };

/** Memory decoding is on more often than not. */
const command = fc.oneof(
  fc.nat(0xffff),
  fc.nat(0xffff).map((value) => value | 2),
);

const header = fc.record({
  command,
  status: fc.nat(0xffff),
  bist: fc.constantFrom(0, 0x80, 0xff),
  layout: fc.constantFrom(0, 0, 0, 0x80, 1, 2),
  noise: fc.array(fc.tuple(fc.nat(0xfff), fc.nat(0xff)), { maxLength: 8 }),
});

/** Parts of a region in 256ths, so that small regions have small windows: start and length. */
const window = fc.option(fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 64 })), { freq: 2 });

const region = (regionIndex: number, ...rules: RegionRules[]) =>
  fc
    .record({
      rules: fc.constantFrom(...rules),
      window,
      barLog2: fc.integer({ min: 4, max: 18 }),
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
      backing: fc.constantFrom<RegionSpec['backing']>('flat', 'sparse'),
      pageShift: fc.constantFrom(...PAGE_SHIFTS),
      vast: fc.nat(15).map((n) => n === 0),
    })
    .map(({ rules, window, barLog2, share, backing, pageShift, vast }): RegionSpec => {
      if (rules === 'virtio') {
        const size = { barSizeBytes: 32n, memlengthBytes: 32n };
        return { regionIndex, ...size, rules, backing, pageShift };
      }
      // A vast region passes 2^32 and is always sparse; its map stays small with pages of 64 KiB.
      const barBytes = vast ? 2 ** 33 : 2 ** barLog2;
      const memlength = Math.max(1, Math.ceil(barBytes * share));
      return {
        regionIndex,
        barSizeBytes: BigInt(barBytes),
        memlengthBytes: BigInt(memlength),
        rules,
        ...(window && rules !== 'memory' && rules !== 'uncached' ? windowOf(window, barBytes) : {}),
        backing: vast ? 'sparse' : backing,
        pageShift: vast ? 16 : pageShift,
      };
    });

function windowOf([start, length]: readonly [number, number], barBytes: number): Pick<RegionSpec, 'window'> {
  const startBytes = Math.floor((start / 256) * barBytes) + (length % 3);
  const endBytes = startBytes + Math.max(1, Math.floor((length / 256) * Math.min(barBytes, 2 ** 18)));
  return { window: { startBytes: BigInt(startBytes), endBytes: BigInt(endBytes) } };
}

/** Ready more often than not. */
const pollRegister = fc.constantFrom(0xff, 0xff, 0xff, 0xff, 0xff, 0, 0xfe, 0xffff_ffff);

export const randomDevice: fc.Arbitrary<RandomDevice> = fc
  .record({
    policy: fc.constantFrom(...POLICIES),
    configBytes: fc.constantFrom(256, 4096),
    virtualFunction: fc.boolean(),
    gpuMemoryLog2: fc.integer({ min: 31, max: 39 }),
    migHardwareBug: fc.boolean(),
    bars,
    romLog2: fc.constantFrom(0, 11, 16, 24),
    header,
    standardChain,
    extendedChain,
    regions: fc.tuple(
      region(0, 'io-bar', 'bar', 'virtio'),
      region(2, 'uncached', 'uncached', 'bar', 'memory'),
      region(4, 'memory', 'memory', 'uncached', 'bar'),
      region(6, 'rom'),
    ),
    generation: fc.constantFrom(...DRIVER_GENERATIONS),
    resmem: fc.constantFrom(...RESMEM_MODES),
    readiness: fc.record({ c2cStatus: pollRegister, hbmTraining: pollRegister }),
    virtioCommand: fc.constantFrom(1, 3, 7, 6, 0),
    frames: fc.integer({ min: 0, max: 12 }),
  })
  .map((row) => {
    const configBytes = new Uint8Array(row.configBytes);
    const view = new DataView(configBytes.buffer);
    for (const [offset, byte] of row.header.noise)
      if (offset < configBytes.length) configBytes[offset] = byte;
    view.setUint16(0x04, row.header.command, true);
    view.setUint16(0x06, row.header.status, true);
    view.setUint8(0x0e, row.policy === 'strict' ? row.header.layout : 0);
    view.setUint8(0x0f, row.header.bist);
    writeChain(view, row.standardChain);
    if (row.configBytes === 4096) writeExtendedChain(view, row.extendedChain);
    const rom = {
      address: 0n,
      sizeBytes: 1n << BigInt(row.romLog2),
      enabled: false,
      sizeSource: 'profile',
    } as const;
    const source = {
      slot: null,
      configBytes,
      // The virtio driver takes functions without a physical BAR 0 only.
      bars: isVirtio(row.policy) ? row.bars.filter(({ barIdx }) => barIdx !== 0) : row.bars,
      rom: row.romLog2 === 0 ? null : rom,
      origin: 'random',
    };
    const spec = deviceSpec(source, {
      name: 'random',
      policy: row.policy,
      generation: row.generation,
      resmem: row.resmem,
      readiness: row.readiness,
      virtualFunction: isVirtio(row.policy) || row.virtualFunction,
      gpuMemory: NEEDS_GPU_MEMORY.includes(row.policy)
        ? { sizeBytes: 1n << BigInt(row.gpuMemoryLog2), migHardwareBug: row.migHardwareBug }
        : undefined,
    });
    const { virtioCommand } = row;
    return { spec: { ...spec, regions: row.regions }, frameBytes: row.frames * 2 ** 16, virtioCommand };
  });

function writeChain(view: DataView, entries: readonly Entry[]): void {
  view.setUint8(0x34, entries[0]?.offset ?? 0);
  for (const [
    i,
    {
      id,
      offset,
      link: to,
      body: [low = 0, high = 0],
    },
  ] of entries.entries()) {
    const next = to === 0 ? (entries[i + 1]?.offset ?? 0) : to & 0xff;
    view.setUint32(offset, id | (next << 8) | (low << 16), true);
    if (offset + 8 <= view.byteLength) view.setUint32(offset + 4, high, true);
  }
}

function writeExtendedChain(view: DataView, entries: readonly Entry[]): void {
  for (const [i, { id, offset, link: to, body: dwords }] of entries.entries()) {
    const at = i === 0 ? 0x100 : offset;
    const next = to === 0 ? (entries[i + 1]?.offset ?? 0) : to & 0xfff;
    view.setUint32(at, (id | (1 << 16) | (next << 20)) >>> 0, true);
    for (const [j, dword] of dwords.entries()) {
      // Lengths that such a capability states itself stay small enough to matter.
      if (at + 8 + 4 * j <= view.byteLength)
        view.setUint32(at + 4 + 4 * j, j === 0 ? dword & 0x03ff_ffff : dword, true);
    }
  }
}
