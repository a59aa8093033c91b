/** Which BAR an address of the guest belongs to, as the device's registers have been programmed. */
import { PCI_BASE_ADDRESS_0, PCI_COMMAND, PCI_COMMAND_IO, PCI_COMMAND_MEMORY } from '../pci/registers.ts';
import { VFIO_PCI_CONFIG_REGION_INDEX } from '../vfio-user/constants.ts';
import type { ServedDevice } from '../vfio-user/served-device.ts';

const BAR_COUNT = 6;
const REGION_INFO_BYTES = 32;
const INFO_SIZE = 16;

export interface Place {
  readonly barIdx: number;
  readonly offset: number;
}

/** Null where no BAR is programmed to answer there, or its space is switched off in PCI_COMMAND. */
export function placeOf(device: ServedDevice, address: bigint, space: 'memory' | 'io'): Place | null {
  const config = new Uint8Array(PCI_BASE_ADDRESS_0 + 4 * BAR_COUNT);
  if (device.read(VFIO_PCI_CONFIG_REGION_INDEX, 0, config) !== 0) return null;
  const view = new DataView(config.buffer);
  const enabledBy = space === 'io' ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
  if ((view.getUint16(PCI_COMMAND, true) & enabledBy) === 0) return null;
  for (let barIdx = 0; barIdx < BAR_COUNT; barIdx++) {
    const sizeBytes = regionBytes(device, barIdx);
    if (sizeBytes === 0n) continue;
    const register = view.getUint32(PCI_BASE_ADDRESS_0 + 4 * barIdx, true);
    if (((register & 1) !== 0) !== (space === 'io')) continue;
    const base = baseOf(view, barIdx, register);
    if (address >= base && address < base + sizeBytes) return { barIdx, offset: Number(address - base) };
  }
  return null;
}

function baseOf(view: DataView, barIdx: number, register: number): bigint {
  if ((register & 1) !== 0) return BigInt((register & ~3) >>> 0);
  const low = BigInt((register & ~0xf) >>> 0);
  if ((register & 6) !== 4 || barIdx === BAR_COUNT - 1) return low;
  return (BigInt(view.getUint32(PCI_BASE_ADDRESS_0 + 4 * (barIdx + 1), true)) << 32n) | low;
}

function regionBytes(device: ServedDevice, barIdx: number): bigint {
  const info = device.regionInfo(barIdx, REGION_INFO_BYTES);
  if (typeof info === 'number') return 0n;
  return new DataView(info.buffer, info.byteOffset, info.length).getBigUint64(INFO_SIZE, true);
}
