/** U-Boot, drivers/pci/pci_auto.c, dm_pciauto_setup_device (specification 6.7). */

import {
  PCI_CACHE_LINE_SIZE,
  PCI_CLASS_DEVICE,
  PCI_COMMAND,
  PCI_COMMAND_IO,
  PCI_COMMAND_MEMORY,
  PCI_HEADER_TYPE,
  PCI_HEADER_TYPE_BRIDGE,
  PCI_LATENCY_TIMER,
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
  negated32,
  negated64,
  PCI_COMMAND_DECODE,
  pair,
  romOf,
  romOffset,
} from './bar-registers.ts';
import type { ConfigPort } from './config-port.ts';
import { type Sizer, SizingBuilder } from './sizing.ts';

const PCI_COMMAND_MASTER = 0x0004;
const PCI_CLASS_DISPLAY_VGA = 0x0300;
const ROM_PROBE = 0xffff_fffe;
const CACHE_LINE_DWORDS = 8;
const LATENCY_CLOCKS = 0x80;
const NO_SIZE = 'the probe has no address bit';

/**
 * Flags from the probe value. It restores nothing: it writes the address that it gives a BAR over the probe. Which
 * one is the board's affair, so that these writes are left out here, and each BAR counts as placed (one that found
 * no room would have its upper dword probed once more).
 */
export const uBoot: Sizer = {
  name: 'u-boot',
  summary: 'U-Boot: flags from the probe value, nothing restored (addresses left unassigned)',
  headerTypes: [0, PCI_HEADER_TYPE_BRIDGE],
  size: (port, { headerType }) => {
    const sizing = new SizingBuilder();
    const command = port.read(PCI_COMMAND, 2);
    port.read(PCI_HEADER_TYPE, 1);
    let enabled = (command & ~PCI_COMMAND_DECODE) | PCI_COMMAND_MASTER;
    for (let barIdx = 0; barIdx < barCount(headerType); ) {
      const response = tickle(port, barOffset(barIdx), ALL_ONES);
      if (response === 0 || response === ALL_ONES) {
        barIdx++;
        continue;
      }
      enabled |= isIo(response) ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
      sizing.add(barOf(barIdx, response, sizeOf(port, barIdx, response)), NO_SIZE);
      barIdx += isMem64(response) ? 2 : 1;
    }
    const rom = tickle(port, romOffset(headerType)!, ROM_PROBE);
    if (rom !== 0) enabled |= PCI_COMMAND_MEMORY;
    sizing.add(romOf(negated32(maskedBits(rom, ROM_PROBE))));
    if (port.read(PCI_CLASS_DEVICE, 2) === PCI_CLASS_DISPLAY_VGA) enabled |= PCI_COMMAND_IO;
    port.write(PCI_COMMAND, 2, enabled);
    port.write(PCI_CACHE_LINE_SIZE, 1, CACHE_LINE_DWORDS);
    port.write(PCI_LATENCY_TIMER, 1, LATENCY_CLOCKS);
    return sizing;
  },
};

function tickle(port: ConfigPort, offset: number, value: number): number {
  port.write(offset, 4, value);
  return port.read(offset, 4);
}

function sizeOf(port: ConfigPort, barIdx: number, response: number): bigint {
  const low = maskedBits(response, addressMask(response));
  if (isIo(response)) return lowestSetBit(BigInt(low));
  if (!isMem64(response)) return negated32(low);
  return negated64(pair(low, tickle(port, barOffset(barIdx + 1), ALL_ONES)));
}
