/** How QEMU's vfio-pci makes a BAR of a region (specification 5.2 and 5.3). */

import {
  PCI_BASE_ADDRESS_MEM_TYPE_64,
  PCI_BASE_ADDRESS_SPACE_IO,
  PCI_ROM_ADDRESS_ENABLE,
} from './registers.ts';

const IO_TYPE_MASK = 0x3;
const MEM_TYPE_MASK = 0xf;

/** A BAR register of QEMU's own, which is all that the guest ever sees. */
export interface QemuBar {
  readonly ioport: boolean;
  readonly mem64: boolean;
  /** Flag bits that the register starts with. */
  readonly type: number;
  readonly sizeBytes: bigint;
  /** Bits that the guest can write: 64 of them where `mem64`, else the lower 32. */
  readonly writableMask: bigint;
}

/**
 * vfio_bar_prepare and pci_register_bar: flags from the dword as it is, size from the region, never from a probe.
 * @param dword BAR register as it reads when QEMU starts
 * @returns null where the size is no power of two: QEMU exits then
 */
export function qemuBar(dword: number, sizeBytes: bigint): QemuBar | null {
  const ioport = (dword & PCI_BASE_ADDRESS_SPACE_IO) !== 0;
  const mem64 = !ioport && (dword & PCI_BASE_ADDRESS_MEM_TYPE_64) !== 0;
  const type = dword & (ioport ? IO_TYPE_MASK : MEM_TYPE_MASK);
  const writableMask = maskOf(sizeBytes, mem64 ? 64 : 32);
  return writableMask === null ? null : { ioport, mem64, type, sizeBytes, writableMask };
}

/** The expansion ROM: 32-bit memory, with a writable enable bit. */
export function qemuRom(sizeBytes: bigint): QemuBar | null {
  const bar = qemuBar(0, sizeBytes);
  return bar && { ...bar, writableMask: bar.writableMask | BigInt(PCI_ROM_ADDRESS_ENABLE) };
}

function maskOf(sizeBytes: bigint, bits: 32 | 64): bigint | null {
  const isPowerOfTwo = sizeBytes > 0n && (sizeBytes & (sizeBytes - 1n)) === 0n;
  return isPowerOfTwo ? BigInt.asUintN(bits, -sizeBytes) : null;
}

/** What the guest reads back from the lower dword once it has written ones. */
export function guestLowAfterOnes({ type, writableMask }: QemuBar): number {
  return (type | Number(BigInt.asIntN(32, writableMask))) >>> 0;
}
