/** SeaBIOS, src/fw/pciinit.c, pci_bios_get_bar (specification 6.4). */

import { PCI_HEADER_TYPE_BRIDGE, PCI_ROM_ADDRESS_MASK } from '../../pci/registers.ts';
import {
  ALL_ONES,
  addressMask,
  barCount,
  barOf,
  barOffset,
  isMem64,
  maskedBits,
  negated32,
  negated64,
  pair,
  probe,
  romOf,
  romOffset,
} from './bar-registers.ts';
import { type Sizer, SizingBuilder } from './sizing.ts';

/**
 * Flags from the value at rest; the size is the negated probe value, so that an I/O decoder of 16 bits gives a
 * huge one. Decoding stays on meanwhile.
 */
export const seabios: Sizer = {
  name: 'seabios',
  summary: 'SeaBIOS: negates what it reads back, flags from the value at rest',
  headerTypes: [0, PCI_HEADER_TYPE_BRIDGE],
  size: (port, { headerType }) => {
    const sizing = new SizingBuilder();
    for (let barIdx = 0; barIdx < barCount(headerType); barIdx++) {
      const { rest, probed } = probe(port, barOffset(barIdx), ALL_ONES);
      const low = maskedBits(probed, addressMask(rest));
      if (!isMem64(rest)) {
        sizing.add(barOf(barIdx, rest, negated32(low)));
        continue;
      }
      const high = probe(port, barOffset(barIdx + 1), ALL_ONES).probed;
      const sizeBytes = negated64(pair(low, high));
      sizing.add(barOf(barIdx, rest, sizeBytes));
      if (sizeBytes !== 0n) barIdx++; // a BAR without size is one slot, whatever its type
    }
    const { probed } = probe(port, romOffset(headerType)!, PCI_ROM_ADDRESS_MASK);
    sizing.add(romOf(negated32(maskedBits(probed, PCI_ROM_ADDRESS_MASK))));
    return sizing;
  },
};
