/** Which BAR an address of the guest belongs to, as the device's registers have been programmed. */
import {
  PCI_BASE_ADDRESS_0,
  PCI_BASE_ADDRESS_IO_MASK,
  PCI_BASE_ADDRESS_MEM_MASK,
  PCI_BASE_ADDRESS_MEM_TYPE_64,
  PCI_BASE_ADDRESS_MEM_TYPE_MASK,
  PCI_BASE_ADDRESS_SPACE_IO,
  PCI_COMMAND,
  PCI_COMMAND_IO,
  PCI_COMMAND_MEMORY,
} from '../pci/registers.ts';
import type { ServedDevice } from '../vfio-user/served-device.ts';

const BAR_COUNT = 6;

export interface Place {
  readonly barIdx: number;
  readonly offset: number;
}

/** Null where no BAR is programmed to answer there, or its space is switched off in PCI_COMMAND. */
export function placeOf(device: ServedDevice, address: bigint, space: 'memory' | 'io'): Place | null {
  const enabledBy = space === 'io' ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
  if (((device.configDword(PCI_COMMAND) ?? 0) & enabledBy) === 0) return null;
  for (let barIdx = 0; barIdx < BAR_COUNT; barIdx++) {
    const sizeBytes = device.regionBytes(barIdx);
    if (sizeBytes === 0n) continue;
    const base = baseOf(device, barIdx, space);
    if (base === null || address < base || address >= base + sizeBytes) continue;
    return { barIdx, offset: Number(address - base) };
  }
  return null;
}

/** Null where the BAR is one of the other space. */
function baseOf(device: ServedDevice, barIdx: number, space: 'memory' | 'io'): bigint | null {
  const register = registerOf(device, barIdx);
  const isIo = (register & PCI_BASE_ADDRESS_SPACE_IO) !== 0;
  if (isIo !== (space === 'io')) return null;
  if (isIo) return BigInt(register) & PCI_BASE_ADDRESS_IO_MASK;
  const low = BigInt(register) & PCI_BASE_ADDRESS_MEM_MASK;
  const is64Bit = (register & PCI_BASE_ADDRESS_MEM_TYPE_MASK) === PCI_BASE_ADDRESS_MEM_TYPE_64;
  if (!is64Bit || barIdx === BAR_COUNT - 1) return low;
  return (BigInt(registerOf(device, barIdx + 1)) << 32n) | low;
}

function registerOf(device: ServedDevice, barIdx: number): number {
  return device.configDword(PCI_BASE_ADDRESS_0 + 4 * barIdx) ?? 0;
}
