import { allowWithin, claim } from './capabilities.ts';
import type { ConfigTables } from './config-tables.ts';

const START = 0x100;
const MAX_STEPS = 480;
/** Extended capability header: 31:20 next, 19:16 version, 15:0 id. */
const NEXT_MASK = 0xffc00000;
const ANCHOR_BYTES = 4;

const PCI_EXT_CAP_ID_ERR = 0x01;
const PCI_EXT_CAP_ID_PWR = 0x04;
const PCI_EXT_CAP_ID_VNDR = 0x0b;
const PCI_EXT_CAP_ID_DVSEC = 0x23;

/** Error bits that exist: PCI_ERR_UNC_*, PCI_ERR_COR_*. */
const UNCORRECTABLE = 0x03fff031;
const CORRECTABLE = 0x0000f1c1;

type LengthOf = (tables: ConfigTables, offset: number) => number;

/** Visible extended capabilities and their length in bytes; ids that are missing here are hidden. */
const LENGTHS: Readonly<Record<number, number | LengthOf>> = {
  [PCI_EXT_CAP_ID_ERR]: 0x2c,
  2: virtualChannelBytes,
  3: 12, // device serial number
  [PCI_EXT_CAP_ID_PWR]: 16,
  8: virtualChannelBytes, // multi-function virtual channel
  9: virtualChannelBytes,
  [PCI_EXT_CAP_ID_VNDR]: (tables, offset) => tables.get32(offset + 4) >>> 20,
  13: acsBytes,
  14: 8, // ARI
  15: 8, // ATS
  16: 0x40, // SR-IOV
  18: 0x28, // multicast
  19: 16, // PRI
  21: (tables, offset) => 4 + 8 * (tables.value8[offset + 8]! >> 5), // resizable BAR
  22: (tables, offset) => 17 + (tables.value8[offset + 4]! & 0x1f), // dynamic power allocation
  23: tphBytes,
  24: 8, // LTR
  [PCI_EXT_CAP_ID_DVSEC]: (tables, offset) => tables.get32(offset + 4) >>> 20,
};

/** Walks the chain at 0x100. A hidden capability at its head stays as an anchor without id. */
export function foldExtendedCapabilities(tables: ConfigTables, sizeBytes: number): void {
  if (tables.get32(START) === 0) return;
  let visible = 0;
  let previous = 0;
  let offset = START;
  for (let step = 0; step < MAX_STEPS && offset >= START && offset <= sizeBytes - 4; step++) {
    const header = tables.get32(offset);
    const id = header & 0xffff;
    const length = LENGTHS[id] ?? 0;
    const bytes = typeof length === 'function' ? length(tables, offset) : length;
    if (bytes > 0) {
      claim(tables, offset, bytes, id, sizeBytes);
      permit(tables, id, offset, bytes);
      visible++;
      previous = offset;
    } else if (previous === 0) {
      claim(tables, offset, ANCHOR_BYTES, id, sizeBytes);
      tables.set32(offset, header & NEXT_MASK);
      previous = offset;
    } else {
      tables.set32(previous, (tables.get32(previous) & ~NEXT_MASK) | (header & NEXT_MASK));
    }
    offset = (header >>> 20) & 0xffc;
  }
  if (visible === 0) tables.set32(START, 0);
}

function virtualChannelBytes(tables: ConfigTables, offset: number): number {
  const channels = 1 + (tables.value8[offset + 4]! & 7);
  const arbitration = tables.value8[offset + 8]!;
  const phases = [128, 64, 32].find((_, i) => arbitration & (8 >> i)) ?? 0;
  const bytes = 16 + 12 * channels;
  return phases === 0 ? bytes : Math.ceil(bytes / 16) * 16 + phases / 2;
}

function acsBytes(tables: ConfigTables, offset: number): number {
  const egressControl = tables.value8[offset + 4]! & 0x20;
  if (!egressControl) return 8;
  const bits = tables.value8[offset + 5]! || 256;
  return 8 + Math.ceil(bits / 32) * 4;
}

function tphBytes(tables: ConfigTables, offset: number): number {
  const capability = tables.get32(offset + 4);
  const tableInCapability = ((capability >>> 9) & 3) === 1;
  return tableInCapability ? 14 + 2 * ((capability >>> 16) & 0x7ff) : 12;
}

function permit(tables: ConfigTables, id: number, offset: number, bytes: number): void {
  if (id === PCI_EXT_CAP_ID_ERR) {
    tables.allowOneToClear(offset + 0x04, UNCORRECTABLE, 4);
    allowWithin(tables, offset + 0x08, UNCORRECTABLE, 4);
    allowWithin(tables, offset + 0x0c, UNCORRECTABLE, 4);
    tables.allowOneToClear(offset + 0x10, CORRECTABLE, 4);
    allowWithin(tables, offset + 0x14, CORRECTABLE, 4);
    allowWithin(tables, offset + 0x18, 0x140, 4); // ECRC generation and checking
  } else if (id === PCI_EXT_CAP_ID_PWR) {
    allowWithin(tables, offset + 4, 0xff, 1); // data select
  } else if (id === PCI_EXT_CAP_ID_VNDR || id === PCI_EXT_CAP_ID_DVSEC) {
    const headerBytes = id === PCI_EXT_CAP_ID_DVSEC ? 10 : 8;
    for (let i = headerBytes; i < bytes; i++) allowWithin(tables, offset + i, 0xff, 1);
  }
}
