import type { Bar } from '../../pci/function.ts';
import type { ConfigTables } from './config-tables.ts';

const PCI_BASE_ADDRESS_0 = 0x10;
const PCI_BASE_ADDRESS_SPACE_IO = 0x1;
const PCI_BASE_ADDRESS_MEM_TYPE_64 = 0x4;
const PCI_BASE_ADDRESS_MEM_PREFETCH = 0x8;
const PCI_BASE_ADDRESS_MEM_MASK = ~0xf;
const PCI_BASE_ADDRESS_IO_MASK = ~0x3;
const PCI_ROM_ADDRESS_MASK = ~0x7ff;
const PCI_ROM_ADDRESS_ENABLE = 1;

/** Hard-wired flag bits of a BAR's lower dword. */
export function barFlags(bar: Bar): number {
  if (bar.kind === 'io') return PCI_BASE_ADDRESS_SPACE_IO;
  const type = bar.kind === 'mem64' ? PCI_BASE_ADDRESS_MEM_TYPE_64 : 0;
  return type | (bar.prefetchable ? PCI_BASE_ADDRESS_MEM_PREFETCH : 0);
}

/** Address bits that a BAR of this size holds, as signed low and high dword. */
export function sizeMask(sizeBytes: bigint): { low: number; high: number } {
  const mask = -sizeBytes;
  return { low: Number(BigInt.asIntN(32, mask)), high: Number(BigInt.asIntN(32, mask >> 32n)) };
}

/** Folds the first `barCount` BAR dwords: address bits writable down to the size, all other bits fixed. */
export function foldBars(tables: ConfigTables, bars: readonly Bar[], barCount: number): void {
  for (let barIdx = 0; barIdx < barCount; barIdx++) {
    const offset = PCI_BASE_ADDRESS_0 + 4 * barIdx;
    const bar = bars.find((candidate) => candidate.barIdx === barIdx);
    if (!bar) {
      tables.foldDword(offset, 0, 0);
      continue;
    }
    const mask = sizeMask(bar.sizeBytes);
    const addressMask = bar.kind === 'io' ? PCI_BASE_ADDRESS_IO_MASK : PCI_BASE_ADDRESS_MEM_MASK;
    tables.foldDword(offset, mask.low & addressMask, barFlags(bar));
    if (bar.kind === 'mem64') {
      tables.foldDword(offset + 4, mask.high, 0);
      barIdx++;
    }
  }
}

/** Folds the expansion ROM BAR; size 0: not implemented. */
export function foldRom(tables: ConfigTables, offset: number, sizeBytes: number): void {
  const addressMask = -sizeBytes & PCI_ROM_ADDRESS_MASK;
  tables.foldDword(offset, sizeBytes === 0 ? 0 : addressMask | PCI_ROM_ADDRESS_ENABLE, 0);
}
