import type { DeviceSpec } from '../../device-spec.ts';
import { foldBars, foldRom } from '../bar.ts';
import type { ConfigTables } from '../config-tables.ts';

/** Bits of COMMAND that PCI Express lets software write (specification 7.1). */
export const COMMAND_WRITABLE = 0x0547;
/** RW1C bits of STATUS and secondary status. */
export const STATUS_W1C = 0xf900;

type Register = readonly [offset: number, bytes: number, writable: number];

const COMMON: readonly Register[] = [
  [0x04, 2, COMMAND_WRITABLE],
  [0x0c, 1, 0xff], // cache line size
  [0x3c, 1, 0xff], // interrupt line
];

const BRIDGE: readonly Register[] = [
  [0x18, 2, 0xffff], // primary and secondary bus number
  [0x1a, 1, 0xff], // subordinate bus number
  [0x1c, 2, 0xf0f0], // I/O base and limit
  [0x20, 4, 0xfff0fff0], // memory base and limit
  [0x24, 4, 0xfff0fff0], // prefetchable base and limit
  [0x3e, 2, 0x005f], // bridge control
];

const CARDBUS: readonly Register[] = [
  [0x18, 4, 0xffffffff], // bus numbers, CardBus latency timer
  ...[0x1c, 0x20, 0x24, 0x28].map((offset): Register => [offset, 4, 0xfffff000]), // memory windows
  ...[0x2c, 0x30, 0x34, 0x38].map((offset): Register => [offset, 4, 0xfffffffc]), // I/O windows
  [0x3e, 2, 0x07ff], // bridge control
];

/** What PCIe 7.5.1.2.1 asks and no more (specification 1.11b), with the registers of section 7.1. */
export function foldStrict(tables: ConfigTables, spec: DeviceSpec): void {
  allowAll(tables, COMMON);
  tables.allowOneToClear(0x06, STATUS_W1C, 2);
  const bistCapable = (tables.value8[0x0f]! & 0x80) !== 0;
  if (bistCapable) tables.allow(0x0f, 0x40, 1);
  const headerLayout = tables.value8[0x0e]! & 0x7f;
  if (headerLayout === 1) foldBridge(tables, spec);
  else if (headerLayout === 2) {
    foldBars(tables, spec.bars, 1);
    allowAll(tables, CARDBUS);
    tables.allowOneToClear(0x16, STATUS_W1C, 2);
  } else {
    foldBars(tables, spec.bars, 6);
    foldRom(tables, 0x30, spec.romSizeBytes);
  }
}

function foldBridge(tables: ConfigTables, spec: DeviceSpec): void {
  foldBars(tables, spec.bars, 2);
  allowAll(tables, BRIDGE);
  tables.allowOneToClear(0x1e, STATUS_W1C, 2);
  const widePrefetch = (tables.value8[0x24]! & 0xf) === 1;
  if (widePrefetch)
    allowAll(tables, [
      [0x28, 4, 0xffffffff],
      [0x2c, 4, 0xffffffff],
    ]);
  const wideIo = (tables.value8[0x1c]! & 0xf) === 1;
  if (wideIo) tables.allow(0x30, 0xffffffff, 4);
  foldRom(tables, 0x38, spec.romSizeBytes);
}

function allowAll(tables: ConfigTables, registers: readonly Register[]): void {
  for (const [offset, bytes, writable] of registers) tables.allow(offset, writable, bytes);
}
