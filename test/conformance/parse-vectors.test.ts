import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../src/conform/conform.ts';
import { parseVectors, readVectors } from '../../src/conform/vectors.ts';
import { UsageError } from '../../src/errors.ts';

const READ = { op: 'cfg-read', offset: '0x10', width: 4, expect: '0x0' };
const ROW = { id: 'X1', policy: 'strict', device: { cfg_size: 256 }, ops: [READ] };

const parse = (json: unknown) => parseVectors(JSON.stringify(json), 'v.json');
const withOp = (op: object) => parse([{ ...ROW, ops: [op] }]);
const withDevice = (device: object, policy = 'strict') =>
  runConformance({ implementations: ['ts'], vectors: parse([{ ...ROW, policy, device }]) });

describe('a vector file', () => {
  test.each([
    ['', /^v.json: not JSON \(.*\); expected an array of vectors$/],
    ['{"a": ', /^v.json: not JSON/],
    ['{}', 'v.json: {} was given; expected an array of vectors'],
    ['null', 'v.json: null was given; expected an array of vectors'],
    ['3', 'v.json: 3 was given; expected an array of vectors'],
  ])('of %j is refused', (text, message) => {
    expect(() => parseVectors(text, 'v.json')).toThrow(message);
    expect(() => parseVectors(text, 'v.json')).toThrow(UsageError);
  });

  test('that is missing is refused', () => {
    expect(() => readVectors('/nowhere/v.json')).toThrow(
      '/nowhere/v.json: cannot be read (ENOENT); expected a JSON file of vectors',
    );
  });

  test('that holds no vector is refused: a run of nothing would pass', () => {
    const folder = mkdtempSync(join(tmpdir(), 'barometer-'));
    const path = join(folder, 'none.json');
    writeFileSync(path, '[]');
    expect(() => readVectors(path)).toThrow('no vector in it; expected an array of at least one');
    rmSync(folder, { recursive: true });
  });

  test('may be empty as text', () => {
    expect(parse([])).toEqual([]);
  });

  test('may have fields that are not known', () => {
    expect(
      parse([{ ...ROW, source: 's', confidence: 'sure', later: 1, ops: [{ ...READ, why: 'x' }] }]),
    ).toHaveLength(1);
  });
});

describe('a row', () => {
  test.each([
    [null, 'v.json: row 0: null was given; expected object'],
    [[], 'v.json: row 0: [] was given; expected object'],
    [{ ...ROW, id: undefined }, 'v.json: row 0.id: nothing was given; expected string'],
    [{ ...ROW, id: 7 }, 'v.json: row 0.id: 7 was given; expected string'],
    [{ ...ROW, policy: undefined }, 'v.json: vector X1.policy: nothing was given; expected string'],
    [{ ...ROW, device: 'gh200' }, 'v.json: vector X1.device: "gh200" was given; expected record'],
    [{ ...ROW, ops: undefined }, 'v.json: vector X1.ops: nothing was given; expected array'],
    [{ ...ROW, ops: [] }, /^v.json: vector X1.ops: \[\] was given; /],
    [{ ...ROW, ops: ['cfg-read'] }, 'v.json: vector X1.ops[0]: "cfg-read" was given; expected object'],
    [{ ...ROW, ops: [READ, {}] }, 'v.json: vector X1.ops[1].op: nothing was given; expected string'],
  ])('of %j is refused', (row, message) => {
    expect(() => parse([row])).toThrow(message);
    expect(() => parse([row])).toThrow(UsageError);
  });

  test('of an operation that is not known is skipped', () => {
    const report = runConformance({ implementations: ['ts'], vectors: withOp({ op: 'constructor' }) });
    expect(report.skips).toEqual([
      { id: 'X1', implementation: 'ts', reason: 'operation constructor is not known' },
    ]);
  });
});

describe('an operation', () => {
  const offset = '"0x1c" or a whole number';
  test.each([
    [
      { ...READ, offset: 'ten' },
      `v.json: vector X1, ops[0].offset: "ten" was given; expected a hex string such as ${offset}`,
    ],
    [
      { ...READ, offset: -1 },
      `v.json: vector X1, ops[0].offset: -1 was given; expected a hex string such as ${offset}`,
    ],
    [{ ...READ, offset: 1.5 }, /ops\[0\].offset: 1.5 was given/],
    [
      { ...READ, offset: '0x1ffffffffffffffff' },
      /offset: "0x1ffffffffffffffff" was given; expected at most 0x1fffffffffffff/,
    ],
    [{ ...READ, offset: undefined }, /ops\[0\].offset: nothing was given/],
    [
      { ...READ, width: '0x1000000000' },
      /ops\[0\].width: "0x1000000000" was given; expected at most 0x1000000$/,
    ],
    [{ ...READ, width: 3 }, /expect is for widths 1, 2, 4 and 8; expected expect_hex/],
    [{ ...READ, width: 2, expect: '0x10000' }, /expect does not fit 2 bytes/],
    [
      { ...READ, expect: undefined, expect_hex: 'abc' },
      /expect_hex: "abc" was given; expected pairs of hex digits/,
    ],
    [{ ...READ, ret: 'four' }, /ret: "four" was given; expected a byte count or a negative errno/],
    [{ op: 'cfg-write', offset: 0, width: 4 }, /expected value or value_hex/],
    [
      { op: 'cfg-write', offset: 0, width: 4, value_hex: 'aabb' },
      /value_hex has 2 bytes, expected 4 as width says/,
    ],
    [{ op: 'region-read', offset: 0, width: 4, region: 256 }, /region: 256 was given; expected at most 0xff/],
    [{ op: 'region-read', offset: 0, width: 4 }, /region: nothing was given/],
    [{ op: 'fn', args: [] }, /ops\[0\].fn: nothing was given; expected string/],
    [{ op: 'fn', fn: 'overlap', args: 3 }, /ops\[0\].args: 3 was given; expected array/],
  ])('%j is refused', (op, message) => {
    expect(() => withOp(op)).toThrow(message);
    expect(() => withOp(op)).toThrow(UsageError);
  });

  test('takes integers as hex strings and as numbers, in memory order little-endian', () => {
    for (const [value, width] of [
      ['0x1234', 2],
      [0x1234, 2],
    ] as const) {
      const [vector] = withOp({ op: 'cfg-write', offset: '0x3C', width, value });
      expect(vector!.ops[0]).toEqual({
        op: 'cfg-write',
        offset: 0x3c,
        width: 2,
        value: Uint8Array.of(0x34, 0x12),
      });
    }
  });

  test('cuts an expected integer to the short count that it announces', () => {
    const [vector] = withOp({ ...READ, width: 8, expect: '0x0102030405060708', ret: 4 });
    expect(vector!.ops[0]).toMatchObject({ expect: Uint8Array.of(8, 7, 6, 5), ret: 4 });
  });
});

describe('a device', () => {
  test.each([
    [{ cfg_size: 300 }, 'vector X1, device.cfg_size: 300 was given; expected 256 or 4096'],
    [{ vendor: '0x10000' }, /device.vendor: "0x10000" was given; expected at most 16 bits/],
    [{ vendor: 'nvidia' }, /device.vendor: "nvidia" was given; expected a hex string/],
    [{ mig_bug: 'yes' }, /device.mig_bug: "yes" was given; expected boolean/],
    [{ subsystem: '10de' }, /device.subsystem: "10de" was given; expected "0xVVVV:0xDDDD"/],
    [{ bars: { 6: { type: 'io', size: '0x20' } } }, /device.bars/],
    [{ bars: { 0: { type: 'mem128', size: '0x20' } } }, /device.bars.0.type: "mem128" was given/],
    [
      { bars: { 0: { type: 'io', size: '0x30' } } },
      /device.bars.0.size: "0x30" was given; expected a power of two, 4 or more/,
    ],
    [{ bars: { 0: { type: 'mem32', size: 8 } } }, /BAR 0 is a memory BAR of 8 bytes; expected 16 or more/],
    [{ bars: { 5: { type: 'mem64', size: '0x1000' } } }, /BAR 5 is 64-bit; expected index 0 to 4/],
    [
      { bars: { 0: { type: 'mem64', size: 4096 }, 1: { type: 'io', size: 32 } } },
      /BAR 0 is 64-bit and another BAR/,
    ],
    [{ use_len: '0x3000', use_bar: '0x2000' }, /region 4 of 12288 bytes in a BAR of 8192 was given/],
    [{ capabilities: [{ id: 1, offset: '0x20', length: 8 }] }, /a capability at 0x20 was given/],
    [{ capabilities: [{ id: 1, offset: '0x100', length: 0 }] }, /a capability at 0x100 was given/],
  ])('%j is skipped, and the others run', (device, message) => {
    const vectors = parse([{ ...ROW, device }, ROW]);
    const { passed, skips } = runConformance({ implementations: ['ts'], vectors });
    expect([passed, skips.length]).toEqual([1, 1]);
    expect(skips[0]!.reason).toMatch(message);
  });

  test.each([
    [{ warp_drive: 1 }, 'strict', 'device field warp_drive is not known'],
    [{}, 'nvgrace', 'policy nvgrace without mem_size or use_len: the device has no GPU memory'],
    [
      { mem_size: 1, mig_bug: true },
      'strict',
      'nvgrace-gpu refuses 1 bytes of GPU memory with EOVERFLOW; expected at least 1.5 GiB: 1 GiB is carved out',
    ],
    [
      { mem_size: 2 ** 30 },
      'nvgrace',
      'nvgrace-gpu refuses 1073741824 bytes of GPU memory with EINVAL; expected at least 1.5 GiB: 1 GiB is carved out',
    ],
    [{}, 'v13', 'policy v13 without mem_size or use_len: the device has no GPU memory'],
    [{}, 'toString', 'policy toString is not known'],
  ])('%j under policy %s is skipped', (device, policy, reason) => {
    expect(withDevice(device, policy).skips.map((skip) => skip.reason)).toEqual([reason]);
  });

  test('of no GPU memory is served by vfio-pci-core under policy nvgrace', () => {
    const device = { bars: { 4: { type: 'mem64p', size: '0x2000000' } }, mem_size: 0, mig_bug: true };
    const ops = [
      { op: 'cfg-write', offset: '0x18', width: 16, value_hex: 'ff'.repeat(16), ret: 16 },
      { op: 'cfg-read', offset: '0x18', width: 16, expect_hex: '00000000000000000c0000feffffffff' },
    ];
    const vectors = parse([{ ...ROW, policy: 'nvgrace', device, ops }]);
    expect(runConformance({ implementations: ['wasm', 'ts'], vectors }).passed).toBe(2);
  });

  test('of BARs in words has them', () => {
    const ops = [
      { op: 'cfg-write', offset: '0x20', width: 4, value: '0xffffffff' },
      { ...READ, offset: '0x20', expect: '0xffffc00c' },
    ];
    const vectors = parse([
      { ...ROW, policy: 'core', device: { bar0: 'emulated I/O 32', bar4: 'mem64p 16 KiB' }, ops },
    ]);
    expect(runConformance({ implementations: ['wasm', 'ts'], vectors }).passed).toBe(2);
  });

  test('of capabilities links them, standard and extended', () => {
    const capabilities = [
      { id: 0x10, offset: '0x40', length: 0x34 },
      { id: 5, offset: '0x78', length: 14 },
      { id: 1, offset: '0x100', length: 0x2c },
      { id: 0x15, offset: '0x148', length: 20 },
      { id: 0x0b, offset: '0x160', length: 0x18 },
      { id: 0x23, offset: '0x178', length: 0x10 },
      { id: 0x0b, offset: '0xffc', length: 4 },
    ];
    const ops = [
      { ...READ, offset: '0x34', width: 1, expect: '0x40' },
      { ...READ, offset: '0x40', width: 2, expect: '0x7810' },
      { ...READ, offset: '0x78', expect: '0x00800005' },
      { ...READ, offset: '0x100', expect: '0x14810001' },
      { ...READ, offset: '0x148', expect: '0x16010015' },
      { ...READ, offset: '0x150', expect: '0x40' },
      { ...READ, offset: '0x164', expect: '0x01800000' },
      // The last one has no room for its length, so it has none: it is hidden, and the link to it is cut.
      { ...READ, offset: '0x178', expect: '0x00010023' },
      { ...READ, offset: '0x17c', expect: '0x01000000' },
      { ...READ, offset: '0x06', width: 2, expect: '0x10' },
    ];
    const vectors = parse([{ ...ROW, policy: 'core', device: { cfg_size: 4096, capabilities }, ops }]);
    expect(runConformance({ implementations: ['wasm', 'ts'], vectors }).failures).toEqual([]);
  });

  test('takes the driver generation', () => {
    const device = { mem_size: '0x1050000000', mig_bug: true, generation: '6.9' };
    const ops = [
      { op: 'cfg-write', offset: '0x24', width: 4, value: '0xffffffff' },
      { ...READ, offset: '0x24', expect: '0xfffffff0' },
    ];
    const vectors = parse([{ ...ROW, policy: 'nvgrace', device, ops }]);
    expect(runConformance({ implementations: ['wasm', 'ts'], vectors }).failures).toEqual([]);
  });
});

describe('a region', () => {
  const bars = { 0: { type: 'mem32', size: '0x1000' }, 2: { type: 'mem64', size: '0x1000' } };
  const gh200 = { mem_size: '0x1800000000', bars, command: 2 };
  const undecoded = { ...gh200, command: 0 };
  const gb200 = { ...gh200, mig_bug: false };
  const tiny = { use_len: '0x3000', use_bar: '0x4000', bars };
  const tinyGh = { ...tiny, res_len: '0x1400', res_bar: '0x2000' };
  const access = (policy: string, device: object, region: number) => {
    const op = { op: 'region-read', region, offset: 0, width: 4, ret: 4 };
    return runConformance({
      implementations: ['ts'],
      vectors: parse([{ ...ROW, policy, device, ops: [op] }]),
    });
  };

  test.each([
    ['strict', undecoded, [0, 2, 4, 7]],
    ['strict', tiny, [4, 7]],
    ['core', gh200, [0, 2, 7]],
    ['core', undecoded, [7]],
    ['core', tinyGh, [2, 4, 7]],
    ['nvgrace', gh200, [0, 2, 4, 7]],
    ['nvgrace', undecoded, [2, 4, 7]],
    ['nvgrace', gb200, [0, 2, 4, 7]],
    ['nvgrace', tinyGh, [2, 4, 7]],
    ['nvgrace', tiny, [4, 7]],
  ])('under %s of %j answers if it is one of %j', (policy, device, expected) => {
    const regions = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    expect(regions.filter((region) => access(policy, device, region).passed === 1)).toEqual(expected);
  });

  test('above all regions is refused by the device', () => {
    const op = { op: 'region-read', region: 9, offset: 0, width: 4, ret: -22 };
    const vectors = parse([{ ...ROW, policy: 'core', ops: [op] }]);
    expect(runConformance({ implementations: ['wasm', 'ts'], vectors }).passed).toBe(2);
  });

  test('too large for memory hinders nobody', () => {
    const vast = { bars: { 0: { type: 'mem64', size: '0x8000000000000000' } } };
    expect(access('strict', vast, 7).passed).toBe(1);
    expect(access('strict', vast, 0).skips).toEqual([
      { id: 'X1', implementation: 'ts', reason: 'region 0 is larger than a VFIO region can be, 1 TiB' },
    ]);
  });

  test('of a device that the driver refuses is skipped, and the others run', () => {
    const vectors = parse([
      { ...ROW, policy: 'nvgrace', device: { mem_size: 2 ** 50, mig_bug: false } },
      ROW,
    ]);
    const report = runConformance({ implementations: ['wasm', 'ts'], vectors });
    expect(report).toMatchObject({ passed: 2, failed: 0, skipped: 2 });
  });
});

describe('an access', () => {
  const resultOf = (ops: object[]) =>
    runConformance({ implementations: ['wasm', 'ts'], vectors: parse([{ ...ROW, ops }]) });

  test('above 4 GiB of configuration space is outside, on every path', () => {
    for (const offset of ['0x100000000', '0x100000010', '0x10000000000']) {
      const ops = [
        { op: 'cfg-read', offset, width: 4, ret: -14 },
        { op: 'cfg-write', offset, width: 4, value: 1, ret: -14 },
      ];
      expect(resultOf(ops).failures).toEqual([]);
    }
  });

  test('of no bytes needs no value', () => {
    const ops = [
      { op: 'cfg-write', offset: 0, width: 0, ret: 0 },
      { op: 'region-write', region: 9, offset: 0, width: 0, ret: -22 },
    ];
    expect(resultOf(ops)).toMatchObject({ passed: 2, failed: 0 });
  });
});

describe('a function', () => {
  const call = (fn: string, args: unknown[], expect: unknown) =>
    parse([{ ...ROW, ops: [{ op: 'fn', fn, args, expect }] }]);

  test('counts under shared, and where an implementation has it in its core', () => {
    const geometry = runConformance({
      implementations: ['wasm', 'ts'],
      vectors: call('geometry', ['0x20000000', false], {
        use_len: '0x20000000',
        use_bar: '0x20000000',
        res_len: 0,
        res_bar: 0,
      }),
    });
    expect(geometry).toMatchObject({
      passed: 1,
      failed: 0,
      implementations: { shared: { passed: 1 }, wasm: { passed: 0 } },
    });
    const overlap = runConformance({
      implementations: ['wasm', 'ts'],
      vectors: call('overlap', ['0x10', 9, '0x18', 8], ['0x8', 1, 0]),
    });
    expect(overlap).toMatchObject({
      passed: 3,
      failed: 0,
      implementations: { shared: { passed: 1 }, wasm: { passed: 1 } },
    });
  });

  test('that gives another result says which', () => {
    const report = runConformance({
      implementations: ['wasm'],
      vectors: call('chunks', ['0x10', 3], [['0x10', 4]]),
    });
    expect(report.failures[1]).toEqual({
      id: 'X1',
      implementation: 'wasm',
      expected: 'chunks(0x10, 0x3) gives [[0x10, 0x4]]',
      actual: '[[0x10, 0x2], [0x12, 0x1]]',
    });
  });

  const capabilities = (offset: number, length: number) => ({ capabilities: [{ id: 5, offset, length }] });

  test.each([
    ['outside a device of 256 bytes', [0xfe, 4], { cfg_size: 256 }, '-EFAULT'],
    ['at 0x100 of such a device', [0x100, 1], { cfg_size: 256 }, '-EFAULT'],
    [
      'inside a device of 4096 bytes',
      [0xfe, 4],
      { cfg_size: 4096 },
      [
        [0xfe, 2],
        [0x100, 2],
      ],
    ],
    ['outside it', [0xffe, 4], { cfg_size: 4096 }, '-EFAULT'],
    ['outside the 256 bytes of no device', [0xfe, 4], null, '-EFAULT'],
    ['at an extended offset', [0x100, 1], null, [[0x100, 1]]],
    ['outside the 4096 bytes that it asks for', [0xffe, 4], null, '-EFAULT'],
    ['far outside', ['0x100000000', 1], null, '-EFAULT'],
    ['of no bytes', [0x2000, 0], null, []],
    [
      'with an extended capability',
      [0xfe, 4, capabilities(0x100, 8)],
      null,
      [
        [0xfe, 2],
        [0x100, 2],
      ],
    ],
    [
      'with a capability past the end',
      [0xfa, 4, capabilities(0xfc, 8)],
      null,
      [
        [0xfa, 2],
        [0xfc, 2],
      ],
    ],
    ['with a capability outside', [0x40, 4, capabilities(0x2000, 8)], null, [[0x40, 4]]],
  ])('that splits a request %s', (_, args, device, expect_) => {
    const op = { op: 'fn', fn: args.length === 3 ? 'chunks-cap' : 'chunks', args, expect: expect_ };
    const report = runConformance({
      implementations: ['wasm', 'ts'],
      vectors: parse([{ ...ROW, device, ops: [op] }]),
    });
    expect(report.failures).toEqual([]);
    expect(report.passed).toBe(3);
  });

  test('that takes 32 bits is skipped for more', () => {
    const run = (args: unknown[], expected: unknown) =>
      runConformance({ implementations: ['wasm', 'ts'], vectors: call('overlap', args, expected) });
    expect(run(['0xffffffff', 1, '0xfffffffe', 2], [0, 1, 1]).passed).toBe(3);
    expect(run(['0x100000000', 1, '0x100000000', 2], [0, 1, 0]).skips).toEqual([
      {
        id: 'X1',
        implementation: 'shared',
        reason: 'overlap of offsets or counts from 2^32 on is not built',
      },
    ]);
  });

  test.each([
    ['hasOwnProperty', [], 'function hasOwnProperty is not known'],
    ['region_info', [4, 64], 'policy nvgrace without mem_size or use_len: the device has no GPU memory'],
    ['bar_rw', [{ bar: 'vga', count: 1 }], 'bar_rw with bar vga is not built'],
    ['bar_rw', [{ op: 'poke', count: 1 }], 'bar_rw with op poke is not built'],
    ['bar_rw', [{ count: 1, io: 1 }], 'bar_rw with field io is not built'],
    [
      'first_access_after_reset',
      [{ command_mem: 1, op: 'mmap fault' }],
      'first access "mmap fault" is not built',
    ],
    [
      'first_access_after_reset',
      [{ command_mem: 1, op: 'region-read usemem', power: 3 }],
      'first access with field power is not built',
    ],
  ])('%s of %j is skipped', (fn, args, reason) => {
    const vectors = call(fn, args, 0).map((vector) => ({ ...vector, policy: 'nvgrace' }));
    const { skips, skipped } = runConformance({ implementations: ['wasm', 'ts'], vectors });
    expect([skipped, skips]).toEqual([1, [{ id: 'X1', implementation: 'shared', reason }]]);
  });

  test.each([
    ['geometry', ['much', true], /vector X1, geometry args\[0\]: "much" was given; expected a hex string/],
    ['overlap', [1, 2, 3], /vector X1, overlap args/],
    ['chunks', ['ten', 1], /vector X1, chunks args\[0\]/],
    ['io_plan', [], /vector X1, io_plan args/],
    ['io_plan', [0, 2 ** 40, 0, 0, 8], /vector X1, io_plan args: more than 65536 steps/],
    ['bar_rw', [null], /vector X1, bar_rw args\[0\]/],
    ['bar_rw', [{ count: 2 ** 30 }], /vector X1, bar_rw args\[0\]\.count/],
    ['mmap_check', [4, -1, 1], /vector X1, mmap_check args\[1\]/],
    ['index_to_offset', [2 ** 30], /vector X1, index_to_offset args\[0\]/],
    ['first_access_after_reset', [{}], /vector X1, first_access_after_reset args\[0\]/],
  ])('%s of malformed arguments is skipped, and the others run', (fn, args, message) => {
    const vectors = [...call(fn, args, null), ...call('overlap', [0, 4, 8, 4], null)];
    const { passed, failed, skips } = runConformance({ implementations: ['ts'], vectors });
    expect([passed, failed]).toEqual([2, 0]);
    for (const { reason } of skips) expect(reason).toMatch(message);
    expect(skips.map((skip) => skip.implementation)).toContain('shared');
  });
});

describe('whatever a file holds', () => {
  test('it parses, or is refused as bad input', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom('0x10', '0x', 'cfg-read', 4, -14));
    const op = fc.record(
      {
        op: fc.constantFrom('cfg-read', 'cfg-write', 'region-read', 'region-write', 'ioctl-reset', 'fn', 'x'),
        offset: field,
        width: field,
        value: field,
        expect_hex: field,
        region: field,
        fn: field,
        args: field,
      },
      { requiredKeys: ['op'] },
    );
    const row = fc.record(
      { id: field, policy: field, device: field, ops: fc.oneof(fc.array(op), field) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(row).map((rows) => JSON.stringify(rows)),
        ),
        (text) => {
          try {
            parseVectors(text, 'v.json');
          } catch (error) {
            expect(error).toBeInstanceOf(UsageError);
          }
        },
      ),
      { seed: 1, numRuns: 2000 },
    );
  });
});
