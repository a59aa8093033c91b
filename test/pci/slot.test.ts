import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatSlot, isSameSlot, parseSlot } from '../../src/pci/slot.ts';

it.each([
  ['00:02.0', '0000:00:02.0'],
  ['0009:01:00.0', '0009:01:00.0'],
  ['10000:E1:1F.7', '10000:e1:1f.7'],
  ['deadbeef:00:00.0', 'deadbeef:00:00.0'],
])('%s is %s', (text, formatted) => {
  expect(formatSlot(parseSlot(text)!)).toBe(formatted);
  expect(isSameSlot(text, formatted)).toBe(true);
});

it.each([
  '',
  '00:02',
  '0:02.0',
  '00:20.0',
  '00:02.8',
  '000:00:02.0',
  '00:02.0 ',
  'g0:00.0',
  '123456789:00:00.0',
])('refuses %j', (text) => {
  expect(parseSlot(text)).toBeNull();
  expect(isSameSlot(text, text)).toBe(false);
});

it('reads what it writes', () => {
  const slot = fc.record({
    domain: fc.nat(0xffffffff),
    bus: fc.nat(0xff),
    device: fc.nat(0x1f),
    function: fc.nat(7),
  });
  fc.assert(
    fc.property(slot, (one) => {
      expect(parseSlot(formatSlot(one))).toEqual(one);
    }),
  );
});
