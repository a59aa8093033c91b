import { CONFIG_SIZE } from '../../../assembly/layout.ts';
import type { ConfigTables } from './config-tables.ts';
import { foldExtendedCapabilities } from './extended-capabilities.ts';

const PCI_STATUS = 0x06;
const PCI_STATUS_CAP_LIST = 0x10;
const PCI_CAPABILITY_LIST = 0x34;
const FIRST_CAPABILITY = 0x40;
const SPACE_BYTES = 0x100;
const MAX_STEPS = 48;

const PCI_CAP_ID_PM = 0x01;
const PCI_CAP_ID_AGP = 0x02;
const PCI_CAP_ID_VPD = 0x03;
const PCI_CAP_ID_MSI = 0x05;
const PCI_CAP_ID_PCIX = 0x07;
const PCI_CAP_ID_HT = 0x08;
const PCI_CAP_ID_VNDR = 0x09;
export const PCI_CAP_ID_EXP = 0x10;
const PCI_CAP_ID_MSIX = 0x11;
const PCI_CAP_ID_SATA = 0x12;
const PCI_CAP_ID_AF = 0x13;

const PCI_EXP_TYPE_RC_END = 9;

interface Entry {
  readonly id: number;
  readonly offset: number;
  readonly next: number;
}

/** The standard chain as the hardware has it; ends at a pointer outside 0x40…0xff, or after 48 steps. */
function* chain(tables: ConfigTables): Generator<Entry> {
  if ((tables.get16(PCI_STATUS) & PCI_STATUS_CAP_LIST) === 0) return;
  let offset = tables.value8[PCI_CAPABILITY_LIST]! & ~3;
  for (let step = 0; step < MAX_STEPS && offset >= FIRST_CAPABILITY; step++) {
    const next = tables.value8[offset + 1]!;
    yield { id: tables.value8[offset]!, offset, next };
    offset = next & ~3;
  }
}

/** Offset of the first capability `id`, 0 where there is none. */
export function findCapability(tables: ConfigTables, id: number): number {
  for (const entry of chain(tables)) if (entry.id === id) return entry.offset;
  return 0;
}

/** Marks bytes as owned by a capability, and read-only. */
export function claim(tables: ConfigTables, offset: number, bytes: number, id: number, limit: number): void {
  const end = Math.min(offset + bytes, limit);
  tables.map8.fill(id, offset, end);
  tables.writable8.fill(0, offset, end);
}

/** `allow` that stops at the end of configuration space, for chains that point close to it. */
export function allowWithin(tables: ConfigTables, offset: number, mask: number, bytes: number): void {
  tables.allow(offset, mask, Math.min(bytes, tables.getField(CONFIG_SIZE) - offset));
}

/**
 * Capability chains as vfio-pci-core shows them (specification 2.7): unknown ones hidden by rewiring the pointer
 * before them, visible ones read-only but for a few registers. Resizable BAR is visible and read-only.
 */
export function foldCapabilities(tables: ConfigTables, configSizeBytes: number): void {
  let extended = false;
  let visible = 0;
  let pointer = PCI_CAPABILITY_LIST;
  for (const { id, offset, next } of chain(tables)) {
    const bytes = visibleBytes(tables, id, offset);
    extended ||= id === PCI_CAP_ID_EXP || (id === PCI_CAP_ID_PCIX && pcixVersion(tables, offset) !== 0);
    if (bytes === 0) {
      tables.value8[pointer] = next;
      continue;
    }
    claim(tables, offset, bytes, id, SPACE_BYTES);
    permit(tables, id, offset, bytes);
    pointer = offset + 1;
    visible++;
  }
  if (visible === 0) tables.set16(PCI_STATUS, tables.get16(PCI_STATUS) & ~PCI_STATUS_CAP_LIST);
  if (extended && configSizeBytes > SPACE_BYTES) foldExtendedCapabilities(tables, configSizeBytes);
}

function pcixVersion(tables: ConfigTables, offset: number): number {
  return (tables.get16(offset + 2) >> 12) & 3;
}

/** Length of a capability that the core shows, 0 for one that it hides. */
function visibleBytes(tables: ConfigTables, id: number, offset: number): number {
  const flags = tables.get16(offset + 2);
  switch (id) {
    case PCI_CAP_ID_PM:
    case PCI_CAP_ID_VPD:
      return 8;
    case PCI_CAP_ID_AGP:
    case PCI_CAP_ID_MSIX:
      return 12;
    case PCI_CAP_ID_AF:
      return 6;
    case PCI_CAP_ID_MSI:
      return 10 + (flags & 0x80 ? 4 : 0) + (flags & 0x100 ? 10 : 0);
    case PCI_CAP_ID_PCIX:
      return pcixVersion(tables, offset) === 0 ? 8 : 24;
    case PCI_CAP_ID_HT:
      return flags & 0xe000 ? 24 : 28;
    case PCI_CAP_ID_VNDR:
      return flags & 0xff;
    case PCI_CAP_ID_SATA:
      return (tables.value8[offset + 4]! & 0xf) === 0xf ? 16 : 8;
    case PCI_CAP_ID_EXP: {
      const version1 = (flags & 0xf) === 1;
      const integrated = ((flags >> 4) & 0xf) === PCI_EXP_TYPE_RC_END;
      if (version1) return integrated ? 0x0c : 0x14;
      return integrated ? 0x2c : 0x34;
    }
    default:
      return 0;
  }
}

/** Registers inside visible capabilities that a guest may write. */
function permit(tables: ConfigTables, id: number, offset: number, bytes: number): void {
  const flags = tables.get16(offset + 2);
  switch (id) {
    case PCI_CAP_ID_PM:
      // PME support, status and enable are virtual and 0; power state and data select are writable.
      tables.value8[offset + 3]! &= 0x07;
      tables.value8[offset + 5]! &= 0x7e;
      allowWithin(tables, offset + 4, 0x1e03, 2);
      break;
    case PCI_CAP_ID_VPD:
      allowWithin(tables, offset + 2, 0xffff, 2);
      allowWithin(tables, offset + 4, 0xffffffff, 4);
      break;
    case PCI_CAP_ID_PCIX:
      allowWithin(tables, offset + 2, 0xffff, 2);
      if (pcixVersion(tables, offset) !== 0) allowWithin(tables, offset + 8, 0xffffffff, 4);
      break;
    case PCI_CAP_ID_VNDR:
      tables.writable8.fill(0xff, Math.min(offset + 3, SPACE_BYTES), Math.min(offset + bytes, SPACE_BYTES));
      break;
    case PCI_CAP_ID_EXP:
      allowWithin(tables, offset + 8, 0x7dff, 2); // DEVCTL: no phantom functions; FLR always reads 0
      if ((flags & 0xf) !== 1) allowWithin(tables, offset + 0x28, 0xffdf, 2); // DEVCTL2: no ARI
      break;
    case PCI_CAP_ID_MSI:
      permitMsi(tables, offset, flags);
      break;
  }
}

function permitMsi(tables: ConfigTables, offset: number, flags: number): void {
  const data = flags & 0x80 ? offset + 12 : offset + 8;
  allowWithin(tables, offset + 2, 0x71, 1); // enable, queue size
  allowWithin(tables, offset + 4, 0xffffffff, 4);
  if (flags & 0x80) allowWithin(tables, offset + 8, 0xffffffff, 4);
  allowWithin(tables, data, 0xffff, 2);
  if (flags & 0x100) {
    allowWithin(tables, data + 4, 0xffffffff, 4);
    allowWithin(tables, data + 8, 0xffffffff, 4);
  }
}
