/** BARs that QEMU registers (specification 5.2, 5.3): flags from the device, size from the region. */

import type { Runnable } from '../runnable.ts';
import { onFunction } from './steps.ts';

const GIB = 2 ** 30;

interface Expected {
  readonly ioport?: 1;
  readonly mem64?: 1;
  readonly type: number;
  readonly wmask: bigint;
  readonly guest_low_after_ones: number;
}

function bar(name: string, dword: number, size: number, expected: Expected | 'error'): Runnable {
  const result = expected === 'error' ? expected : { ioport: 0, mem64: 0, size, ...expected };
  return onFunction(`5.3 QEMU BAR: ${name}`, 'qemu_register', [dword, size], result);
}

export const QEMU_BARS: readonly Runnable[] = [
  bar('64-bit prefetchable, its address dropped', 0xc000_000c, 4 * GIB, {
    mem64: 1,
    type: 0xc,
    wmask: 0xffff_ffff_0000_0000n,
    guest_low_after_ones: 0xc,
  }),
  bar('32-bit', 0xfeb0_0000, 65536, {
    type: 0,
    wmask: 0xffff_0000n,
    guest_low_after_ones: 0xffff_0000,
  }),
  bar('I/O, whose address bit 2 is no type', 0xe065, 4, {
    ioport: 1,
    type: 1,
    wmask: 0xffff_fffcn,
    guest_low_after_ones: 0xffff_fffd,
  }),
  bar('without flags, 2 GiB: the last that 32 bits hold', 0, 2 * GIB, {
    type: 0,
    wmask: 0x8000_0000n,
    guest_low_after_ones: 0x8000_0000,
  }),
  bar('without flags, 4 GiB: no bit left, the guest sees none', 0, 4 * GIB, {
    type: 0,
    wmask: 0n,
    guest_low_after_ones: 0,
  }),
  bar('a size that is no power of two ends QEMU', 0xc, 95 * GIB, 'error'),
];
