// Capability chains as vfio-pci-core shows them (device.md 2.7): unknown ones hidden by rewiring the pointer
// before them, visible ones read-only but for the registers below. Resizable BAR is visible and read-only.
import { allow, byteAt, wordAt } from './config-tables';
import { foldExtended } from './extended-capabilities';
import { CONFIG_MAP, CONFIG_SIZE, CONFIG_VALUE, CONFIG_WRITABLE } from './layout';

const PCI_STATUS: u32 = 0x06;
const PCI_STATUS_CAP_LIST: u16 = 0x10;
const PCI_CAPABILITY_LIST: u32 = 0x34;
const HEADER_BYTES: u32 = 0x40;
const SPACE_BYTES: u32 = 0x100;
const MAX_STEPS: u32 = 48;

const PCI_CAP_ID_PM: u32 = 0x01;
const PCI_CAP_ID_AGP: u32 = 0x02;
const PCI_CAP_ID_VPD: u32 = 0x03;
const PCI_CAP_ID_MSI: u32 = 0x05;
const PCI_CAP_ID_PCIX: u32 = 0x07;
const PCI_CAP_ID_HT: u32 = 0x08;
const PCI_CAP_ID_VNDR: u32 = 0x09;
export const PCI_CAP_ID_EXP: u32 = 0x10;
const PCI_CAP_ID_MSIX: u32 = 0x11;
const PCI_CAP_ID_SATA: u32 = 0x12;
const PCI_CAP_ID_AF: u32 = 0x13;

function firstCapability(s: usize): u32 {
  if ((<u16>wordAt(s, PCI_STATUS) & PCI_STATUS_CAP_LIST) == 0) return 0;
  return byteAt(s, PCI_CAPABILITY_LIST) & 0xfc;
}

/** Offset of the first capability `id`, 0 where there is none. A chain that leaves 0x40…0xff ends there. */
export function findCapability(s: usize, id: u32): u32 {
  let position = firstCapability(s);
  for (let step: u32 = 0; step < MAX_STEPS && position >= HEADER_BYTES; step++) {
    if (byteAt(s, position) == id) return position;
    position = byteAt(s, position + 1) & 0xfc;
  }
  return 0;
}

/** Marks `bytes` as owned by `id` and read-only. */
export function claim(s: usize, offset: u32, bytes: u32, id: u32, limit: u32): void {
  const end = min(offset + bytes, limit);
  memory.fill(s + CONFIG_MAP + offset, <u8>id, end - offset);
  memory.fill(s + CONFIG_WRITABLE + offset, 0, end - offset);
}

export function foldCapabilities(s: usize): void {
  const extended = foldStandard(s);
  if (extended && load<u32>(s, CONFIG_SIZE) > SPACE_BYTES) foldExtended(s);
}

/** Walks the standard chain. Returns whether a capability seen on it promises extended space. */
function foldStandard(s: usize): bool {
  let extended = false;
  let visible: u32 = 0;
  let previous = PCI_CAPABILITY_LIST;
  let position = firstCapability(s);
  for (let step: u32 = 0; step < MAX_STEPS && position >= HEADER_BYTES; step++) {
    const id = byteAt(s, position);
    const next = byteAt(s, position + 1);
    const bytes = visibleBytes(s, id, position);
    if (id == PCI_CAP_ID_EXP || (id == PCI_CAP_ID_PCIX && pcixVersion(s, position) != 0)) extended = true;
    if (bytes == 0) {
      store<u8>(s + previous, next, CONFIG_VALUE);
    } else {
      claim(s, position, bytes, id, SPACE_BYTES);
      permit(s, id, position);
      previous = position + 1;
      visible++;
    }
    position = next & 0xfc;
  }
  if (visible == 0) {
    store<u16>(s + PCI_STATUS, <u16>wordAt(s, PCI_STATUS) & ~PCI_STATUS_CAP_LIST, CONFIG_VALUE);
  }
  return extended;
}

function pcixVersion(s: usize, position: u32): u32 {
  return (wordAt(s, position + 2) >> 12) & 3;
}

/** Length of a capability that the core shows, 0 for one that it hides. */
function visibleBytes(s: usize, id: u32, position: u32): u32 {
  if (id == PCI_CAP_ID_PM || id == PCI_CAP_ID_VPD) return 8;
  if (id == PCI_CAP_ID_AGP || id == PCI_CAP_ID_MSIX) return 12;
  if (id == PCI_CAP_ID_AF) return 6;
  if (id == PCI_CAP_ID_VNDR) return byteAt(s, position + 2);
  if (id == PCI_CAP_ID_PCIX) return pcixVersion(s, position) != 0 ? 24 : 8;
  // A hypertransport type of 3 bits (slave, host) is the short form.
  if (id == PCI_CAP_ID_HT) return (byteAt(s, position + 3) & 0xe0) != 0 ? 24 : 28;
  if (id == PCI_CAP_ID_SATA) return (byteAt(s, position + 4) & 0xf) == 0xf ? 16 : 8;
  if (id == PCI_CAP_ID_MSI) {
    const flags = wordAt(s, position + 2);
    return 10 + (flags & 0x80 ? 4 : 0) + (flags & 0x100 ? 10 : 0);
  }
  if (id == PCI_CAP_ID_EXP) {
    const flags = wordAt(s, position + 2);
    const integrated = ((flags >> 4) & 0xf) == 9;
    if ((flags & 0xf) == 1) return integrated ? 0x0c : 0x14;
    return integrated ? 0x2c : 0x34;
  }
  return 0;
}

/** Registers inside visible capabilities that a guest may write. */
function permit(s: usize, id: u32, position: u32): void {
  if (id == PCI_CAP_ID_PM) {
    // PME support, status and enable are virtual and 0; power state and data select are writable.
    store<u8>(s + position + 3, byteAt(s, position + 3) & 0x07, CONFIG_VALUE);
    store<u8>(s + position + 5, byteAt(s, position + 5) & 0x7e, CONFIG_VALUE);
    allow(s, position + 4, 0x1e03, 2);
  } else if (id == PCI_CAP_ID_VPD) {
    allow(s, position + 2, 0xffff, 2);
    allow(s, position + 4, 0xffffffff, 4);
  } else if (id == PCI_CAP_ID_PCIX) {
    allow(s, position + 2, 0xffff, 2);
    if (pcixVersion(s, position) != 0) allow(s, position + 8, 0xffffffff, 4);
  } else if (id == PCI_CAP_ID_VNDR) {
    for (let i: u32 = 3; i < byteAt(s, position + 2); i++)
      if (position + i < SPACE_BYTES) allow(s, position + i, 0xff, 1);
  } else if (id == PCI_CAP_ID_EXP) {
    allow(s, position + 8, 0x7dff, 2); // DEVCTL: no phantom functions; FLR always reads 0
    if ((wordAt(s, position + 2) & 0xf) != 1) allow(s, position + 0x28, 0xffdf, 2); // DEVCTL2: no ARI
  } else if (id == PCI_CAP_ID_MSI) {
    permitMsi(s, position);
  }
}

function permitMsi(s: usize, position: u32): void {
  const flags = wordAt(s, position + 2);
  const wide: u32 = flags & 0x80 ? 4 : 0;
  allow(s, position + 2, 0x71, 1); // enable, queue size
  allow(s, position + 4, 0xffffffff, 4);
  if (wide) allow(s, position + 8, 0xffffffff, 4);
  allow(s, position + 8 + wide, 0xffff, 2);
  if (flags & 0x100) {
    allow(s, position + 12 + wide, 0xffffffff, 4);
    allow(s, position + 16 + wide, 0xffffffff, 4);
  }
}
