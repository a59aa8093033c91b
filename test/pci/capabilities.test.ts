import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCapabilities, decodeExtendedCapabilities } from '../../src/pci/capabilities.ts';
import { ConfigBuilder } from './config-builder.ts';

const POINTER = 0x34;

function offsets(chain: { entries: readonly { offset: number }[] }): number[] {
  return chain.entries.map(({ offset }) => offset);
}

describe('standard chain', () => {
  it('follows links, reserved low bits masked', () => {
    const { bytes } = new ConfigBuilder().chain(POINTER, [0x40, 0x01, 0x53], [0x50, 0x05, 0x00]);
    bytes[POINTER] = 0x42;
    expect(decodeCapabilities(bytes)).toMatchObject({
      entries: [
        { id: 0x01, name: 'Power Management', offset: 0x40 },
        { id: 0x05, name: 'MSI', offset: 0x50 },
      ],
      faults: [],
      missingFromOffset: null,
    });
  });

  it('starts at 14 for CardBus, and nowhere without the status bit or with a reserved header type', () => {
    const cardbus = new ConfigBuilder().headerType(2).chain(0x14, [0xa0, 0x01, 0x00]);
    expect(offsets(decodeCapabilities(cardbus.bytes))).toEqual([0xa0]);
    const { bytes } = new ConfigBuilder().chain(POINTER, [0x40, 0x01, 0x00]);
    expect(offsets(decodeCapabilities(new ConfigBuilder().byte(POINTER, 0x40).bytes))).toEqual([]);
    bytes[0x0e] = 0x03;
    expect(offsets(decodeCapabilities(bytes))).toEqual([]);
  });

  it('a null capability is a legal link', () => {
    const { bytes } = new ConfigBuilder().chain(POINTER, [0x40, 0x00, 0x50], [0x50, 0x01, 0x00]);
    expect(decodeCapabilities(bytes)).toMatchObject({ entries: [{ name: 'Null' }, { id: 1 }], faults: [] });
  });

  it.each([
    ['a self-link', [[0x40, 0x03, 0x40]], [0x40], 'Vital Product Data at 40 points to itself'],
    [
      'a loop',
      [
        [0x40, 0x03, 0x50],
        [0x50, 0x03, 0x60],
        [0x60, 0x03, 0x40],
      ],
      [0x40, 0x50, 0x60],
      'at 60 leads back to 40',
    ],
    ['a pointer into the header', [[0x40, 0x03, 0x10]], [0x40], 'at 40 is 10, inside the header'],
    ['a first pointer into the header', [[0x3c, 0x03, 0x00]], [], 'pointer at 34 is 3c, inside the header'],
    [
      'an unreadable capability',
      [
        [0x40, 0x03, 0x50],
        [0x50, 0xff, 0xff],
      ],
      [0x40],
      'leads to 50, where the id reads ff',
    ],
    ['no room for its registers', [[0xf8, 0x11, 0x00]], [0xf8], 'MSI-X at f8 needs 12 bytes'],
  ] as const)('keeps what is before %s, and names it', (_name, entries, sane, fault) => {
    const chain = decodeCapabilities(new ConfigBuilder().chain(POINTER, ...entries).bytes);
    expect(offsets(chain)).toEqual(sane);
    expect(chain.faults).toEqual([expect.stringContaining(fault)]);
  });

  it('says where a dump of 64 bytes ends before it', () => {
    const { bytes } = new ConfigBuilder().chain(POINTER, [0x40, 0x01, 0x00]);
    expect(decodeCapabilities(bytes.slice(0, 64))).toEqual({
      entries: [],
      faults: [],
      missingFromOffset: 0x40,
    });
  });
});

describe('extended chain', () => {
  it('follows links from 100', () => {
    const { bytes } = new ConfigBuilder(4096).extended(0x100, 0x0001, 2, 0x150).extended(0x150, 0x7777, 1, 0);
    expect(decodeExtendedCapabilities(bytes)).toMatchObject({
      entries: [
        { id: 1, version: 2, name: 'Advanced Error Reporting', offset: 0x100 },
        { id: 0x7777, version: 1, name: '#7777', offset: 0x150 },
      ],
      faults: [],
    });
  });

  it.each([
    ['zeros', 0],
    ['ones', 0xffffffff],
  ])('%s at 100 mean that there is none', (_name, header) => {
    const { bytes } = new ConfigBuilder(4096).dword(0x100, header);
    expect(decodeExtendedCapabilities(bytes)).toEqual({ entries: [], faults: [], missingFromOffset: null });
  });

  it('so does a dump of 256 bytes', () => {
    expect(decodeExtendedCapabilities(new Uint8Array(256)).entries).toEqual([]);
  });

  it('knows space that repeats the first 256 bytes', () => {
    const { bytes } = new ConfigBuilder(4096);
    for (let offset = 0; offset < 4096; offset += 256) bytes.set([0x86, 0x80, 0x01, 0x10], offset);
    const chain = decodeExtendedCapabilities(bytes);
    expect(chain.entries).toEqual([]);
    expect(chain.faults).toEqual([expect.stringContaining('repeat the first 256')]);
  });

  it.each([
    ['a self-link', 0x100, [0x100], 'at 100 points to itself'],
    ['a pointer below 100', 0x0f0, [0x100], 'is 0f0, outside extended space'],
    ['a misaligned link', 0x152, [0x100, 0x150], 'is 152, no multiple of 4; read as 150'],
    ['an unreadable capability', 0x200, [0x100], 'at 200 reads ffffffff'],
    ['no room for its registers', 0xffc, [0x100, 0xffc], 'at ffc needs 12 bytes'],
  ] as const)('keeps what is before %s, and names it', (_name, next, sane, fault) => {
    const builder = new ConfigBuilder(4096).extended(0x100, 0x0001, 1, next);
    if (next !== 0x100)
      builder.extended(0x150, 0x0018, 1, 0).dword(0x200, 0xffffffff).extended(0xffc, 3, 1, 0);
    const chain = decodeExtendedCapabilities(builder.bytes);
    expect(offsets(chain)).toEqual(sane);
    expect(chain.faults).toEqual([expect.stringContaining(fault)]);
  });

  it('names a loop', () => {
    const { bytes } = new ConfigBuilder(4096).extended(0x100, 1, 1, 0x150).extended(0x150, 1, 1, 0x100);
    expect(decodeExtendedCapabilities(bytes).faults).toEqual([
      expect.stringContaining('at 150 leads back to 100'),
    ]);
  });

  it('stops at more capabilities than can fit', () => {
    const builder = new ConfigBuilder(4096);
    for (let offset = 0x100; offset < 0xffc; offset += 4) builder.extended(offset, 0x18, 1, offset + 4);
    const chain = decodeExtendedCapabilities(builder.bytes);
    expect(chain.entries).toHaveLength(480);
    expect(chain.faults).toEqual([expect.stringContaining('more than 480')]);
  });
});

describe('details', () => {
  function standard(id: number, ...body: readonly number[]) {
    const builder = new ConfigBuilder()
      .word(0x00, 0x1af4)
      .chain(POINTER, [0x40, id, 0])
      .byte(0x42, ...body);
    return decodeCapabilities(builder.bytes).entries[0]!;
  }

  it('MSI-X: table and pending bits', () => {
    const entry = standard(0x11, 0x0a, 0x80, 0x02, 0x20, 0, 0, 0x04, 0x30, 0, 0);
    expect(entry.fields).toEqual({
      enabled: true,
      masked: false,
      vectors: 11,
      tableBarIdx: 2,
      tableOffset: '0x00002000',
      pbaBarIdx: 4,
      pbaOffset: '0x00003000',
    });
  });

  it('PCI Express: type, payload, function-level reset', () => {
    // Version 2 endpoint; 512 bytes and FLReset+ in the capabilities; 256 in the control register.
    const entry = standard(0x10, 0x02, 0x00, 0x02, 0, 0, 0x10, 0x20, 0);
    expect(entry.fields).toMatchObject({
      expressVersion: 2,
      portType: 'Endpoint',
      maxPayloadSupportedBytes: 512,
      maxPayloadBytes: 256,
      functionLevelReset: true,
    });
  });

  it('virtio: which structure, and where', () => {
    const notify = standard(0x09, 0x14, 0x02, 0x04, 0, 0, 0, 0, 0x30, 0, 0, 0, 0, 4, 0, 4, 0, 0, 0);
    expect(notify.fields).toMatchObject({
      virtioType: 'Notify',
      barIdx: 4,
      regionOffset: '0x00003000',
      regionSizeBytes: '262144',
      notifyMultiplier: 4,
    });
  });

  function extended(id: number, ...dwords: readonly number[]) {
    const builder = new ConfigBuilder(4096).extended(0x100, id, 1, 0);
    dwords.forEach((value, index) => {
      builder.dword(0x104 + 4 * index, value);
    });
    return decodeExtendedCapabilities(builder.bytes).entries[0]!;
  }

  it('DVSEC, VSEC, serial number', () => {
    expect(extended(0x23, 0x024010de, 0x0003).summary).toBe('Vendor=10de ID=0003 Rev=0 Len=36');
    expect(extended(0x0b, 0x03820008).summary).toBe('ID=0008 Rev=2 Len=038');
    expect(extended(0x03, 0x44332211, 0x88776655).summary).toBe('88-77-66-55-44-33-22-11');
  });

  it('Resizable BAR: sizes on both sides of 128 TiB', () => {
    const entry = extended(0x15, 0x80000010, 0x00010022 | (27 << 8));
    expect(entry.fields).toEqual({
      resizableBars: [
        {
          barIdx: 2,
          currentSizeBytes: (1n << 47n).toString(),
          supportedSizesBytes: [20n, 47n, 48n].map((power) => (1n << power).toString()),
        },
      ],
    });
    expect(entry.summary).toBe('BAR 2: current size: 128T, supported: 1M 128T 256T');
  });

  it('SR-IOV: counts and the id of its functions', () => {
    expect(extended(0x10, 0, 1, 0x00080010, 4, 0x00020001, 0x10ca0000).fields).toEqual({
      vfEnabled: true,
      initialVfs: 16,
      totalVfs: 8,
      numVfs: 4,
      firstVfOffset: 1,
      vfStride: 2,
      vfDeviceId: 0x10ca,
    });
  });
});

it('ends, and does not throw, for any bytes of any length', () => {
  const type = fc.constantFrom(0, 1, 2, 3);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4096, size: 'max' }), type, (bytes, headerType) => {
      if (bytes.length > 0x0e) bytes[0x0e] = headerType;
      if (bytes.length > 0x06) bytes[0x06] = 0x10;
      expect(decodeCapabilities(bytes).entries.length).toBeLessThanOrEqual(48);
      expect(decodeExtendedCapabilities(bytes).entries.length).toBeLessThanOrEqual(480);
    }),
    { numRuns: 300 },
  );
});

it('ends for any chain of capabilities', () => {
  const links = fc.array(fc.tuple(fc.integer({ min: 16, max: 63 }), fc.nat(0x16), fc.nat(0xff)), {
    maxLength: 48,
  });
  fc.assert(
    fc.property(links, (entries) => {
      const placed = entries.map(([dwordIdx, id, next]) => [4 * dwordIdx, id, next] as const);
      const { entries: decoded } = decodeCapabilities(new ConfigBuilder().chain(POINTER, ...placed).bytes);
      expect(new Set(decoded.map(({ offset }) => offset)).size).toBe(decoded.length);
    }),
  );
});
