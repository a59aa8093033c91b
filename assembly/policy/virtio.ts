// The virtio variant driver on top of vfio-pci-core (device.md 4): a virtual function shows itself as a transitional
// virtio-net device with an I/O BAR 0. As landed (policy virtio) that BAR is a masked buffer, so it is folded like any
// I/O BAR of 32 bytes: deviceSpec lists it among the BARs. The two posted versions show a constant and store nothing.
import {
  CONFIG_QUIRK,
  CONFIG_VALUE,
  FAST_READ_LIMIT,
  POLICY,
  POLICY_VIRTIO,
  POLICY_VIRTIO_FLAGS,
  QUIRK_REQUEST,
  SHADOW_VALUE,
  VIRTIO_BAR_BYTES,
  VIRTIO_BAR_OFFSET,
  VIRTIO_COMMAND,
} from '../layout';
import { overlap, overlapBufferOffset, overlapCount, overlapRegisterOffset } from '../overlap';

const PCI_DEVICE_ID: u32 = 0x02;
const PCI_COMMAND: u32 = 0x04;
const PCI_REVISION_ID: u32 = 0x08;
const PCI_SUBSYSTEM_VENDOR_ID: u32 = 0x2c;
const PCI_SUBSYSTEM_ID: u32 = 0x2e;
const PCI_COMMAND_IO: u8 = 1;
const PCI_BASE_ADDRESS_SPACE_IO: u32 = 1;
const BAR_DWORD_BYTES: u32 = 4;

const TRANSITIONAL_NET_DEVICE: u16 = 0x1000;
const VIRTIO_VENDOR: u16 = 0x1af4;
const VIRTIO_ID_NET: u16 = 1;

export function isVirtio(policy: u32): bool {
  return policy >= <u32>POLICY_VIRTIO_FLAGS;
}

/** Runs after foldCore. The core writes none of the overlaid ids, so constants in the tables are all there is to them. */
export function foldVirtio(s: usize): void {
  store<u16>(s + PCI_DEVICE_ID, TRANSITIONAL_NET_DEVICE, CONFIG_VALUE);
  store<u8>(s + PCI_REVISION_ID, 0, CONFIG_VALUE);
  store<u16>(s + PCI_SUBSYSTEM_VENDOR_ID, VIRTIO_VENDOR, CONFIG_VALUE);
  store<u16>(s + PCI_SUBSYSTEM_ID, VIRTIO_ID_NET, CONFIG_VALUE);
  store<u16>(s + PCI_COMMAND, (QUIRK_REQUEST << 8) | QUIRK_REQUEST, CONFIG_QUIRK);
  store<u8>(s, load<u8>(s + PCI_COMMAND, CONFIG_VALUE), SHADOW_VALUE);
  if (load<u32>(s, POLICY) == POLICY_VIRTIO) return;
  store<u32>(s, min<u32>(load<u32>(s, FAST_READ_LIMIT), VIRTIO_BAR_OFFSET), FAST_READ_LIMIT);
}

/** Any reset: the stored COMMAND is zeroed, the stored BAR is not. */
export function resetVirtio(s: usize): void {
  hideStoredIo(s);
  store<u32>(s, 0, VIRTIO_COMMAND);
}

/**
 * The constant of the two posted versions over what the core read. `virtio-flags` shows it where the request covers the
 * whole dword; `virtio-flags2` on every byte that is met, but always beginning with the constant's first.
 */
export function virtioRead(s: usize, offset: u32, count: u32, buffer: usize): void {
  if (!overlap(offset, count, VIRTIO_BAR_OFFSET, BAR_DWORD_BYTES)) return;
  if (load<u32>(s, POLICY) == POLICY_VIRTIO_FLAGS && overlapCount != BAR_DWORD_BYTES) return;
  for (let i: u32 = 0; i < overlapCount; i++) {
    store<u8>(buffer + overlapBufferOffset + i, PCI_BASE_ADDRESS_SPACE_IO >> (i << 3));
  }
}

/** What the driver stores of a write. The core sees the write afterwards, and may refuse it: this stays. */
export function virtioWrite(s: usize, offset: u32, count: u32, buffer: usize): void {
  if (overlap(offset, count, PCI_COMMAND, 2)) {
    hideStoredIo(s);
    memory.copy(s + VIRTIO_COMMAND + overlapRegisterOffset, buffer + overlapBufferOffset, overlapCount);
    showStoredIo(s);
  }
  if (load<u32>(s, POLICY) != POLICY_VIRTIO) return;
  if (!overlap(offset, count, VIRTIO_BAR_OFFSET, BAR_DWORD_BYTES)) return;
  const bar = s + VIRTIO_BAR_OFFSET;
  memory.copy(bar + overlapRegisterOffset, buffer + overlapBufferOffset, overlapCount);
  const address = load<u32>(bar, CONFIG_VALUE) & ~(VIRTIO_BAR_BYTES - 1);
  store<u32>(bar, address | PCI_BASE_ADDRESS_SPACE_IO, CONFIG_VALUE);
}

// COMMAND.IO reads 1 where the core says so or the stored copy does. The core's own bit is kept in SHADOW_VALUE.

/** Lets the tables show the core's own COMMAND.IO. */
export function hideStoredIo(s: usize): void {
  setIo(s, load<u8>(s, SHADOW_VALUE));
}

/** Keeps the core's own COMMAND.IO, and lets the tables show the stored one beside it. */
export function showStoredIo(s: usize): void {
  const own = load<u8>(s + PCI_COMMAND, CONFIG_VALUE);
  store<u8>(s, own, SHADOW_VALUE);
  setIo(s, own | load<u8>(s, VIRTIO_COMMAND));
}

function setIo(s: usize, from: u8): void {
  const command = load<u8>(s + PCI_COMMAND, CONFIG_VALUE);
  store<u8>(s + PCI_COMMAND, (command & ~PCI_COMMAND_IO) | (from & PCI_COMMAND_IO), CONFIG_VALUE);
}
