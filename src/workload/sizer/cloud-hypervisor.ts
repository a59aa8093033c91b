/** Cloud Hypervisor, pci/src/vfio.rs, allocate_bars (specification 6.8). */

import {
  ALL_ONES,
  addressMask,
  barCount,
  barOf,
  barOffset,
  isIo,
  maskedBits,
  negated32,
  negated64,
  pair,
  romOf,
  romOffset,
} from './bar-registers.ts';
import type { ConfigPort } from './config-port.ts';
import { type Sizer, SizingBuilder } from './sizing.ts';

const PCI_CONFIG_MEMORY_BAR_64BIT = 0x4;
const ROM_MASK = 0xffff_fff0;

/**
 * A user of VFIO that sizes in-band and never asks for the size of a region. Flags are those at rest, nothing is
 * restored, and the upper dword of a 64-bit BAR without size is probed as a BAR of its own.
 */
export const cloudHypervisor: Sizer = {
  name: 'cloud-hypervisor',
  summary: 'Cloud Hypervisor: VFIO without region sizes, flags at rest, nothing restored',
  headerTypes: [0],
  size: (port, { headerType }) => {
    const sizing = new SizingBuilder();
    for (let barIdx = 0; barIdx < barCount(headerType); barIdx++) {
      const { flags, lower } = readBar(port, barOffset(barIdx));
      const low = maskedBits(lower, addressMask(flags));
      if (isIo(flags) || (flags & PCI_CONFIG_MEMORY_BAR_64BIT) === 0) {
        sizing.add(barOf(barIdx, flags, negated32(low)));
        continue;
      }
      port.write(barOffset(barIdx + 1), 4, ALL_ONES);
      const sizeBytes = negated64(pair(low, port.read(barOffset(barIdx + 1), 4)));
      // Bit 2 alone makes it 64-bit here, where others look at bit 1 as well.
      sizing.add({ ...barOf(barIdx, flags, sizeBytes), kind: 'mem64' });
      if (sizeBytes !== 0n) barIdx++;
    }
    const { lower } = readBar(port, romOffset(headerType)!);
    sizing.add(romOf(negated32(maskedBits(lower, ROM_MASK))));
    return sizing;
  },
};

function readBar(port: ConfigPort, offset: number): { flags: number; lower: number } {
  const flags = port.read(offset, 4);
  port.write(offset, 4, ALL_ONES);
  return { flags, lower: port.read(offset, 4) };
}
