// What stands before an access to a region: the order of checks of vfio-pci-core (device.md 2.9, 3), of
// nvgrace-gpu (1.9, 1.10) and of the virtio driver (4).
import { CHECKED } from './checks';
import { ioFillable, ioHidden } from './io';
import {
  BACKING_NONE,
  C2C_STATUS,
  CONFIG_VALUE,
  EINVAL,
  EIO,
  ETIME,
  HBM_TRAINING,
  PM_OFFSET,
  POLICY,
  POLICY_STRICT,
  READY,
  REGION_BACKING,
  REGION_BAR_SIZE,
  REGION_MEMLENGTH,
  REGION_RULES,
  REGION_WINDOW_END,
  REGION_WINDOW_START,
  RESET_PENDING,
  RULES_BAR,
  RULES_IO_BAR,
  RULES_MEMORY,
  RULES_ROM,
  RULES_UNCACHED,
  RULES_VIRTIO,
  VGA_REGION,
  VIRTIO_COMMAND,
  VIRTUAL_FUNCTION,
} from './layout';
import { state } from './state';

const PCI_COMMAND: u32 = 0x04;
const PCI_COMMAND_IO: u32 = 1;
const PCI_COMMAND_MEMORY: u32 = 2;
const PCI_PM_CTRL: u32 = 4;
const PCI_PM_CTRL_STATE_MASK: u32 = 3;
const PCI_D3HOT: u32 = 3;

const VIRTIO_PCI_QUEUE_NOTIFY: u64 = 16;
const QUEUE_NOTIFY_BYTES: u32 = 2;

/** vfio_pci_memory_enabled: not in D3hot, and decoding as COMMAND shows it; virtual functions always decode (device.md 2.6). */
function memoryEnabled(): bool {
  const s = state;
  const pm = load<u32>(s, PM_OFFSET);
  if (pm != 0 && (load<u8>(s + pm + PCI_PM_CTRL, CONFIG_VALUE) & PCI_PM_CTRL_STATE_MASK) == PCI_D3HOT)
    return false;
  if (load<u32>(s, VIRTUAL_FUNCTION) != 0) return true;
  return (load<u8>(s + PCI_COMMAND, CONFIG_VALUE) & PCI_COMMAND_MEMORY) != 0;
}

/**
 * The check of the first access after a reset (device.md 1.10): 0, -EIO while memory decoding is off, -ETIME while
 * a register does not read ready. The driver would poll it for 30 s; nothing could change meanwhile, so the model
 * does not wait. A failed check is made again by the next access.
 */
function checkReady(): i32 {
  const s = state;
  if (load<u32>(s, RESET_PENDING) == 0) return 0;
  if (!memoryEnabled()) return -EIO;
  if (load<u32>(s, C2C_STATUS) != READY || load<u32>(s, HBM_TRAINING) != READY) return -ETIME;
  store<u32>(s, 0, RESET_PENDING);
  return 0;
}

/** Whether the driver lets memory decoding decide about accesses, and it is off. */
export function isBlocked(region: usize): bool {
  const rules = load<u32>(region, REGION_RULES);
  return (rules == RULES_BAR || rules == RULES_ROM) && !memoryEnabled();
}

/** Bytes of a blocked request that need no access, because the window hides them. */
export function hiddenBytes(region: usize, offset: u64, count: u32): u32 {
  const windowEnd = load<u64>(region, REGION_WINDOW_END);
  const windowStart = load<u64>(region, REGION_WINDOW_START);
  if (count == 0 || ioFillable(offset, count, windowStart, windowEnd) != 0) return 0;
  return <u32>ioHidden(offset, count, windowEnd);
}

/** Whether nothing but bounds stands between a run of accesses and memory. No access to a region changes it. */
export function isPlain(region: usize): bool {
  const rules = load<u32>(region, REGION_RULES);
  if (rules == RULES_MEMORY || rules == RULES_UNCACHED) return load<u32>(state, RESET_PENDING) == 0;
  if (rules != RULES_BAR && rules != RULES_IO_BAR) return false;
  return load<u64>(region, REGION_WINDOW_END) == 0 && !isBlocked(region);
}

/** Whether accesses are planned (io.ts), so that one that is not aligned becomes several. */
export function isPlanned(region: usize): bool {
  const rules = load<u32>(region, REGION_RULES);
  return rules != RULES_MEMORY && rules != RULES_VIRTIO;
}

/** @returns bytes of a read that the region serves, or a negative errno */
export function admitRead(region: usize, regionIndex: u32, offset: u64, count: u32): i32 {
  const rules = load<u32>(region, REGION_RULES);
  if (load<u32>(region, REGION_BACKING) == BACKING_NONE) return absent(regionIndex, count);
  if (rules == RULES_VIRTIO) return admitVirtio(region, offset, count);
  if (rules != RULES_MEMORY && rules != RULES_UNCACHED) return count == 0 ? 0 : clamp(region, offset, count);
  const done = clamp(region, offset, count);
  if (done < 0) return done;
  const errno = checkReady();
  return errno != 0 ? errno : done;
}

/** @returns bytes of a write that the region takes, or a negative errno */
export function admitWrite(region: usize, regionIndex: u32, offset: u64, count: u32): i32 {
  const rules = load<u32>(region, REGION_RULES);
  if (load<u32>(region, REGION_BACKING) == BACKING_NONE) return absent(regionIndex, count);
  if (rules == RULES_VIRTIO) return admitVirtio(region, offset, count);
  if (rules == RULES_ROM) return count == 0 ? 0 : -EINVAL;
  if (rules != RULES_MEMORY && rules != RULES_UNCACHED) return count == 0 ? 0 : clamp(region, offset, count);
  const done = clamp(region, offset, count);
  if (done < 0 || offset >= load<u64>(region, REGION_MEMLENGTH)) return done;
  const errno = checkReady();
  return errno != 0 ? errno : done;
}

/** A region that the device lacks. vfio-pci-core looks at the count first. */
function absent(regionIndex: u32, count: u32): i32 {
  const isKnown = regionIndex <= <u32>VGA_REGION && load<u32>(state, POLICY) != POLICY_STRICT;
  return isKnown && count == 0 ? 0 : -EINVAL;
}

/** The request clamped to the BAR; -EINVAL where it starts outside or is 2^31 bytes or more. */
function clamp(region: usize, offset: u64, count: u32): i32 {
  if (!CHECKED) return count;
  const barSize = load<u64>(region, REGION_BAR_SIZE);
  if (offset >= barSize || <i32>count < 0) return -EINVAL;
  return <i32>min<u64>(count, barSize - offset);
}

/** The emulated BAR 0 of policy virtio: nothing is clamped, and queue notify is one word. */
function admitVirtio(region: usize, offset: u64, count: u32): i32 {
  if (count == 0) return 0;
  if ((load<u32>(state, VIRTIO_COMMAND) & PCI_COMMAND_IO) == 0) return -EIO;
  const size = load<u64>(region, REGION_BAR_SIZE);
  if (offset >= size || count > size - offset) return -EINVAL;
  return offset == VIRTIO_PCI_QUEUE_NOTIFY && count != QUEUE_NOTIFY_BYTES ? -EINVAL : <i32>count;
}
