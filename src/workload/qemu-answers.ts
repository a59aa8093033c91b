/** Bits of configuration space that QEMU answers itself, whatever the device would say (specification 5.1, 5.4). */
import {
  PCI_BASE_ADDRESS_0,
  PCI_CAPABILITY_LIST,
  PCI_CARDBUS_CIS,
  PCI_HEADER_TYPE,
  PCI_HEADER_TYPE_MFD,
  PCI_ROM_ADDRESS,
} from '../pci/registers.ts';
import { CONFIG_REGION_INDEX, type LogAccess } from './log-line.ts';

/** The name under which `serve --record` writes what the device itself has answered. */
const RECORDED_DEVICE = 'vfio-user';

/** Whether the log is QEMU's own: what it shows of a configuration read is what the guest got. */
function isLoggedByQemu({ device }: Pick<LogAccess, 'device'>): boolean {
  return device !== RECORDED_DEVICE;
}

/**
 * Bits of a logged read that the device has answered, byte by byte; null for all of them. Where there are none, QEMU has
 * not asked the device at all.
 */
export function bitsOfDevice(access: LogAccess): Uint8Array | null {
  const { regionIndex, isWrite, offset, data } = access;
  if (isWrite || regionIndex !== CONFIG_REGION_INDEX || !isLoggedByQemu(access)) return null;
  if (offset >= PCI_CAPABILITY_LIST || offset + data.length <= PCI_HEADER_TYPE) return null;
  return data.map((_, i) => 0xff & ~bitsOfQemu(offset + i));
}

function bitsOfQemu(offset: number): number {
  if (offset >= PCI_BASE_ADDRESS_0 && offset < PCI_CARDBUS_CIS) return 0xff;
  if (offset >= PCI_ROM_ADDRESS && offset < PCI_CAPABILITY_LIST) return 0xff;
  return offset === PCI_HEADER_TYPE ? PCI_HEADER_TYPE_MFD : 0;
}
