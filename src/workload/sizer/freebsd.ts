/** FreeBSD, sys/dev/pci/pci.c, pci_read_bar (specification 6.6). */

import {
  PCI_COMMAND,
  PCI_COMMAND_IO,
  PCI_COMMAND_MEMORY,
  PCI_HEADER_TYPE_BRIDGE,
  PCI_ROM_ADDRESS_MASK,
} from '../../pci/registers.ts';
import {
  ALL_ONES,
  addressMask,
  barCount,
  barOf,
  barOffset,
  isIo,
  isMem64,
  lowestSetBit,
  maskedBits,
  pair,
  probe,
  romOf,
  romOffset,
} from './bar-registers.ts';
import type { ConfigPort } from './config-port.ts';
import { type Sizer, SizingBuilder } from './sizing.ts';

const ROM_PROBE = 0xffff_fffe;
const TOO_SMALL = 'the range is too small to be one';

/** Both halves of a 64-bit BAR hold ones at the same time; the flags are those at rest. */
export const freebsd: Sizer = {
  name: 'freebsd',
  summary: 'FreeBSD: ones in both halves at once, command written for every BAR',
  headerTypes: [0, PCI_HEADER_TYPE_BRIDGE],
  size: (port, { headerType }) => {
    const sizing = new SizingBuilder();
    for (let barIdx = 0; barIdx < barCount(headerType); barIdx++) {
      const { map, test } = readBar(port, barOffset(barIdx));
      const sizeBytes = lowestSetBit(test);
      sizing.add(
        barOf(barIdx, map, sizeBytes >= leastBytes(map) ? sizeBytes : 0n),
        sizeBytes === 0n ? null : TOO_SMALL,
      );
      if (isMem64(map)) barIdx++;
    }
    const { probed } = probe(port, romOffset(headerType)!, ROM_PROBE);
    sizing.add(romOf(lowestSetBit(BigInt(maskedBits(probed, PCI_ROM_ADDRESS_MASK)))));
    return sizing;
  },
};

/** What the source takes for a BAR at all; specification 6.6 does not speak of smaller ones. */
function leastBytes(map: number): bigint {
  return isIo(map) ? 4n : 16n;
}

/** The lower dword at rest, and the address bits of the probe value. */
function readBar(port: ConfigPort, offset: number): { map: number; test: bigint } {
  const map = port.read(offset, 4);
  const is64Bit = isMem64(map);
  const upper = is64Bit ? port.read(offset + 4, 4) : 0;
  const command = port.read(PCI_COMMAND, 2);
  port.write(PCI_COMMAND, 2, command & ~(isIo(map) ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY));
  port.write(offset, 4, ALL_ONES);
  let testUpper = 0;
  if (is64Bit) {
    port.write(offset + 4, 4, ALL_ONES);
    testUpper = port.read(offset + 4, 4);
  }
  const test = port.read(offset, 4);
  port.write(offset, 4, map);
  if (is64Bit) port.write(offset + 4, 4, upper);
  port.write(PCI_COMMAND, 2, command);
  return { map, test: pair(maskedBits(test, addressMask(test)), testUpper) };
}
