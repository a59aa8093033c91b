/** Promises that every sizer keeps on any sane device under policy strict, with the exceptions that are documented. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deviceSpec } from '../../../src/device/device-spec.ts';
import type { Bar, BarKind, PciFunction } from '../../../src/pci/function.ts';
import { presentedBars } from '../../../src/workload/sizer/presented-bars.ts';
import { deviceToSize, recordSizing } from '../../../src/workload/sizer/record-sizing.ts';
import { findSizer, SIZERS } from '../../../src/workload/sizer/sizers.ts';
import type { Sizer } from '../../../src/workload/sizer/sizing.ts';
import { wrongBars } from '../../../src/workload/sizer/wrong-bars.ts';

/** log2 of the sizes that each kind is drawn from: what the register can say, VFIO regions up to 2^40. */
const SIZE_BITS: Readonly<Record<BarKind, readonly [number, number]>> = {
  io: [2, 15],
  mem32: [4, 31],
  mem64: [4, 40],
};
/** Bits that an address of the kind has. */
const ADDRESS_BITS: Readonly<Record<BarKind, number>> = { io: 16, mem32: 32, mem64: 64 };

/** What is in one BAR register, or null for nothing. */
const slot = fc.option(
  fc.record({
    kind: fc.constantFrom<BarKind>('io', 'mem32', 'mem64'),
    prefetchable: fc.boolean(),
    sizeBits: fc.nat(),
    address: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    isPlaced: fc.boolean(),
  }),
  { freq: 3 },
);
type Slot = NonNullable<typeof slot extends fc.Arbitrary<infer T> ? T : never>;

function barOf(barIdx: number, { kind, prefetchable, sizeBits, address, isPlaced }: Slot): Bar {
  const [least, most] = SIZE_BITS[kind];
  const sizeBytes = 2n ** BigInt(least + (sizeBits % (most - least + 1)));
  const within = address % 2n ** BigInt(ADDRESS_BITS[kind]);
  return {
    barIdx,
    kind,
    prefetchable: kind !== 'io' && prefetchable,
    address: isPlaced ? within - (within % sizeBytes) : 0n,
    sizeBytes,
    sizeSource: 'profile',
  };
}

/** Fills the registers from the first on; a 64-bit BAR takes two, and becomes a 32-bit one in the last. */
function barsOf(slots: readonly (Slot | null)[]): Bar[] {
  const bars: Bar[] = [];
  for (let barIdx = 0; barIdx < slots.length; barIdx++) {
    const drawn = slots[barIdx]!;
    if (drawn === null) continue;
    const isLast = barIdx === slots.length - 1 && drawn.kind === 'mem64';
    bars.push(barOf(barIdx, isLast ? { ...drawn, kind: 'mem32' } : drawn));
    if (bars.at(-1)!.kind === 'mem64') barIdx++;
  }
  return bars;
}

const device = fc
  .record({
    headerType: fc.constantFrom(0, 1, 2),
    multifunction: fc.boolean(),
    slots: fc.array(slot, { minLength: 6, maxLength: 6 }),
    romBits: fc.option(fc.integer({ min: 12, max: 24 })),
    romEnabled: fc.boolean(),
    command: fc.constantFrom(0, 1, 2, 3, 6, 7),
  })
  .map(({ headerType, multifunction, slots, romBits, romEnabled, command }): PciFunction => {
    const configBytes = new Uint8Array(256);
    configBytes[0x04] = command;
    configBytes[0x0e] = headerType | (multifunction ? 0x80 : 0);
    return {
      slot: null,
      configBytes,
      bars: barsOf(slots.slice(0, [6, 2, 1][headerType])),
      rom:
        romBits === null || headerType === 2
          ? null
          : { address: 0n, sizeBytes: 2n ** BigInt(romBits), enabled: romEnabled, sizeSource: 'profile' },
      origin: 'a random device',
    };
  });

function sizeOn(source: PciFunction, sizer: Sizer) {
  const spec = deviceSpec(source, { name: 'random', policy: 'strict' });
  const built = deviceToSize(spec, 'wasm');
  const registers = () => Array.from({ length: 64 }, (_, offset) => built.configRead(offset, 1));
  const before = registers();
  const { sizing, accesses } = recordSizing(built, sizer);
  return { wrong: wrongBars(presentedBars(source, spec), sizing.bars), accesses, before, after: registers() };
}

const applies = (sizer: Sizer, source: PciFunction) =>
  sizer.headerTypes.includes(source.configBytes[0x0e]! & 0x7f);

describe.each(SIZERS)('$name on random devices', (sizer) => {
  test('concludes exactly the BARs', () => {
    fc.assert(
      fc.property(device, (source) => {
        fc.pre(applies(sizer, source));
        expect(sizeOn(source, sizer).wrong).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('accesses whole registers of the header, reads before it decides', () => {
    fc.assert(
      fc.property(device, (source) => {
        fc.pre(applies(sizer, source));
        const { accesses } = sizeOn(source, sizer);
        for (const { offset, width } of accesses) {
          expect(offset % width).toBe(0);
          expect(offset + width).toBeLessThanOrEqual(0x40);
        }
        expect(accesses.some(({ kind }) => kind === 'read')).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what is left behind', () => {
  test.each(['linux', 'linux-older', 'freebsd', 'seabios'])('%s restores every register', (name) => {
    fc.assert(
      fc.property(device, (source) => {
        fc.pre(applies(findSizer(name)!, source));
        const { before, after } = sizeOn(source, findSizer(name)!);
        expect(after).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  test('edk2 restores the BARs, but not the ROM and the command bits that it owns', () => {
    fc.assert(
      fc.property(device, (source) => {
        fc.pre(applies(findSizer('edk2')!, source));
        const { before, after } = sizeOn(source, findSizer('edk2')!);
        expect(after.slice(0x10, 0x28)).toEqual(before.slice(0x10, 0x28));
        expect(after[0x04]! & 0x07).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  test.each(['u-boot', 'cloud-hypervisor'])('%s leaves the probe in each BAR', (name) => {
    const source = {
      slot: null,
      configBytes: new Uint8Array(256),
      bars: [barOf(2, { kind: 'mem64', prefetchable: true, sizeBits: 30 - 4, address: 0n, isPlaced: false })],
      rom: null,
      origin: 'a device of one BAR',
    };
    const { after } = sizeOn(source, findSizer(name)!);
    expect(after.slice(0x18, 0x20)).toEqual([0x0c, 0, 0, 0xc0, 0xff, 0xff, 0xff, 0xff]);
  });

  test("qemu leaves no address: its guest restores QEMU's own registers, which start without one", () => {
    const qemu = findSizer('qemu')!;
    fc.assert(
      fc.property(device, (source) => {
        fc.pre(applies(qemu, source));
        const withoutAddresses = { ...source, bars: source.bars.map((bar) => ({ ...bar, address: 0n })) };
        const { before, after } = sizeOn(source, qemu);
        expect(after[0x04]).toBe(before[0x04]);
        expect(after.slice(0x10, 0x28)).toEqual(sizeOn(withoutAddresses, qemu).before.slice(0x10, 0x28));
      }),
      { numRuns: 100 },
    );
  });
});

test('edk2 misses a ROM of 2 KiB, and nobody else does', () => {
  const rom = { address: 0n, sizeBytes: 2048n, enabled: false, sizeSource: 'profile' } as const;
  const source = { slot: null, configBytes: new Uint8Array(256), bars: [], rom, origin: 'a ROM' };
  const missing = SIZERS.filter((sizer) => sizeOn(source, sizer).wrong.length > 0).map(({ name }) => name);
  expect(missing).toEqual(['edk2']);
});

test('linux finds no I/O BAR of 64 KiB, since x86 has no more ports; the others do', () => {
  const bars = [barOf(0, { kind: 'io', prefetchable: false, sizeBits: 0, address: 0n, isPlaced: false })].map(
    (bar) => ({ ...bar, sizeBytes: 65536n }),
  );
  const source = { slot: null, configBytes: new Uint8Array(256), bars, rom: null, origin: 'many ports' };
  const missing = SIZERS.filter((sizer) => sizeOn(source, sizer).wrong.length > 0).map(({ name }) => name);
  expect(missing).toEqual(['linux', 'linux-older', 'qemu']);
});
