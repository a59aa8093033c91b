import { claim } from './capabilities';
import { allow, allowOneToClear, byteAt, dwordAt } from './config-tables';
import { CONFIG_SIZE, CONFIG_VALUE } from './layout';

// Extended capability header:  31:20 next | 19:16 version | 15:0 id
const START: u32 = 0x100;
const MAX_STEPS: u32 = 480;
const NEXT_MASK: u32 = 0xffc00000;
const ANCHOR_BYTES: u32 = 4;

const PCI_EXT_CAP_ID_ERR: u32 = 0x01;
const PCI_EXT_CAP_ID_VC: u32 = 0x02;
const PCI_EXT_CAP_ID_PWR: u32 = 0x04;
const PCI_EXT_CAP_ID_MFVC: u32 = 0x08;
const PCI_EXT_CAP_ID_VC9: u32 = 0x09;
const PCI_EXT_CAP_ID_VNDR: u32 = 0x0b;
const PCI_EXT_CAP_ID_ACS: u32 = 0x0d;
const PCI_EXT_CAP_ID_REBAR: u32 = 0x15;
const PCI_EXT_CAP_ID_DPA: u32 = 0x16;
const PCI_EXT_CAP_ID_TPH: u32 = 0x17;
const PCI_EXT_CAP_ID_DVSEC: u32 = 0x23;

/** Uncorrectable and correctable error bits that exist (PCI_ERR_UNC_*, PCI_ERR_COR_*). */
const UNCORRECTABLE: u32 = 0x03fff031;
const CORRECTABLE: u32 = 0x0000f1c1;

/** Walks the chain at 0x100. A hidden capability at its head stays as an anchor without id. */
export function foldExtended(s: usize): void {
  const size = load<u32>(s, CONFIG_SIZE);
  let position: u32 = dwordAt(s, START) == 0 ? 0 : START;
  let previous: u32 = 0;
  let visible: u32 = 0;
  for (let step: u32 = 0; step < MAX_STEPS && position >= START && position <= size - 4; step++) {
    const header = dwordAt(s, position);
    const id = header & 0xffff;
    const next = (header >> 20) & 0xffc;
    const bytes = visibleBytes(s, id, position);
    if (bytes == 0 && previous != 0) {
      const kept = load<u32>(s + previous, CONFIG_VALUE) & ~NEXT_MASK;
      store<u32>(s + previous, kept | (next << 20), CONFIG_VALUE);
    } else {
      claim(s, position, bytes == 0 ? ANCHOR_BYTES : bytes, id, size);
      if (bytes == 0) {
        store<u32>(s + position, header & NEXT_MASK, CONFIG_VALUE);
      } else {
        permit(s, id, position, bytes);
        visible++;
      }
      previous = position;
    }
    position = next;
  }
  if (previous != 0 && visible == 0) store<u32>(s + START, 0, CONFIG_VALUE);
}

/** Length of an extended capability that the core shows, 0 for one that it hides. */
function visibleBytes(s: usize, id: u32, position: u32): u32 {
  switch (id) {
    case PCI_EXT_CAP_ID_ERR:
      return 0x2c;
    case 0x03:
      return 12; // device serial number
    case PCI_EXT_CAP_ID_PWR:
      return 16;
    case 0x0e: // ARI
    case 0x0f: // ATS
    case 0x18:
      return 8; // LTR
    case 0x10:
      return 0x40; // SR-IOV
    case 0x12:
      return 0x28; // multicast
    case 0x13:
      return 16; // PRI
    case PCI_EXT_CAP_ID_VC:
    case PCI_EXT_CAP_ID_MFVC:
    case PCI_EXT_CAP_ID_VC9:
      return virtualChannelBytes(s, position);
    case PCI_EXT_CAP_ID_VNDR:
    case PCI_EXT_CAP_ID_DVSEC:
      return dwordAt(s, position + 4) >> 20;
    case PCI_EXT_CAP_ID_ACS:
      return acsBytes(s, position);
    case PCI_EXT_CAP_ID_REBAR:
      return 4 + ((byteAt(s, position + 8) >> 5) & 7) * 8;
    case PCI_EXT_CAP_ID_DPA:
      return 16 + (byteAt(s, position + 4) & 0x1f) + 1;
    case PCI_EXT_CAP_ID_TPH:
      return tphBytes(s, position);
    default:
      return 0;
  }
}

function virtualChannelBytes(s: usize, position: u32): u32 {
  const extendedChannels = byteAt(s, position + 4) & 7;
  const arbitration = byteAt(s, position + 8);
  const phases: u32 = arbitration & 8 ? 128 : arbitration & 4 ? 64 : arbitration & 2 ? 32 : 0;
  const bytes: u32 = 0x10 + (1 + extendedChannels) * 0x0c;
  return phases == 0 ? bytes : ((bytes + 15) & ~15) + phases / 2;
}

function acsBytes(s: usize, position: u32): u32 {
  if ((byteAt(s, position + 4) & 0x20) == 0) return 8;
  const bits = byteAt(s, position + 5);
  return 8 + (bits == 0 ? 32 : ((bits + 31) & ~31) >> 3);
}

function tphBytes(s: usize, position: u32): u32 {
  const capability = dwordAt(s, position + 4);
  if (((capability >> 9) & 3) != 1) return 12;
  return 12 + ((capability >> 16) & 0x7ff) * 2 + 2;
}

function permit(s: usize, id: u32, position: u32, bytes: u32): void {
  if (id == PCI_EXT_CAP_ID_ERR) {
    allowOneToClear(s, position + 0x04, UNCORRECTABLE, 4);
    allow(s, position + 0x08, UNCORRECTABLE, 4);
    allow(s, position + 0x0c, UNCORRECTABLE, 4);
    allowOneToClear(s, position + 0x10, CORRECTABLE, 4);
    allow(s, position + 0x14, CORRECTABLE, 4);
    allow(s, position + 0x18, 0x140, 4); // ECRC generation and checking
  } else if (id == PCI_EXT_CAP_ID_PWR) {
    allow(s, position + 4, 0xff, 1); // data select
  } else if (id == PCI_EXT_CAP_ID_VNDR || id == PCI_EXT_CAP_ID_DVSEC) {
    const headerBytes: u32 = id == PCI_EXT_CAP_ID_DVSEC ? 10 : 8;
    for (let i = headerBytes; i < bytes; i++) allow(s, position + i, 0xff, 1);
  }
}
