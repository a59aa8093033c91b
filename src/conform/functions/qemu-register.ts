import { z } from 'zod';
import { guestLowAfterOnes, qemuBar } from '../../pci/qemu-bar.ts';
import { integer, parseWith } from '../vectors.ts';
import type { KnownFunction } from './known-function.ts';

const DWORD = integer.refine((value) => value < 2n ** 32n, { error: 'expected at most 32 bits' });
const ARGS = z.tuple([DWORD.transform(Number), integer]);

/**
 * `qemu_register(BAR dword, region size)`: the register that QEMU makes of it and what its guest reads back, or
 * `error` where QEMU exits (specification 5.2, 5.3).
 */
export const qemuRegister: KnownFunction = {
  inCore: false,
  compute: ({ args }, _, name) => {
    const [dword, sizeBytes] = parseWith(ARGS, args, name);
    const bar = qemuBar(dword, sizeBytes);
    if (bar === null) return 'error';
    return {
      ioport: Number(bar.ioport),
      mem64: Number(bar.mem64),
      type: bar.type,
      size: bar.sizeBytes,
      wmask: bar.writableMask,
      guest_low_after_ones: guestLowAfterOnes(bar),
    };
  },
};
