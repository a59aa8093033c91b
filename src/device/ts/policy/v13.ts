import { EINVAL, FAST_READ_LIMIT, QUIRK_REQUEST, RESMEM_BAR_OFFSET } from '../../../../assembly/layout.ts';
import type { ResetKind } from '../../device-model.ts';
import type { DeviceSpec } from '../../device-spec.ts';
import { sizeMask } from '../bar.ts';
import type { ConfigTables } from '../config-tables.ts';
import { FOR_CORE } from './core.ts';
import type { VariantDriver } from './requests.ts';

const PCI_BASE_ADDRESS_2 = RESMEM_BAR_OFFSET;
const PCI_BASE_ADDRESS_3 = RESMEM_BAR_OFFSET + 4;
const EMULATED_FLAGS = 0xc; // 64-bit, prefetchable
const FLAG_BITS = 0xf;

/**
 * nvgrace-gpu as posted in version 13 (specification 1.11a): one fake BAR, at 0x18 and 0x1c. A request is emulated
 * only where it starts exactly there; whatever else touches these bytes sees vfio-pci-core's view of the physical
 * BAR. That view stays in the tables, and the two emulated registers are in the shadow.
 */
export class V13Bar implements VariantDriver {
  private readonly tables: ConfigTables;
  private readonly mask: { low: number; high: number };

  constructor(tables: ConfigTables, spec: DeviceSpec) {
    this.tables = tables;
    this.mask = sizeMask(spec.emulatedBarBytes[0]);
  }

  /** Sends requests that start at one of the two registers down the general path. */
  fold(): void {
    const { tables } = this;
    this.zero();
    tables.setField(FAST_READ_LIMIT, Math.min(tables.getField(FAST_READ_LIMIT), PCI_BASE_ADDRESS_2));
    tables.quirk8[PCI_BASE_ADDRESS_2]! |= QUIRK_REQUEST;
    tables.quirk8[PCI_BASE_ADDRESS_3]! |= QUIRK_REQUEST;
  }

  /** The reset ioctl alone; FLR and hot reset leave the registers as they are. */
  reset(kind: ResetKind): void {
    if (kind === 'ioctl') this.zero();
  }

  private zero(): void {
    this.tables.shadowValue8.set([EMULATED_FLAGS, 0, 0, 0, 0, 0, 0, 0]);
  }

  /**
   * A read that starts at an emulated register: the first bytes of it, never those of the next one. The driver
   * reads beyond its variable for more than 4 bytes; the model refuses them.
   */
  takeRead(offset: number, count: number, buffer: Uint8Array): number {
    if (!isEmulated(offset)) return FOR_CORE;
    if (count > 4) return -EINVAL;
    const register = offset - PCI_BASE_ADDRESS_2;
    buffer.set(this.tables.shadowValue8.subarray(register, register + count));
    return count;
  }

  /**
   * A write that starts at an emulated register. All ones size it, anything else is stored verbatim, flags
   * included. The driver leaves the upper bytes of a shorter write uninitialised; the model takes them as 0, so
   * that a shorter write never sizes. More than 4 bytes are refused, as by takeRead.
   */
  takeWrite(offset: number, count: number, buffer: Uint8Array): number {
    if (!isEmulated(offset)) return FOR_CORE;
    if (count > 4) return -EINVAL;
    const bytes = [0, 1, 2, 3].map((i) => (i < count ? buffer[i]! : 0));
    const isAllOnes = bytes.every((byte) => byte === 0xff);
    this.tables.shadowValue8.set(isAllOnes ? this.sized(offset) : bytes, offset - PCI_BASE_ADDRESS_2);
    return count;
  }

  /** What all ones leave in a register: its half of the size mask, the lower one with the flags that it had. */
  private sized(offset: number): number[] {
    if (offset === PCI_BASE_ADDRESS_3) return bytesOf(this.mask.high);
    const flags = this.tables.shadowValue8[0]! & FLAG_BITS;
    return bytesOf((this.mask.low & ~FLAG_BITS) | flags);
  }
}

function isEmulated(offset: number): boolean {
  return offset === PCI_BASE_ADDRESS_2 || offset === PCI_BASE_ADDRESS_3;
}

function bytesOf(dword: number): number[] {
  return [0, 8, 16, 24].map((shift) => (dword >>> shift) & 0xff);
}
