import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readZigZag, writeZigZag } from '../../src/histogram/zigzag.ts';

const bytesOf = (value: number): number[] => {
  const bytes: number[] = [];
  writeZigZag(bytes, value);
  return bytes;
};

test.each([
  [0, [0]],
  [-1, [1]],
  [1, [2]],
  [63, [0x7e]],
  [-64, [0x7f]],
  [64, [0x80, 0x01]],
  [2 ** 53 - 1, [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]],
])('%i is written as %j', (value, bytes) => {
  expect(bytesOf(value)).toEqual(bytes);
});

test('what was written is read back, one behind the other', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger()), (values) => {
      const bytes = Uint8Array.from(values.flatMap(bytesOf));
      const found: number[] = [];
      for (let at = 0; at < bytes.length; ) {
        const { value, next } = readZigZag(bytes, at)!;
        found.push(Number(value));
        at = next;
      }
      expect(found).toEqual(values);
    }),
    { seed: 1 },
  );
});

test('the ninth byte is the last and holds eight bits: the outer ends of 64 bits', () => {
  const [full, fullButOne] = [new Uint8Array(10).fill(0xff), new Uint8Array(10).fill(0xff)];
  fullButOne[0] = 0xfe;
  expect(readZigZag(full, 0)).toEqual({ value: -(2n ** 63n), next: 9 });
  expect(readZigZag(fullButOne, 0)).toEqual({ value: 2n ** 63n - 1n, next: 9 });
});

test('a number that is cut off is none', () => {
  expect(readZigZag(new Uint8Array([0x80, 0x80]), 0)).toBeNull();
  expect(readZigZag(new Uint8Array(), 0)).toBeNull();
});
