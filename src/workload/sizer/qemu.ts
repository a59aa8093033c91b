/**
 * QEMU's vfio-pci with a Linux guest in it (specification 5.1 to 5.4): QEMU reads the flags from the device and the
 * sizes from VFIO, and the guest sizes QEMU's own registers. Guest writes reach the device first, as QEMU forwards
 * them. The read of all configuration space at start is no register access and is left out.
 */

import { type QemuBar, qemuBar, qemuRom } from '../../pci/qemu-bar.ts';
import { PCI_ROM_ADDRESS, PCI_ROM_ADDRESS_MASK } from '../../pci/registers.ts';
import type { WidthBytes } from '../../types.ts';
import { barCount, barOffset, maskedBits, negated32, probe } from './bar-registers.ts';
import type { ConfigPort } from './config-port.ts';
import { linux } from './linux.ts';
import { type SizedFunction, type Sizer, type Sizing, SizingBuilder } from './sizing.ts';

export const qemu: Sizer = {
  name: 'qemu',
  summary:
    "QEMU with a Linux guest: flags from the device, sizes from VFIO, the guest sizes QEMU's registers",
  headerTypes: [0],
  size: (port, fn) => {
    const guest = new GuestPort(port);
    const failure = realize(port, fn, guest);
    return failure === null ? linux.size(guest, fn) : givenUp(failure);
  },
};

/** Sizes the ROM and registers the BARs; returns why QEMU exits, or null. */
function realize(port: ConfigPort, { headerType, regionBytes }: SizedFunction, guest: GuestPort) {
  const romBytes = negated32(
    maskedBits(probe(port, PCI_ROM_ADDRESS, PCI_ROM_ADDRESS_MASK).probed, PCI_ROM_ADDRESS_MASK),
  );
  const prepared = regionBytes.slice(0, barCount(headerType)).flatMap((sizeBytes, barIdx) => {
    if (sizeBytes === 0n) return [];
    return [{ barIdx, sizeBytes, bar: qemuBar(port.read(barOffset(barIdx), 4), sizeBytes) }];
  });
  const rom = romBytes === 0n ? null : qemuRom(romBytes);
  if (romBytes !== 0n && rom === null) return `the ROM has ${romBytes} bytes, no power of two`;
  if (rom !== null) guest.register(PCI_ROM_ADDRESS, rom);
  for (const { barIdx, sizeBytes, bar } of prepared) {
    if (bar === null) return `region ${barIdx} has ${sizeBytes} bytes, no power of two`;
    guest.register(barOffset(barIdx), bar);
  }
  return null;
}

function givenUp(failure: string): Sizing {
  const sizing = new SizingBuilder();
  sizing.failure = failure;
  return sizing;
}

interface EmulatedDword {
  value: number;
  readonly writable: number;
}

/** What the guest accesses: BARs and ROM are QEMU's, the rest is the device's. */
class GuestPort implements ConfigPort {
  /** By offset. QEMU starts with all of them zero and not writable. */
  private readonly dwords = new Map<number, EmulatedDword>();
  private readonly port: ConfigPort;

  constructor(port: ConfigPort) {
    this.port = port;
    for (let barIdx = 0; barIdx < barCount(0); barIdx++) {
      this.dwords.set(barOffset(barIdx), { value: 0, writable: 0 });
    }
    this.dwords.set(PCI_ROM_ADDRESS, { value: 0, writable: 0 });
  }

  register(offset: number, { mem64, type, writableMask }: QemuBar): void {
    this.dwords.set(offset, { value: type, writable: Number(BigInt.asUintN(32, writableMask)) });
    if (mem64) this.dwords.set(offset + 4, { value: 0, writable: Number(writableMask >> 32n) });
  }

  /** Emulated dwords are emulated in every bit, so that the device is not asked. */
  read(offset: number, width: WidthBytes): number {
    return this.dwords.get(offset)?.value ?? this.port.read(offset, width);
  }

  write(offset: number, width: WidthBytes, value: number): void {
    this.port.write(offset, width, value);
    const dword = this.dwords.get(offset);
    if (dword) dword.value = ((dword.value & ~dword.writable) | (value & dword.writable)) >>> 0;
  }
}
