import {
  FAST_READ_LIMIT,
  QUIRK_REQUEST,
  VIRTIO_BAR_BYTES,
  VIRTIO_BAR_OFFSET,
  VIRTIO_COMMAND,
} from '../../../../assembly/layout.ts';
import type { DeviceSpec } from '../../device-spec.ts';
import type { ConfigTables } from '../config-tables.ts';
import { overlap } from '../overlap.ts';
import { FOR_CORE } from './core.ts';
import type { VariantDriver } from './requests.ts';

const PCI_DEVICE_ID = 0x02;
const PCI_COMMAND = 0x04;
const PCI_REVISION_ID = 0x08;
const PCI_SUBSYSTEM_VENDOR_ID = 0x2c;
const PCI_SUBSYSTEM_ID = 0x2e;
const PCI_COMMAND_IO = 1;
const PCI_BASE_ADDRESS_SPACE_IO = 1;
const BAR_DWORD_BYTES = 4;

const TRANSITIONAL_NET_DEVICE = 0x1000;
const VIRTIO_VENDOR = 0x1af4;
const VIRTIO_ID_NET = 1;

/**
 * The virtio variant driver on top of vfio-pci-core (specification 4): a virtual function shows itself as a
 * transitional virtio-net device with an I/O BAR 0. As landed (policy virtio) that BAR is a masked buffer, so it is
 * folded like any I/O BAR of 32 bytes: deviceSpec lists it among the BARs. The two posted versions show a constant
 * and store nothing.
 */
export class VirtioOverlays implements VariantDriver {
  private readonly tables: ConfigTables;
  private readonly policy: DeviceSpec['policy'];

  constructor(tables: ConfigTables, spec: DeviceSpec) {
    this.tables = tables;
    this.policy = spec.policy;
  }

  /** The core writes none of the overlaid ids, so constants in the tables are all there is to them. */
  fold(): void {
    const { tables } = this;
    tables.set16(PCI_DEVICE_ID, TRANSITIONAL_NET_DEVICE);
    tables.value8[PCI_REVISION_ID] = 0;
    tables.set16(PCI_SUBSYSTEM_VENDOR_ID, VIRTIO_VENDOR);
    tables.set16(PCI_SUBSYSTEM_ID, VIRTIO_ID_NET);
    tables.quirk8.fill(QUIRK_REQUEST, PCI_COMMAND, PCI_COMMAND + 2);
    tables.shadowValue8[0] = tables.value8[PCI_COMMAND]!;
    if (this.policy === 'virtio') return;
    tables.setField(FAST_READ_LIMIT, Math.min(tables.getField(FAST_READ_LIMIT), VIRTIO_BAR_OFFSET));
  }

  /** Any reset: the stored COMMAND is zeroed, the stored BAR is not. */
  reset(): void {
    this.beforeCore();
    this.tables.setField(VIRTIO_COMMAND, 0);
  }

  /**
   * The constant of the two posted versions over what the core read. `virtio-flags` shows it where the request
   * covers the whole dword; `virtio-flags2` on every byte that is met, but always beginning with the constant's first.
   */
  patchRead(offset: number, count: number, buffer: Uint8Array): void {
    if (this.policy === 'virtio') return;
    const hit = overlap(offset, count, VIRTIO_BAR_OFFSET, BAR_DWORD_BYTES);
    if (!hit) return;
    const [bufferOffset, bytes] = hit;
    if (this.policy === 'virtio-flags' && bytes !== BAR_DWORD_BYTES) return;
    for (let i = 0; i < bytes; i++) buffer[bufferOffset + i] = i === 0 ? PCI_BASE_ADDRESS_SPACE_IO : 0;
  }

  /** What the driver stores of a write. The core sees the write afterwards, and may refuse it: this stays. */
  takeWrite(offset: number, count: number, buffer: Uint8Array): number {
    const onCommand = overlap(offset, count, PCI_COMMAND, 2);
    if (onCommand) {
      const [bufferOffset, bytes, registerOffset] = onCommand;
      this.beforeCore();
      for (let i = 0; i < bytes; i++) this.storeCommand(registerOffset + i, buffer[bufferOffset + i]!);
      this.afterCore();
    }
    const onBar = overlap(offset, count, VIRTIO_BAR_OFFSET, BAR_DWORD_BYTES);
    if (!onBar || this.policy !== 'virtio') return FOR_CORE;
    const { tables } = this;
    const [bufferOffset, bytes, registerOffset] = onBar;
    for (let i = 0; i < bytes; i++) {
      tables.value8[VIRTIO_BAR_OFFSET + registerOffset + i] = buffer[bufferOffset + i]!;
    }
    const address = tables.get32(VIRTIO_BAR_OFFSET) & -VIRTIO_BAR_BYTES;
    tables.set32(VIRTIO_BAR_OFFSET, address | PCI_BASE_ADDRESS_SPACE_IO);
    return FOR_CORE;
  }

  private storeCommand(byteIdx: number, byte: number): void {
    const shift = 8 * byteIdx;
    const others = this.tables.getField(VIRTIO_COMMAND) & ~(0xff << shift);
    this.tables.setField(VIRTIO_COMMAND, others | (byte << shift));
  }

  // COMMAND.IO reads 1 where the core says so or the stored copy does. The core's own bit is kept in the shadow.

  /** Lets the tables show the core's own COMMAND.IO. */
  beforeCore(): void {
    this.setIo(this.tables.shadowValue8[0]!);
  }

  /** Keeps the core's own COMMAND.IO, and lets the tables show the stored one beside it. */
  afterCore(): void {
    const { tables } = this;
    const own = tables.value8[PCI_COMMAND]!;
    tables.shadowValue8[0] = own;
    this.setIo(own | tables.getField(VIRTIO_COMMAND));
  }

  private setIo(from: number): void {
    const command = this.tables.value8[PCI_COMMAND]!;
    this.tables.value8[PCI_COMMAND] = (command & ~PCI_COMMAND_IO) | (from & PCI_COMMAND_IO);
  }
}
