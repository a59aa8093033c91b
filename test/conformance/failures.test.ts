import { expect, test } from 'vitest';
import { runConformance } from '../../src/conform/conform.ts';
import { parseVectors } from '../../src/conform/vectors.ts';

const vectors = (ops: object[], device: object = {}) =>
  parseVectors(JSON.stringify([{ id: 'X1', policy: 'strict', device, ops }]), 'v.json');

const failuresOf = (ops: object[], device?: object) =>
  runConformance({ implementations: ['wasm'], vectors: vectors(ops, device) }).failures;

test.each([
  [
    { op: 'cfg-read', offset: '0x00', width: 4, expect: '0x12345678' },
    'cfg-read @0x0 width 4 gives 0x12345678',
    '0x234210de (op 1, through register calls)',
  ],
  [
    { op: 'cfg-write', offset: '0xfe', width: 4, value: '0x1', ret: 4 },
    'cfg-write @0xfe width 4 value 0x00000001 gives return value 4',
    'return value -14 (op 1, through register calls)',
  ],
  [
    { op: 'cfg-read', offset: '0x0', width: 3, expect_hex: 'de1042ff' },
    'cfg-read @0x0 width 3 gives 0xff4210de',
    'bytes de1042 (op 1, through register calls)',
  ],
  [
    { op: 'cfg-read', offset: '0x100', width: 1, expect: '0x0' },
    'cfg-read @0x100 width 1 gives 0x00',
    'return value -14 (op 1, through register calls)',
  ],
])('%j tells expected and actual', (op, expected, actual) => {
  const device = { vendor: '0x10de', device: '0x2342' };
  const before = { op: 'cfg-read', offset: 0, width: 2, expect: '0x10de' };
  expect(failuresOf([before, op], device)).toEqual([{ id: 'X1', implementation: 'wasm', expected, actual }]);
});

test('a failure names the variant of the device', () => {
  const device = { use_len: '0x3000', use_bar: '0x4000' };
  const op = { op: 'region-read', region: 4, offset: 0, width: 2, expect: '0x1' };
  expect(failuresOf([op], device)).toEqual([
    {
      id: 'X1',
      implementation: 'wasm',
      expected: 'region-read 4 @0x0 width 2 gives 0x0001',
      actual: '0x0000 (op 0, through register calls, on flat memory)',
    },
  ]);
});
