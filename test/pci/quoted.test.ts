import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoted } from '../../src/pci/quoted.ts';

it('shows escape sequences instead of sending them', () => {
  expect(quoted('\x1b[31mred\x07')).toBe('"\\x1b[31mred\\x07"');
});

it('gives printable text of bounded length for any input', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 });
  fc.assert(
    fc.property(text, (any) => {
      expect(quoted(any)).toMatch(/^"[\x20-\x7e…]{0,400}"$/);
    }),
  );
});
