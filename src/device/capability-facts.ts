/** What the hardware's capabilities say about accesses to its regions. */

import { decodeCapabilities } from '../pci/capabilities.ts';
import { readDword, readWord } from '../pci/config-bytes.ts';
import { PCI_CAP_ID_MSIX, PCI_CAP_ID_PM, PCI_CFG_SPACE_SIZE } from '../pci/registers.ts';
import type { ExclusionWindow } from './region-spec.ts';

const PCI_PM_CTRL = 4;
const PCI_MSIX_FLAGS = 2;
const PCI_MSIX_FLAGS_QSIZE = 0x7ff;
const PCI_MSIX_TABLE = 4;
const PCI_MSIX_TABLE_BIR = 0x7;
const PCI_MSIX_ENTRY_SIZE = 16;

/** The MSI-X table: vfio-pci-core hides it from accesses to its BAR. */
export interface MsixTable {
  readonly barIdx: number;
  readonly window: ExclusionWindow;
}

/** Where the MSI-X capability puts its table; null without one. */
export function msixTable(configBytes: Uint8Array): MsixTable | null {
  const at = capabilityOffset(configBytes, PCI_CAP_ID_MSIX, PCI_MSIX_TABLE + 4);
  if (at === 0) return null;
  const entries = (readWord(configBytes, at + PCI_MSIX_FLAGS) & PCI_MSIX_FLAGS_QSIZE) + 1;
  const table = readDword(configBytes, at + PCI_MSIX_TABLE);
  const startBytes = BigInt(table - (table & PCI_MSIX_TABLE_BIR));
  const endBytes = startBytes + BigInt(entries * PCI_MSIX_ENTRY_SIZE);
  return { barIdx: table & PCI_MSIX_TABLE_BIR, window: { startBytes, endBytes } };
}

/** Offset of the power management capability, whose control register holds the power state; 0 without one. */
export function powerManagementOffset(configBytes: Uint8Array): number {
  return capabilityOffset(configBytes, PCI_CAP_ID_PM, PCI_PM_CTRL + 2);
}

/** Of a capability; 0 without it, also where its first `lengthBytes` do not fit: the space of the standard chain ends before them. */
export function capabilityOffset(configBytes: Uint8Array, id: number, lengthBytes: number): number {
  const found = decodeCapabilities(configBytes).entries.find((entry) => entry.id === id);
  return found && found.offset + lengthBytes <= PCI_CFG_SPACE_SIZE ? found.offset : 0;
}
