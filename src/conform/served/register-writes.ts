/** Writes to registers of the header (specification 7.1). */
import { hex } from '../../pci/quoted.ts';
import {
  PCI_COMMAND,
  PCI_COMMAND_IO,
  PCI_COMMAND_MEMORY,
  PCI_HEADER_TYPE,
  PCI_REVISION_ID,
  PCI_VENDOR_ID,
} from '../../pci/registers.ts';
import type { WidthBytes } from '../../types.ts';
import { RefusedRequest } from '../../vfio-user/client.ts';
import type { ServedRegisters } from '../../vfio-user/served-registers.ts';
import type { ConfigRegister } from '../../workload/sizer/saved-registers.ts';
import { type Check, type CheckedFunction, unlessEmpty } from './check.ts';
import { COMMAND_RESERVED } from './header.ts';

/** Sizing writes to none of them; what is written here is to be restored all the same. */
export const READ_ONLY_REGISTERS: readonly ConfigRegister[] = [
  { name: 'PCI_VENDOR_ID and PCI_DEVICE_ID', offset: PCI_VENDOR_ID, width: 4 },
  { name: 'PCI_REVISION_ID and class', offset: PCI_REVISION_ID, width: 4 },
  { name: 'PCI_HEADER_TYPE', offset: PCI_HEADER_TYPE, width: 1 },
];

export const REGISTER_WRITE_CHECKS: readonly Check[] = [
  {
    id: '7.1 ids, class and header type are read-only',
    needs: 'writes',
    run: async ({ registers }) => {
      const changed: string[] = [];
      for (const { name, offset, width } of READ_ONLY_REGISTERS) {
        const before = await registers.read(offset, width);
        await writeUnlessRefused(registers, { offset, width, value: 2 ** (8 * width) - 1 - before });
        const after = await registers.read(offset, width);
        const digits = 2 * width;
        if (after !== before) changed.push(`${name} ${hex(before, digits)} became ${hex(after, digits)}`);
      }
      return unlessEmpty('what was there before', changed);
    },
  },
  {
    id: '7.1 COMMAND turns decoding of its spaces on and off',
    needs: 'writes',
    run: async (subject) => {
      const spaces = spacesOf(subject);
      if (spaces.length === 0) return { reason: 'it has no BAR' };
      const { registers } = subject;
      const wrong: string[] = [];
      for (const bit of spaces) {
        const rest = await registers.read(PCI_COMMAND, 2);
        for (const written of [rest | bit, rest & ~bit]) {
          await registers.write(PCI_COMMAND, 2, written);
          const read = await registers.read(PCI_COMMAND, 2);
          if ((read & bit) !== (written & bit)) wrong.push(`${hex(written, 4)} reads ${hex(read, 4)}`);
        }
      }
      return unlessEmpty('the bits of its spaces as they were written', wrong);
    },
  },
  {
    id: '7.1 reserved bits of COMMAND stay 0',
    needs: 'writes',
    run: async ({ registers }) => {
      const rest = await registers.read(PCI_COMMAND, 2);
      await writeUnlessRefused(registers, { offset: PCI_COMMAND, width: 2, value: rest | COMMAND_RESERVED });
      const read = await registers.read(PCI_COMMAND, 2);
      return unlessEmpty('0 in bits 15:11', (read & COMMAND_RESERVED) === 0 ? [] : [hex(read, 4)]);
    },
  },
];

interface RegisterWrite {
  readonly offset: number;
  readonly width: WidthBytes;
  readonly value: number;
}

/** What cannot be written may be refused as well as ignored: libvfio-user refuses it. */
async function writeUnlessRefused(registers: ServedRegisters, { offset, width, value }: RegisterWrite) {
  try {
    await registers.write(offset, width, value);
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
  }
}

/** Bits of COMMAND that have something to turn on. */
function spacesOf({ bars }: CheckedFunction): number[] {
  const kinds = bars.map(({ kind }) => kind);
  return [
    ...(kinds.includes('io') ? [PCI_COMMAND_IO] : []),
    ...(kinds.some((kind) => kind !== 'io') ? [PCI_COMMAND_MEMORY] : []),
  ];
}
