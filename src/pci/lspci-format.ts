/** Writes a function as text that `lspci -F` reads, and `parseLspci` with all that is known of its BARs. */

import { className } from './class-names.ts';
import { holds, readWord } from './config-bytes.ts';
import type { Bar, PciFunction, Rom, SizeSource } from './function.ts';
import { formatRegion, formatRom, formatSize } from './lspci-regions.ts';
import { hex } from './quoted.ts';
import { PCI_CLASS_DEVICE, PCI_DEVICE_ID, PCI_VENDOR_ID } from './registers.ts';

const BYTES_PER_LINE = 16;
/** lspci needs a slot; a raw file has none. */
const DEFAULT_SLOT = '00:00.0';

function headerLine({ slot, configBytes }: PciFunction): string {
  const word = (offset: number) => (holds(configBytes, offset, 2) ? readWord(configBytes, offset) : 0xffff);
  const ids = `${hex(word(PCI_VENDOR_ID), 4)}:${hex(word(PCI_DEVICE_ID), 4)}`;
  return `${slot ?? DEFAULT_SLOT} ${className(word(PCI_CLASS_DEVICE))}: Device ${ids}`;
}

/** What the bytes do not say. A guess is not written: read back, it would look like knowledge. */
const WRITTEN_SOURCES: readonly SizeSource[] = ['profile', 'sysfs', 'vfio', 'decoded-text'];

function regionLines({ bars, rom }: PciFunction): string[] {
  const size = ({ sizeBytes, sizeSource }: Bar | Rom) =>
    WRITTEN_SOURCES.includes(sizeSource) ? ` ${formatSize(sizeBytes)}` : '';
  const lines = bars.map((bar) => `\t${formatRegion(bar)}${size(bar)}`);
  return rom === null ? lines : [...lines, `\t${formatRom(rom)}${size(rom)}`];
}

function hexLines(config: Uint8Array): string[] {
  return Array.from({ length: Math.ceil(config.length / BYTES_PER_LINE) }, (_, lineIdx) => {
    const offset = lineIdx * BYTES_PER_LINE;
    const bytes = [...config.subarray(offset, offset + BYTES_PER_LINE)].map((byte) => hex(byte, 2));
    return `${hex(offset, 2)}: ${bytes.join(' ')}`;
  });
}

/** Header line, regions with the sizes that are known, hex lines, and the blank line that ends a function. */
export function formatLspciHex(fn: PciFunction): string {
  return [headerLine(fn), ...regionLines(fn), ...hexLines(fn.configBytes), '', ''].join('\n');
}
