/** Registers at rest (specification 7.1, 7.2, 7.4): what can be said without writing anything. */
import { decodeCapabilities, decodeExtendedCapabilities } from '../../pci/capabilities.ts';
import { readDword, readWord } from '../../pci/config-bytes.ts';
import { layoutOfType } from '../../pci/header.ts';
import { hex } from '../../pci/quoted.ts';
import {
  PCI_BASE_ADDRESS_IO_MASK,
  PCI_BASE_ADDRESS_MEM_MASK,
  PCI_CFG_SPACE_SIZE,
  PCI_COMMAND,
  PCI_VENDOR_ID,
} from '../../pci/registers.ts';
import { ALL_ONES, barOffset, isIo, isMem64 } from '../../workload/sizer/bar-registers.ts';
import { type Check, type CheckedBar, type CheckedFunction, unlessEmpty } from './check.ts';

/** What vendor ids never are: nobody answers, or an answer that means "try again". */
const NO_VENDORS = [0xffff, 0x0000, 0x0001];
/** Bits 15:11. */
export const COMMAND_RESERVED = 0xf800;
const MOST_32_BIT_BYTES = 2n ** 31n;
const TYPE_BITS = 0x6;
const IO_RESERVED_BIT = 0x2;

export const HEADER_CHECKS: readonly Check[] = [
  {
    id: '7.1 a vendor answers',
    needs: 'reads',
    run: ({ configBytes }) => {
      const vendor = readWord(configBytes, PCI_VENDOR_ID);
      const wrong = NO_VENDORS.includes(vendor) ? [hex(vendor, 4)] : [];
      return unlessEmpty('a vendor id, not ffff, 0000 or 0001', wrong);
    },
  },
  {
    id: '7.1 the header type is 0, 1 or 2',
    needs: 'reads',
    run: ({ headerType }) =>
      unlessEmpty('0, 1 or 2', layoutOfType(headerType) === null ? [`${headerType}`] : []),
  },
  {
    id: '7.1 reserved bits of COMMAND are 0',
    needs: 'reads',
    run: ({ configBytes }) => {
      const command = readWord(configBytes, PCI_COMMAND);
      return unlessEmpty('0 in bits 15:11', (command & COMMAND_RESERVED) === 0 ? [] : [hex(command, 4)]);
    },
  },
  {
    id: '7.2 types of BARs are 32-bit or 64-bit memory, or I/O',
    needs: 'reads',
    run: (subject) =>
      unlessEmpty(
        'memory type 00 or 10, and bit 1 of I/O 0',
        lowerRegisters(subject).flatMap(({ barIdx, rest }) => {
          const isReserved = isIo(rest)
            ? (rest & IO_RESERVED_BIT) !== 0
            : (rest & TYPE_BITS) !== 0 && !isMem64(rest);
          return isReserved ? [`BAR ${barIdx} reads ${hex(rest, 8)}`] : [];
        }),
      ),
  },
  {
    id: '7.2 a region of more than 2 GiB has a 64-bit BAR',
    needs: 'reads',
    run: ({ bars }) =>
      unlessEmpty(
        'memory type 64-bit in the register of each',
        bars
          .filter(({ kind, sizeBytes }) => kind === 'mem32' && sizeBytes > MOST_32_BIT_BYTES)
          .map(({ barIdx, rest, sizeBytes }) => `BAR ${barIdx} of ${sizeBytes} bytes reads ${hex(rest, 8)}`),
      ),
  },
  {
    id: '7.2 a 64-bit BAR has a register for its upper half',
    needs: 'reads',
    run: ({ bars, barRegisters }) =>
      unlessEmpty(
        `a lower register before BAR ${barRegisters - 1}`,
        bars
          .filter(({ kind, upperOffset }) => kind === 'mem64' && upperOffset === null)
          .map(({ barIdx }) => `BAR ${barIdx} is 64-bit`),
      ),
  },
  {
    id: '7.2 addresses in BARs are multiples of their sizes',
    needs: 'reads',
    run: (subject) =>
      unlessEmpty(
        'no address bit below the size',
        subject.bars.flatMap((bar) => {
          const address = addressOf(bar, subject);
          return address % bar.sizeBytes === 0n
            ? []
            : [`BAR ${bar.barIdx} of ${bar.sizeBytes} bytes is at ${hex(address, 8)}`];
        }),
      ),
  },
  {
    id: '7.4 capabilities are a chain that ends',
    needs: 'reads',
    run: ({ configBytes }) => unlessEmpty('a chain without faults', decodeCapabilities(configBytes).faults),
  },
  {
    id: '7.4 extended capabilities are a chain that ends',
    needs: 'reads',
    run: ({ configBytes }) => {
      if (configBytes.length <= PCI_CFG_SPACE_SIZE)
        return { reason: 'it has no extended configuration space' };
      return unlessEmpty('a chain without faults', decodeExtendedCapabilities(configBytes).faults);
    },
  },
];

/** Registers that are no upper halves. */
function lowerRegisters({ configBytes, barRegisters }: CheckedFunction) {
  const registers: { barIdx: number; rest: number }[] = [];
  for (let barIdx = 0; barIdx < barRegisters; barIdx++) {
    const rest = readDword(configBytes, barOffset(barIdx));
    // A register of ones is one that nobody answered for: another check says so.
    if (rest === ALL_ONES) continue;
    registers.push({ barIdx, rest });
    if (isMem64(rest)) barIdx++;
  }
  return registers;
}

function addressOf({ kind, rest, upperOffset }: CheckedBar, { configBytes }: CheckedFunction): bigint {
  if (kind === 'io') return BigInt(rest) & PCI_BASE_ADDRESS_IO_MASK;
  const high = upperOffset === null ? 0 : readDword(configBytes, upperOffset);
  return ((BigInt(high) << 32n) | BigInt(rest)) & PCI_BASE_ADDRESS_MEM_MASK;
}
