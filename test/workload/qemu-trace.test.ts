import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTraceLine } from '../../src/workload/qemu-trace.ts';

const DEVICE = '0009:01:00.0';

describe('a line of a trace log', () => {
  test.each([
    [
      'vfio_pci_read_config  (0009:01:00.0, @0x10, len=0x4) 0xfebf0000',
      { event: 'cfg-read', device: DEVICE, offset: 0x10, width: 4, value: 0xfebf0000 },
    ],
    [
      'vfio_pci_write_config  (0009:01:00.0, @0x24, 0xffffffff, len=0x2)',
      { event: 'cfg-write', device: DEVICE, offset: 0x24, width: 2, value: 0xffffffff },
    ],
    [
      'vfio_region_read  (0009:01:00.0:region0+0x1498, 4) = 0xff',
      { event: 'region-read', device: DEVICE, region: 0, offset: 0x1498n, width: 4, value: 0xffn },
    ],
    [
      'vfio_region_write  (0009:01:00.0:region4+0x17c0000000, 0x1122334455667788, 8)',
      {
        event: 'region-write',
        device: DEVICE,
        region: 4,
        offset: 0x17_c000_0000n,
        width: 8,
        value: 0x1122_3344_5566_7788n,
      },
    ],
    [
      'vfio_region_setup Device 0009:01:00.0, region 4 "0009:01:00.0 BAR 4", flags: 0xf, offset: 0x40000000000, size: 0x2000000000',
      {
        event: 'region-setup',
        device: DEVICE,
        region: 4,
        name: '0009:01:00.0 BAR 4',
        flags: 0xfn,
        offset: 4n << 40n,
        size: 128n << 30n,
      },
    ],
    [
      'vfio_region_mmap Region 0009:01:00.0 BAR 4 mmaps[0] [0x0 - 0x17bfffffff]',
      {
        event: 'region-mmap',
        name: '0009:01:00.0 BAR 4 mmaps[0]',
        start: 0n,
        endInclusive: 0x17_bfff_ffffn,
      },
    ],
    [
      'vfio_region_mmap_fault Region 0009:01:00.0 BAR 4 mmaps[1], [0x1000 - 0x1fff], fault: -12',
      {
        event: 'region-mmap-fault',
        name: '0009:01:00.0 BAR 4',
        index: 1,
        start: 0x1000n,
        end: 0x1fffn,
        fault: -12,
      },
    ],
    [
      'vfio_region_unmap Region 0009:01:00.0 BAR 0 mmaps[0] unmap [0x0 - 0xffffff]',
      { event: 'region-unmap', name: '0009:01:00.0 BAR 0 mmaps[0]', start: 0n, end: 0xff_ffffn },
    ],
    [
      'vfio_region_sparse_mmap_header Device 0009:01:00.0 region 4: 1 sparse mmap entries',
      { event: 'region-sparse-mmap-header', device: DEVICE, region: 4, entries: 1 },
    ],
    [
      'vfio_region_sparse_mmap_entry sparse entry 0 [0x0 - 0x17c0000000]',
      { event: 'region-sparse-mmap-entry', index: 0, start: 0n, end: 0x17_c000_0000n },
    ],
    ['vfio_region_exit Device 0009:01:00.0, region 5', { event: 'region-exit', device: DEVICE, region: 5 }],
    [
      'vfio_region_finalize Device 0009:01:00.0, region 5',
      { event: 'region-finalize', device: DEVICE, region: 5 },
    ],
    [
      'vfio_region_mmaps_set_enabled Region 0009:01:00.0 BAR 0 mmaps enabled: 0',
      { event: 'region-mmaps-enabled', name: '0009:01:00.0 BAR 0', enabled: false },
    ],
    ['vfio_pci_size_rom 0009:01:00.0 ROM size 0x80000', { event: 'rom-size', device: DEVICE, size: 0x80000 }],
    [
      'vfio_rom_read  (0009:01:00.0, 0x18, 0x2) = 0x1c',
      { event: 'rom-read', device: DEVICE, offset: 0x18n, width: 2, value: 0x1cn },
    ],
    [
      "vfio_pci_load_rom Device '0009:01:00.0' ROM: size: 0x80000, offset: 0x60000000000, flags: 0x1",
      { event: 'rom-load', device: DEVICE, size: 0x80000n, offset: 6n << 40n, flags: 1n },
    ],
    [
      "vfio_populate_device_config Device '0009:01:00.0' config: size: 0x1000, offset: 0x70000000000, flags: 0x3",
      { event: 'cfg-setup', device: DEVICE, size: 0x1000n, offset: 7n << 40n, flags: 3n },
    ],
    [
      "vfio_pci_populate_device_config Device '0009:01:00.0' config: size: 0x100, offset: 0x70000000000, flags: 0x3",
      { event: 'cfg-setup', device: DEVICE, size: 0x100n, offset: 7n << 40n, flags: 3n },
    ],
    ['vfio_pci_reset  (0009:01:00.0)', { event: 'reset', device: DEVICE }],
    ['vfio_pci_reset_flr 0009:01:00.0 FLR/VFIO_DEVICE_RESET', { event: 'reset-flr', device: DEVICE }],
    ['vfio_pci_hot_reset  (0009:01:00.0) multi', { event: 'hot-reset', device: DEVICE, type: 'multi' }],
  ])('%s', (line, event) => {
    expect(parseTraceLine(line)).toEqual(event);
    expect(parseTraceLine(`12345@1698060357.123456:${line}\n`)).toEqual(event);
    expect(parseTraceLine(`${line}\r\n`)).toEqual(event);
  });

  test('finds the region by the last ":region"', () => {
    expect(parseTraceLine('vfio_region_read  (a:region1+0x2, 3:region4+0x10, 4) = 0x5')).toEqual({
      event: 'region-read',
      device: 'a:region1+0x2, 3',
      region: 4,
      offset: 0x10n,
      width: 4,
      value: 5n,
    });
  });

  test.each([
    '',
    '\n',
    'vfio_pci_read_config',
    'vfio_msi_setup 0009:01:00.0 PCI MSI CAP @0x50',
    'vfio_pci_read_config_more  (a, @0x10, len=0x4) 0x0',
    'vfio_constructor a',
    ' vfio_pci_reset  (0009:01:00.0)',
    'qemu-system-x86_64: vfio_region_write(0009:01:00.0:region0+0x0, 0x0,4) failed: Device busy',
    'x@1.2:vfio_pci_reset  (0009:01:00.0)',
    '1@2:vfio_pci_reset  (0009:01:00.0)',
    '{"timestamp": 1}',
  ])('that is no event of the table gives null: %j', (line) => {
    expect(parseTraceLine(line)).toBeNull();
  });
});

describe('a malformed line gives an error', () => {
  const hex32 = 'expected 0x and 1 to 8 lower-case hex digits';
  const hex64 = 'expected 0x and 1 to 16 lower-case hex digits';
  const count = 'expected a decimal number from 0 to 2147483647';
  test.each([
    ['vfio_pci_read_config  (a, @10, len=0x4) 0x0', `vfio_pci_read_config: offset "10" was given; ${hex32}`],
    ['vfio_pci_read_config  (a, @0x10, len=4) 0x0', `vfio_pci_read_config: width "4" was given; ${hex32}`],
    [
      'vfio_pci_read_config  (a, @0x10, len=0x4) 0x1ffffffff',
      `vfio_pci_read_config: value "0x1ffffffff" was given; ${hex32}`,
    ],
    [
      'vfio_pci_read_config  (a, @0x10, len=0x4) 0xFF',
      `vfio_pci_read_config: value "0xFF" was given; ${hex32}`,
    ],
    ['vfio_pci_read_config  (a, @0x10, len=0x4) ', `vfio_pci_read_config: value "" was given; ${hex32}`],
    [
      'vfio_pci_read_config  (a, @0x10, len=0x4) 0x0\0',
      `vfio_pci_read_config: value "0x0\\x00" was given; ${hex32}`,
    ],
    [
      'vfio_region_read  (a:region0+0x11223344556677889, 4) = 0x0',
      `vfio_region_read: offset "0x11223344556677889" was given; ${hex64}`,
    ],
    ['vfio_region_read  (a:region0+0x0, 0x4) = 0x0', `vfio_region_read: width "0x4" was given; ${count}`],
    ['vfio_region_read  (a:region-1+0x0, 4) = 0x0', `vfio_region_read: region "-1" was given; ${count}`],
    [
      'vfio_region_read  (a:region2147483648+0x0, 4) = 0x0',
      `vfio_region_read: region "2147483648" was given; ${count}`,
    ],
    [
      'vfio_region_mmaps_set_enabled Region a mmaps enabled: 2',
      'vfio_region_mmaps_set_enabled: enabled "2" was given; expected 0 or 1',
    ],
    [
      'vfio_region_mmap_fault Region a mmaps[0], [0x0 - 0x1], fault: -2147483649',
      /^vfio_region_mmap_fault: fault "-2147483649" was given; expected a decimal number from -2147483648 to/,
    ],
    [
      'vfio_pci_read_config (a, @0x10, len=0x4) 0x0',
      'vfio_pci_read_config: "(a, @0x10, len=0x4) 0x0" was given; expected the form " (DEVICE, @OFFSET, len=WIDTH) VALUE"',
    ],
    ['vfio_pci_reset  ()', 'vfio_pci_reset: " ()" was given; expected the form " (DEVICE)"'],
    ['vfio_pci_write_config  (a, @0x10, 0x', /^vfio_pci_write_config: .* was given; expected the form/],
    [
      `vfio_pci_reset  (${'a'.repeat(5000)})`,
      'vfio_pci_reset: a line of 5018 characters was given; expected at most 4096',
    ],
  ])('%j', (line, error) => {
    const result = parseTraceLine(line);
    expect(result).toEqual({ error: expect.stringMatching(error instanceof RegExp ? error : /./) });
    if (typeof error === 'string') expect(result).toEqual({ error });
  });
});

/** What QEMU's printf formats make of values; written from the table of 5.5, apart from the parser's. */
const hex = (value: number | bigint) => `0x${value.toString(16)}`;
const u32 = fc.nat(0xffffffff);
const u64 = fc.bigInt(0n, 2n ** 64n - 1n);
const count = fc.nat(2 ** 31 - 1);
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
/** Names of devices as they come, and names that look like what stands around them. */
const text = fc.oneof(
  fc.constantFrom(
    '0000:01:00.0',
    'a:region7',
    'x, region 3',
    'BAR 0 mmaps[2]',
    'a] [0x0',
    "it's",
    '名前',
    '\u2028\0',
  ),
  fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }).filter((name) => !/[\r\n]/.test(name)),
);
/** A name before a text that its own contents could be taken for: only a plain one has a single reading. */
const plain = fc.stringMatching(/^[\w:.-]{1,30}$/);

const LINES: fc.Arbitrary<{ event: Record<string, unknown>; line: string }>[] = [
  fc.record({ device: text, offset: u32, width: u32, value: u32 }).map((fields) => ({
    event: { event: 'cfg-read', ...fields },
    line: `vfio_pci_read_config  (${fields.device}, @${hex(fields.offset)}, len=${hex(fields.width)}) ${hex(fields.value)}`,
  })),
  fc.record({ device: text, offset: u32, width: u32, value: u32 }).map((fields) => ({
    event: { event: 'cfg-write', ...fields },
    line: `vfio_pci_write_config  (${fields.device}, @${hex(fields.offset)}, ${hex(fields.value)}, len=${hex(fields.width)})`,
  })),
  fc.record({ device: text, region: count, offset: u64, width: count, value: u64 }).map((fields) => ({
    event: { event: 'region-read', ...fields },
    line: `vfio_region_read  (${fields.device}:region${fields.region}+${hex(fields.offset)}, ${fields.width}) = ${hex(fields.value)}`,
  })),
  fc.record({ device: text, region: count, offset: u64, width: count, value: u64 }).map((fields) => ({
    event: { event: 'region-write', ...fields },
    line: `vfio_region_write  (${fields.device}:region${fields.region}+${hex(fields.offset)}, ${hex(fields.value)}, ${fields.width})`,
  })),
  fc
    .record({ device: plain, region: count, name: text, flags: u64, offset: u64, size: u64 })
    .map((fields) => ({
      event: { event: 'region-setup', ...fields },
      line: `vfio_region_setup Device ${fields.device}, region ${fields.region} "${fields.name}", flags: ${hex(fields.flags)}, offset: ${hex(fields.offset)}, size: ${hex(fields.size)}`,
    })),
  fc.record({ name: text, start: u64, endInclusive: u64 }).map((fields) => ({
    event: { event: 'region-mmap', ...fields },
    line: `vfio_region_mmap Region ${fields.name} [${hex(fields.start)} - ${hex(fields.endInclusive)}]`,
  })),
  fc.record({ name: text, index: count, start: u64, end: u64, fault: int }).map((fields) => ({
    event: { event: 'region-mmap-fault', ...fields },
    line: `vfio_region_mmap_fault Region ${fields.name} mmaps[${fields.index}], [${hex(fields.start)} - ${hex(fields.end)}], fault: ${fields.fault}`,
  })),
  fc.record({ name: text, start: u64, end: u64 }).map((fields) => ({
    event: { event: 'region-unmap', ...fields },
    line: `vfio_region_unmap Region ${fields.name} unmap [${hex(fields.start)} - ${hex(fields.end)}]`,
  })),
  fc.record({ device: text, region: count, entries: count }).map((fields) => ({
    event: { event: 'region-sparse-mmap-header', ...fields },
    line: `vfio_region_sparse_mmap_header Device ${fields.device} region ${fields.region}: ${fields.entries} sparse mmap entries`,
  })),
  fc.record({ index: count, start: u64, end: u64 }).map((fields) => ({
    event: { event: 'region-sparse-mmap-entry', ...fields },
    line: `vfio_region_sparse_mmap_entry sparse entry ${fields.index} [${hex(fields.start)} - ${hex(fields.end)}]`,
  })),
  fc.record({ device: text, region: count }).map((fields) => ({
    event: { event: 'region-exit', ...fields },
    line: `vfio_region_exit Device ${fields.device}, region ${fields.region}`,
  })),
  fc.record({ device: text, region: count }).map((fields) => ({
    event: { event: 'region-finalize', ...fields },
    line: `vfio_region_finalize Device ${fields.device}, region ${fields.region}`,
  })),
  fc.record({ name: text, enabled: fc.boolean() }).map((fields) => ({
    event: { event: 'region-mmaps-enabled', ...fields },
    line: `vfio_region_mmaps_set_enabled Region ${fields.name} mmaps enabled: ${Number(fields.enabled)}`,
  })),
  fc.record({ device: text, size: u32 }).map((fields) => ({
    event: { event: 'rom-size', ...fields },
    line: `vfio_pci_size_rom ${fields.device} ROM size ${hex(fields.size)}`,
  })),
  fc.record({ device: text, offset: u64, width: u32, value: u64 }).map((fields) => ({
    event: { event: 'rom-read', ...fields },
    line: `vfio_rom_read  (${fields.device}, ${hex(fields.offset)}, ${hex(fields.width)}) = ${hex(fields.value)}`,
  })),
  fc.record({ device: text, size: u64, offset: u64, flags: u64 }).map((fields) => ({
    event: { event: 'rom-load', ...fields },
    line: `vfio_pci_load_rom Device '${fields.device}' ROM: size: ${hex(fields.size)}, offset: ${hex(fields.offset)}, flags: ${hex(fields.flags)}`,
  })),
  fc.record({ device: text, size: u64, offset: u64, flags: u64 }).map((fields) => ({
    event: { event: 'cfg-setup', ...fields },
    line: `vfio_pci_populate_device_config Device '${fields.device}' config: size: ${hex(fields.size)}, offset: ${hex(fields.offset)}, flags: ${hex(fields.flags)}`,
  })),
  fc.record({ device: text }).map((fields) => ({
    event: { event: 'reset', ...fields },
    line: `vfio_pci_reset  (${fields.device})`,
  })),
  fc.record({ device: text }).map((fields) => ({
    event: { event: 'reset-flr', ...fields },
    line: `vfio_pci_reset_flr ${fields.device} FLR/VFIO_DEVICE_RESET`,
  })),
  fc.record({ device: text, type: plain }).map((fields) => ({
    event: { event: 'hot-reset', ...fields },
    line: `vfio_pci_hot_reset  (${fields.device}) ${fields.type}`,
  })),
];

describe('any line', () => {
  test('that QEMU formats comes back as its values', () => {
    const prefix = fc.oneof(
      fc.constant(''),
      fc.tuple(count, count, fc.nat(999_999)).map(([pid, seconds, micros]) => {
        return `${pid}@${seconds}.${String(micros).padStart(6, '0')}:`;
      }),
    );
    fc.assert(
      fc.property(prefix, fc.oneof(...LINES), (before, { event, line }) => {
        expect(parseTraceLine(before + line)).toEqual(event);
      }),
      { numRuns: 3000 },
    );
  });

  test('that is damaged gives an event, null or an error, and never throws', () => {
    const damaged = fc
      .tuple(fc.oneof(...LINES), fc.nat(200), fc.nat(3), fc.string({ maxLength: 4, unit: 'binary' }))
      .map(([{ line }, at, cut, extra]) => line.slice(0, at) + extra + line.slice(at + cut));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string({ unit: 'binary' })), (line) => {
        const result = parseTraceLine(line);
        if (result === null) return;
        if ('error' in result)
          expect(result.error).toMatch(/^vfio_\w+: .* was given; expected [\x20-\x7e…]+$/);
        else expect(result.event).toMatch(/^[a-z-]+$/);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['of text', 'vfio_pci_reset  ('.padEnd(2 ** 22, 'a')],
    ['of digits before an @', '1'.repeat(2 ** 22)],
    ['of one name', `vfio_${'a'.repeat(2 ** 22)}`],
    ['of repeated pieces', 'vfio_region_setup Device a'.padEnd(4090, ', region 0 "", flags: 0x0')],
  ])('however long, %s, is answered', (_, line) => {
    expect(() => parseTraceLine(line)).not.toThrow();
  });
});
