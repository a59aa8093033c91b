// vfio-pci-core's permission bits and BAR virtualisation (device.md 2.3 to 2.7), folded.
// Hardware behind it: with a PCI Express capability as section 7.1 says; without one, plain storage.
import { barFlags, foldBars, foldRom, PCI_BASE_ADDRESS_MEM_TYPE_64, sizeMask } from '../bar';
import { findCapability, foldCapabilities, PCI_CAP_ID_EXP } from '../capabilities';
import { allow, byteAt } from '../config-tables';
import {
  BAR_BYTES,
  BAR_IO,
  BAR_KIND,
  BAR_NONE,
  BAR_SIZE,
  BARS,
  BARS_DIRTY,
  CONFIG_MAP,
  CONFIG_QUIRK,
  CONFIG_SIZE,
  CONFIG_VALUE,
  CONFIG_W1C,
  CONFIG_WRITABLE,
  FAST_READ_LIMIT,
  LAZY_BARS,
  MAP_HEADER,
  MAP_UNASSIGNED,
  QUIRK_CORE_COMMAND,
  QUIRK_LAZY_BAR,
  ROM_SIZE,
  VIRTUAL_FUNCTION,
} from '../layout';
import { overlap } from '../overlap';
import { COMMAND_WRITABLE, STATUS_W1C } from './strict';

/** No return value of a request: a variant driver leaves it to the core. */
export const FOR_CORE: i32 = -1;

const HEADER_BYTES: u32 = 64;
const PCI_COMMAND_MEMORY: u16 = 2;
const BIST_CAPABLE: u32 = 0x80;

export function foldCore(s: usize): void {
  const size = load<u32>(s, CONFIG_SIZE);
  memory.fill(s + CONFIG_MAP, <u8>MAP_HEADER, HEADER_BYTES);
  memory.fill(s + CONFIG_MAP + HEADER_BYTES, <u8>MAP_UNASSIGNED, size - HEADER_BYTES);
  // Bytes of no visible capability go to the hardware raw, read and write.
  memory.fill(s + CONFIG_WRITABLE + HEADER_BYTES, 0xff, size - HEADER_BYTES);
  foldHeader(s, findCapability(s, PCI_CAP_ID_EXP) != 0);
  foldBars(s, 6);
  foldRom(s, 0x30, load<u32>(s, ROM_SIZE));
  if (hasTinyIoBar(s)) makeBarsLazy(s);
  foldCapabilities(s);
}

function foldHeader(s: usize, express: bool): void {
  allow(s, 0x04, express ? COMMAND_WRITABLE : 0xffff, 2);
  // A dword write at COMMAND clears STATUS; marking the status bytes leaves byte and word writes of COMMAND plain.
  store<u16>(s + 0x06, STATUS_W1C, CONFIG_W1C);
  store<u16>(s + 0x06, (QUIRK_CORE_COMMAND << 8) | QUIRK_CORE_COMMAND, CONFIG_QUIRK);
  allow(s, 0x0c, 0xff, 1); // cache line size
  const capable = byteAt(s, 0x0f) & BIST_CAPABLE;
  allow(s, 0x0d, express ? 0 : 0xff, 1); // latency timer
  allow(s, 0x0f, express ? (capable ? 0x40 : 0) : 0xff, 1); // BIST
  allow(s, 0x3c, 0xff, 1); // interrupt line
  if (load<u32>(s, VIRTUAL_FUNCTION) != 0) {
    store<u16>(s + 0x04, load<u16>(s + 0x04, CONFIG_VALUE) | PCI_COMMAND_MEMORY, CONFIG_VALUE);
    store<u8>(s + 0x3d, 0, CONFIG_VALUE); // a virtual function has no INTx
  }
}

/** An I/O BAR below 8 bytes keeps address bit 2, which the fix-up mistakes for the 64-bit type (device.md 2.5). */
function hasTinyIoBar(s: usize): bool {
  for (let i: u32 = 0; i < 5; i++) {
    const bar = s + BARS + i * BAR_BYTES;
    if (load<u32>(bar, BAR_KIND) == BAR_IO && load<u64>(bar, BAR_SIZE) < 8) return true;
  }
  return false;
}

/** BARs and ROM are stored verbatim, and a read masks them first. What is lost then depends on when one reads, so it cannot be folded. */
function makeBarsLazy(s: usize): void {
  store<u32>(s, 1, LAZY_BARS);
  store<u32>(s, 1, BARS_DIRTY);
  store<u32>(s, 0, FAST_READ_LIMIT);
  memory.fill(s + CONFIG_WRITABLE + 0x10, 0xff, 24);
  memory.fill(s + CONFIG_WRITABLE + 0x30, 0xff, 4);
  memory.fill(s + CONFIG_QUIRK + 0x10, <u8>QUIRK_LAZY_BAR, 24);
  memory.fill(s + CONFIG_QUIRK + 0x30, <u8>QUIRK_LAZY_BAR, 4);
}

/** vfio_bar_fixup: run before a read that touches a BAR or the ROM, when one was written since. */
export function lazyBarFixup(s: usize, offset: u32, count: u32): void {
  if (load<u32>(s, BARS_DIRTY) == 0) return;
  if (!overlap(offset, count, 0x10, 24) && !overlap(offset, count, 0x30, 4)) return;
  for (let i: u32 = 0; i < 6; i++) {
    const bar = s + BARS + i * BAR_BYTES;
    const at = s + 0x10 + (i << 2);
    if (load<u32>(bar, BAR_KIND) == BAR_NONE) {
      store<u32>(at, 0, CONFIG_VALUE);
      continue;
    }
    const mask = sizeMask(load<u64>(bar, BAR_SIZE));
    const dword = (load<u32>(at, CONFIG_VALUE) & <u32>mask) | barFlags(bar);
    store<u32>(at, dword, CONFIG_VALUE);
    if (dword & PCI_BASE_ADDRESS_MEM_TYPE_64 && i < 5) {
      store<u32>(at + 4, load<u32>(at + 4, CONFIG_VALUE) & <u32>(mask >> 32), CONFIG_VALUE);
      i++;
    }
  }
  const rom = load<u32>(s, ROM_SIZE);
  const romMask: u32 = rom == 0 ? 0 : ~(rom - 1) | 1;
  store<u32>(s + 0x30, load<u32>(s + 0x30, CONFIG_VALUE) & romMask, CONFIG_VALUE);
  store<u32>(s, 0, BARS_DIRTY);
}
