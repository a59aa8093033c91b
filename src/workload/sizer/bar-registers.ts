/** Steps and sums that several sizers share. Values of registers are unsigned. */

import { layoutOfType } from '../../pci/header.ts';
import {
  PCI_BASE_ADDRESS_0,
  PCI_BASE_ADDRESS_MEM_PREFETCH,
  PCI_BASE_ADDRESS_MEM_TYPE_64,
  PCI_BASE_ADDRESS_MEM_TYPE_MASK,
  PCI_BASE_ADDRESS_SPACE_IO,
  PCI_COMMAND_IO,
  PCI_COMMAND_MEMORY,
} from '../../pci/registers.ts';
import type { ConfigPort } from './config-port.ts';
import { ROM_BAR_IDX, type SizedBar } from './sizing.ts';

export const ALL_ONES = 0xffff_ffff;
export const PCI_COMMAND_DECODE = PCI_COMMAND_IO | PCI_COMMAND_MEMORY;

const IO_ADDRESS_MASK = 0xffff_fffc;
const MEM_ADDRESS_MASK = 0xffff_fff0;

/** 0 for a reserved header type. */
export function barCount(headerType: number): number {
  return layoutOfType(headerType)?.barCount ?? 0;
}

/** Null where the header type has none. */
export function romOffset(headerType: number): number | null {
  return layoutOfType(headerType)?.romOffset ?? null;
}

export function barOffset(barIdx: number): number {
  return PCI_BASE_ADDRESS_0 + 4 * barIdx;
}

/** What a register shows at rest, and after `probe` wrote to it. */
export interface Probe {
  readonly rest: number;
  readonly probed: number;
}

export const NO_PROBE: Probe = { rest: 0, probed: 0 };

/** Read, write, read, write back. */
export function probe(port: ConfigPort, offset: number, value: number): Probe {
  const rest = port.read(offset, 4);
  port.write(offset, 4, value);
  const probed = port.read(offset, 4);
  port.write(offset, 4, rest);
  return { rest, probed };
}

export function isIo(dword: number): boolean {
  return (dword & PCI_BASE_ADDRESS_SPACE_IO) !== 0;
}

/** Whether the flag bits say 64-bit memory. */
export function isMem64(dword: number): boolean {
  return !isIo(dword) && (dword & PCI_BASE_ADDRESS_MEM_TYPE_MASK) === PCI_BASE_ADDRESS_MEM_TYPE_64;
}

/** Kind and prefetchability as the flag bits of `dword` say; the reserved types count as 32-bit. */
export function barOf(barIdx: number, dword: number, sizeBytes: bigint): SizedBar {
  if (isIo(dword)) return { barIdx, kind: 'io', prefetchable: false, sizeBytes };
  const prefetchable = (dword & PCI_BASE_ADDRESS_MEM_PREFETCH) !== 0;
  return { barIdx, kind: isMem64(dword) ? 'mem64' : 'mem32', prefetchable, sizeBytes };
}

export function romOf(sizeBytes: bigint): SizedBar {
  return { barIdx: ROM_BAR_IDX, kind: 'rom', prefetchable: false, sizeBytes };
}

/** Address bits below which the flags of I/O or of memory lie. */
export function addressMask(dword: number): number {
  return isIo(dword) ? IO_ADDRESS_MASK : MEM_ADDRESS_MASK;
}

/** Bits of both, unsigned: `&` alone gives a signed number. */
export function maskedBits(value: number, mask: number): number {
  return (value & mask) >>> 0;
}

export function pair(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

/** ~bits + 1 in 32 bits: 0 for 0. */
export function negated32(bits: number): bigint {
  return BigInt.asUintN(32, -BigInt(bits));
}

/** ~bits + 1 in 64 bits: 0 for 0. */
export function negated64(bits: bigint): bigint {
  return BigInt.asUintN(64, -bits);
}

/** 0 for 0. */
export function lowestSetBit(bits: bigint): bigint {
  return bits & -bits;
}
