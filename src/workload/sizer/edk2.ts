/** EDK2, PciBusDxe: BarExisted, PciParseBar and the ROM probe (specification 6.5). */

import {
  PCI_BASE_ADDRESS_MEM_TYPE_64,
  PCI_COMMAND,
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
  maskedBits,
  negated32,
  negated64,
  pair,
  probe,
  romOf,
  romOffset,
} from './bar-registers.ts';
import type { ConfigPort } from './config-port.ts';
import { type SizedFunction, type Sizer, SizingBuilder } from './sizing.ts';

const ROM_PROBE = 0xffff_fffe;
/** EFI_PCI_COMMAND_BITS_OWNED: I/O, memory, bus master, write-and-invalidate, palette snoop, fast back-to-back. */
const COMMAND_BITS_OWNED = 0x0237;
/** Bits 2:0 of a memory BAR: space and type. */
const SPACE_AND_TYPE = 0x7;
const NO_LENGTH = 'the probe has no address bit';

/** A full enumeration: takes the command bits away, parses the BARs, probes the ROM, and leaves ROM and command so. */
export const edk2: Sizer = {
  name: 'edk2',
  summary: 'EDK2, full enumeration: flags from the probe value, upper dword extended',
  headerTypes: [0, PCI_HEADER_TYPE_BRIDGE],
  size: (port, fn) => {
    const command = port.read(PCI_COMMAND, 2);
    port.write(PCI_COMMAND, 2, command & ~COMMAND_BITS_OWNED);
    const sizing = parseBars(port, fn);
    probeRom(port, romOffset(fn.headerType)!, sizing);
    return sizing;
  },
};

/** The BARs alone, as every enumeration parses them. */
export function parseBars(port: ConfigPort, { headerType }: SizedFunction): SizingBuilder {
  const sizing = new SizingBuilder();
  for (let barIdx = 0; barIdx < barCount(headerType); ) barIdx += parseBar(port, barIdx, sizing);
  return sizing;
}

/** Returns the count of dwords that the BAR took. */
function parseBar(port: ConfigPort, barIdx: number, sizing: SizingBuilder): 1 | 2 {
  const { probed } = probe(port, barOffset(barIdx), ALL_ONES);
  if (probed === 0) return 1;
  const low = maskedBits(probed, addressMask(probed));
  if (isIo(probed)) {
    const lengthMask = probed >>> 16 === 0 ? 0xffffn : BigInt(ALL_ONES); // a decoder of 16 or of 32 bits
    sizing.add(barOf(barIdx, probed, negated32(low) & lengthMask), NO_LENGTH);
    return 1;
  }
  const type = probed & SPACE_AND_TYPE;
  if (type === PCI_BASE_ADDRESS_MEM_TYPE_64) {
    const high = probe(port, barOffset(barIdx + 1), ALL_ONES).probed;
    const sizeBytes = high === 0 && low === 0 ? 0n : negated64(pair(low, extended(high)));
    sizing.add(barOf(barIdx, probed, sizeBytes), NO_LENGTH);
    return 2;
  }
  if (type === 0) sizing.add(barOf(barIdx, probed, negated32(low)), NO_LENGTH);
  else sizing.unsized.push({ barIdx, why: `memory type ${type >> 1} is unknown` });
  return 1;
}

/** Ones from the highest set bit on, for devices that decode fewer than 64 bits. */
function extended(high: number): number {
  return high === 0 ? ALL_ONES : (high | (ALL_ONES << (31 - Math.clz32(high)))) >>> 0;
}

/** An answer of all address bits counts as none, so that a ROM of 2 KiB is missed. */
function probeRom(port: ConfigPort, offset: number, sizing: SizingBuilder): void {
  port.write(offset, 4, ROM_PROBE);
  const bits = maskedBits(port.read(offset, 4), PCI_ROM_ADDRESS_MASK);
  if (bits !== PCI_ROM_ADDRESS_MASK) sizing.add(romOf(negated32(bits)));
}
