import { expect, test } from 'vitest';
import { formatSize } from '../../../src/workload/sizer/format-size.ts';

test.each([
  [32n, '32 B'],
  [3n << 40n, '3 TiB'],
  [2n ** 53n - 2n ** 40n, '8191 TiB'],
  [2n ** 53n, '8 PiB'],
  [2n ** 63n, '8192 PiB'],
  [2n ** 53n + 1n, '0x20000000000001 B'],
])('%d is %s', (sizeBytes, text) => {
  expect(formatSize(sizeBytes)).toBe(text);
});
