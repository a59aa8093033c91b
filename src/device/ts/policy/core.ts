import * as layout from '../../../../assembly/layout.ts';
import type { DeviceSpec } from '../../device-spec.ts';
import { barFlags, foldBars, foldRom, sizeMask } from '../bar.ts';
import { findCapability, foldCapabilities, PCI_CAP_ID_EXP } from '../capabilities.ts';
import type { ConfigTables } from '../config-tables.ts';
import { overlap } from '../overlap.ts';
import { COMMAND_WRITABLE, STATUS_W1C } from './strict.ts';

/** No return value of a request: a variant driver leaves it to the core. */
export const FOR_CORE = -1;

const HEADER_BYTES = 64;
const PCI_COMMAND_MEMORY = 2;
const MEM_TYPE_64 = 4;

/**
 * vfio-pci-core's permission bits and BAR virtualisation (specification 2.3 to 2.7), folded. The hardware
 * behind it: with a PCI Express capability as section 7.1 says; without one, plain storage.
 */
export function foldCore(tables: ConfigTables, spec: DeviceSpec): void {
  const size = spec.configBytes.length;
  tables.map8.fill(layout.MAP_HEADER, 0, HEADER_BYTES);
  tables.map8.fill(layout.MAP_UNASSIGNED, HEADER_BYTES, size);
  tables.writable8.fill(0xff, HEADER_BYTES, size); // unassigned bytes reach the hardware raw
  foldHeader(tables, spec);
  foldBars(tables, spec.bars, 6);
  foldRom(tables, 0x30, spec.romSizeBytes);
  // An I/O BAR below 8 bytes keeps address bit 2, which the fix-up mistakes for the 64-bit type (2.5).
  const tinyIo = spec.bars.some((bar) => bar.kind === 'io' && bar.sizeBytes < 8n && bar.barIdx < 5);
  if (tinyIo) makeBarsLazy(tables);
  foldCapabilities(tables, size);
}

function foldHeader(tables: ConfigTables, spec: DeviceSpec): void {
  const express = findCapability(tables, PCI_CAP_ID_EXP) !== 0;
  const bist = tables.value8[0x0f]! & 0x80 ? 0x40 : 0;
  tables.allow(0x04, express ? COMMAND_WRITABLE : 0xffff, 2);
  tables.w1c8.set([STATUS_W1C & 0xff, STATUS_W1C >> 8], 0x06);
  tables.quirk8.fill(layout.QUIRK_CORE_COMMAND, 0x06, 0x08);
  tables.allow(0x0c, 0xff, 1); // cache line size
  tables.allow(0x0d, express ? 0 : 0xff, 1); // latency timer
  tables.allow(0x0f, express ? bist : 0xff, 1); // BIST
  tables.allow(0x3c, 0xff, 1); // interrupt line
  if (!spec.virtualFunction) return;
  tables.set16(0x04, tables.get16(0x04) | PCI_COMMAND_MEMORY);
  tables.value8[0x3d] = 0; // a virtual function has no INTx
}

/** Stored verbatim and masked by the next read: what is lost depends on when one reads, so it cannot be folded. */
function makeBarsLazy(tables: ConfigTables): void {
  tables.setField(layout.LAZY_BARS, 1);
  tables.setField(layout.BARS_DIRTY, 1);
  tables.setField(layout.FAST_READ_LIMIT, 0);
  for (const [start, end] of [
    [0x10, 0x28],
    [0x30, 0x34],
  ] as const) {
    tables.writable8.fill(0xff, start, end);
    tables.quirk8.fill(layout.QUIRK_LAZY_BAR, start, end);
  }
}

/** vfio_bar_fixup: runs before a read that touches a BAR or the ROM, when one was written since. */
export function lazyBarFixup(tables: ConfigTables, spec: DeviceSpec, offset: number, count: number): void {
  if (tables.getField(layout.BARS_DIRTY) === 0) return;
  if (!overlap(offset, count, 0x10, 24) && !overlap(offset, count, 0x30, 4)) return;
  for (let barIdx = 0; barIdx < 6; barIdx++) {
    const at = 0x10 + 4 * barIdx;
    const bar = spec.bars.find((candidate) => candidate.barIdx === barIdx);
    if (!bar) {
      tables.set32(at, 0);
      continue;
    }
    const mask = sizeMask(bar.sizeBytes);
    const dword = (tables.get32(at) & mask.low) | barFlags(bar);
    tables.set32(at, dword);
    if ((dword & MEM_TYPE_64) !== 0 && barIdx < 5) {
      tables.set32(at + 4, tables.get32(at + 4) & mask.high);
      barIdx++;
    }
  }
  const romMask = spec.romSizeBytes === 0 ? 0 : -spec.romSizeBytes | 1;
  tables.set32(0x30, tables.get32(0x30) & romMask);
  tables.setField(layout.BARS_DIRTY, 0);
}
