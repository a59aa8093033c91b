import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBars } from '../../src/pci/bars.ts';
import type { KnownRegion, KnownRegions } from '../../src/pci/known-regions.ts';
import { ConfigBuilder } from './config-builder.ts';

const KIB = 1n << 10n;
const MIB = 1n << 20n;
const GIB = 1n << 30n;

function known(bars: Readonly<Record<number, KnownRegion>>): KnownRegions {
  return {
    source: 'decoded-text',
    bars: new Map(Object.entries(bars).map(([index, bar]) => [Number(index), bar])),
    rom: null,
  };
}

function mem64(sizeBytes: bigint | null): KnownRegion {
  return { kind: 'mem64', prefetchable: true, sizeBytes };
}

describe('kinds', () => {
  it('I/O, 32-bit, below 1 MiB, 64-bit', () => {
    const { bytes } = new ConfigBuilder()
      .dword(0x10, 0x0000c061)
      .dword(0x14, 0xfebd6000)
      .dword(0x18, 0x000d0002)
      .dword(0x1c, 0x1000000c)
      .dword(0x20, 0x00000066);
    expect(decodeBars(bytes, null).bars).toMatchObject([
      { barIdx: 0, kind: 'io', prefetchable: false, address: 0xc060n, sizeBytes: 32n },
      { barIdx: 1, kind: 'mem32', prefetchable: false, address: 0xfebd6000n, sizeBytes: 8n * KIB },
      { barIdx: 2, kind: 'mem32', address: 0xd0000n },
      { barIdx: 3, kind: 'mem64', prefetchable: true, address: 0x66_1000_0000n, sizeBytes: 256n * MIB },
    ]);
  });

  it('a pair of which only the upper half is set', () => {
    const { bytes } = new ConfigBuilder().dword(0x10, 0x0000000c).dword(0x14, 0x6620);
    expect(decodeBars(bytes, null).bars).toMatchObject([
      { address: 0x6620_0000_0000n, sizeBytes: 1n << 37n },
    ]);
  });

  it.each([
    ['64-bit without an upper half', 0x24, 0x00000004, 'no BAR follows'],
    ['unreadable', 0x10, 0xffffffff, 'reads ffffffff'],
  ])('leaves out and names: %s', (_name, offset, value, fault) => {
    const { bars, faults } = decodeBars(new ConfigBuilder().dword(offset, value).bytes, null);
    expect(bars).toEqual([]);
    expect(faults).toEqual([expect.stringContaining(fault)]);
  });

  it('names the reserved memory type', () => {
    const { bars, faults } = decodeBars(new ConfigBuilder().dword(0x10, 0xf0000006).bytes, null);
    expect(bars).toMatchObject([{ kind: 'mem32' }]);
    expect(faults).toEqual([expect.stringContaining('memory type 3')]);
  });

  it('a bridge has two BARs, CardBus one', () => {
    const all = (type: number) => {
      const builder = new ConfigBuilder().headerType(type);
      for (let offset = 0x10; offset < 0x28; offset += 4) builder.dword(offset, 0xf0000000);
      return decodeBars(builder.bytes, null).bars.length;
    };
    expect([0, 1, 2, 3].map(all)).toEqual([6, 2, 1, 0]);
  });
});

describe('sizes', () => {
  const low = (value: number) => new ConfigBuilder().dword(0x10, value).bytes;

  it('where nothing is known: what the address allows, within what the kind may have', () => {
    const assumed = (config: Uint8Array) => decodeBars(config, null).bars[0];
    expect(assumed(low(0xf8000000))).toMatchObject({ sizeBytes: 128n * MIB, sizeSource: 'assumed' });
    expect(assumed(low(0x80000000))).toMatchObject({ sizeBytes: 2n * GIB });
    expect(assumed(low(0x0000e001))).toMatchObject({ sizeBytes: 256n });
    expect(assumed(new ConfigBuilder().dword(0x10, 4).dword(0x14, 0x80000000).bytes)).toMatchObject({
      sizeBytes: 1n << 40n,
    });
  });

  it('where not even an address is: the smallest', () => {
    expect(decodeBars(low(0x00000001), null).bars).toMatchObject([{ kind: 'io', sizeBytes: 4n }]);
    expect(decodeBars(low(0x00000008), null).bars).toMatchObject([{ kind: 'mem32', sizeBytes: 4n * KIB }]);
  });

  it('known sizes win', () => {
    const config = new ConfigBuilder().dword(0x10, 0xc).dword(0x14, 0x6620).bytes;
    const { bars, faults } = decodeBars(config, known({ 0: mem64(128n * GIB) }));
    expect(bars).toMatchObject([{ sizeBytes: 128n * GIB, sizeSource: 'decoded-text' }]);
    expect(faults).toEqual([]);
  });

  it.each([
    ['no power of two', 6n * MIB, 8n * MIB, 'decoded-text', 'not a power of two'],
    ['disagrees with the address', 512n * MIB, 256n * MIB, 'assumed', 'disagrees with the address'],
    ['more than 32 bits of address can hold', 4n * GIB, 256n * MIB, 'assumed', 'more than its kind'],
  ])('a known size that is %s', (_name, said, sizeBytes, sizeSource, fault) => {
    const region: KnownRegion = { kind: 'mem32', prefetchable: false, sizeBytes: said };
    const { bars, faults } = decodeBars(low(0xf0000000), known({ 0: region }));
    expect(bars).toMatchObject([{ sizeBytes, sizeSource }]);
    expect(faults).toEqual([expect.stringContaining(fault)]);
  });

  it('one port of a legacy IDE channel is rounded up to what a BAR can be', () => {
    const region: KnownRegion = { kind: 'io', prefetchable: false, sizeBytes: 1n };
    expect(decodeBars(low(0x00000001), known({ 0: region }))).toMatchObject({
      bars: [{ sizeBytes: 4n, sizeSource: 'decoded-text' }],
      faults: [],
    });
  });

  it('a BAR of zeros is none, unless its region is known (a virtual function)', () => {
    const config = new Uint8Array(256);
    expect(decodeBars(config, null).bars).toEqual([]);
    expect(decodeBars(config, known({ 0: mem64(16n * KIB), 2: mem64(null) })).bars).toMatchObject([
      { barIdx: 0, kind: 'mem64', address: 0n, sizeBytes: 16n * KIB, sizeSource: 'decoded-text' },
      { barIdx: 2, kind: 'mem64', address: 0n, sizeBytes: 4n * KIB, sizeSource: 'assumed' },
    ]);
  });

  it('the bytes win over a text that says I/O of memory', () => {
    const { bars, faults } = decodeBars(low(0x0000e001), known({ 0: mem64(MIB) }));
    expect(bars).toMatchObject([{ kind: 'io', sizeSource: 'assumed' }]);
    expect(faults).toEqual([expect.stringContaining('the bytes are taken')]);
  });

  it('the Resizable BAR capability says what is set', () => {
    const builder = new ConfigBuilder(4096).dword(0x10, 0xe000000c).extended(0x100, 0x0015, 1, 0);
    // 256 MiB, 512 MiB and 1 GiB supported; BAR 0 of one BAR, 256 MiB set.
    builder.dword(0x104, 0x7 << 12).dword(0x108, (8 << 8) | (1 << 5));
    expect(decodeBars(builder.bytes, null).bars).toMatchObject([
      { sizeBytes: 256n * MIB, sizeSource: 'resizable-bar' },
    ]);
    // 128 MiB is not among the supported.
    builder.dword(0x108, (7 << 8) | (1 << 5));
    expect(decodeBars(builder.bytes, null).bars).toMatchObject([
      { sizeBytes: 512n * MIB, sizeSource: 'assumed' },
    ]);
  });
});

describe('expansion ROM', () => {
  it.each([
    [0, 0x30],
    [1, 0x38],
  ])('of header type %i at %i', (type, offset) => {
    const { bytes } = new ConfigBuilder().headerType(type).dword(offset, 0xfeb80001);
    expect(decodeBars(bytes, null).rom).toEqual({
      address: 0xfeb80000n,
      sizeBytes: 512n * KIB,
      enabled: true,
      sizeSource: 'assumed',
    });
  });

  it('is none for zeros and for CardBus, and keeps to 2 KiB to 16 MiB', () => {
    expect(decodeBars(new Uint8Array(64), null).rom).toBeNull();
    expect(decodeBars(new ConfigBuilder().headerType(2).dword(0x30, 0xfeb80001).bytes, null).rom).toBeNull();
    expect(decodeBars(new ConfigBuilder().dword(0x30, 1).bytes, null).rom).toMatchObject({
      sizeBytes: 2n * KIB,
    });
    expect(decodeBars(new ConfigBuilder().dword(0x30, 0x80000000).bytes, null).rom).toMatchObject({
      sizeBytes: 16n * MIB,
    });
  });
});

it('gives powers of two that divide the address, for any bytes', () => {
  const config = fc.uint8Array({ minLength: 0, maxLength: 64 });
  fc.assert(
    fc.property(config, fc.constantFrom(0, 1, 2), (bytes, type) => {
      if (bytes.length > 0x0e) bytes[0x0e] = type;
      for (const { sizeBytes, address } of decodeBars(bytes, null).bars) {
        expect(sizeBytes & (sizeBytes - 1n)).toBe(0n);
        expect(address % sizeBytes).toBe(0n);
      }
    }),
    { numRuns: 500 },
  );
});
