/** What a guest reads of QEMU's own copy and not of the device (specification 5.1, 5.4): what a log says of it tells nothing of ours. */
import { VFIO_PCI_CONFIG_REGION_INDEX } from '../vfio-user/constants.ts';
import type { LoggedAccess } from './logged-access.ts';

/** BARs, the ROM's, and PCI_HEADER_TYPE for its multifunction bit. */
const EMULATED = [
  [0x0e, 0x0f],
  [0x10, 0x28],
  [0x30, 0x34],
] as const;

export function isAnsweredByQemu({ regionIndex, offset, data }: LoggedAccess): boolean {
  if (regionIndex !== VFIO_PCI_CONFIG_REGION_INDEX) return false;
  return EMULATED.some(([first, end]) => offset < end && offset + data.length > first);
}
