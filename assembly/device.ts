import {
  CONFIG_SIZE,
  CONFIG_VALUE,
  CONFIG_W1C,
  CONFIG_WRITABLE,
  FAST_READ_LIMIT,
  POLICY,
  POLICY_NVGRACE,
  POLICY_STRICT,
  POLICY_V13,
  READINESS_CHECKED,
  RESET_IOCTL,
  RESET_PENDING,
} from './layout';
import { foldCore } from './policy/core';
import { foldNvgrace, resetEmulatedBars } from './policy/nvgrace';
import { foldStrict } from './policy/strict';
import { foldV13, resetV13 } from './policy/v13';
import { foldVirtio, isVirtio, resetVirtio } from './policy/virtio';
import { attach, state } from './state';

/**
 * Builds the device that the state block describes: folds its policy into the configuration tables and
 * attaches this instance to it. The block holds the hardware's bytes, BARs and regions, its tables zero.
 */
export function build(stateBlock: usize): void {
  const s = stateBlock;
  store<u32>(s, load<u32>(s, CONFIG_SIZE), FAST_READ_LIMIT);
  const policy = load<u32>(s, POLICY);
  if (policy == POLICY_STRICT) {
    foldStrict(s);
  } else {
    foldCore(s);
    if (policy == POLICY_NVGRACE) foldNvgrace(s);
    else if (policy == POLICY_V13) foldV13(s);
    else if (isVirtio(policy)) foldVirtio(s);
  }
  attach(s);
}

/**
 * Resets the device (one of RESET_). Device memory keeps its contents.
 * strict: any reset zeroes what software can write. nvgrace, v13: the reset ioctl alone resets the emulated BARs.
 * virtio: any reset zeroes the stored COMMAND. core: the kernel restores what the reset took, so software sees no
 * change. Where the driver checks readiness (device.md 1.10), it does so at the next access to GPU memory.
 */
export function reset(kind: u32): void {
  const s = state;
  const policy = load<u32>(s, POLICY);
  if (load<u32>(s, READINESS_CHECKED) != 0) store<u32>(s, 1, RESET_PENDING);
  if (policy == POLICY_NVGRACE && kind == RESET_IOCTL) resetEmulatedBars(s);
  if (policy == POLICY_V13 && kind == RESET_IOCTL) resetV13(s);
  if (isVirtio(policy)) resetVirtio(s);
  if (policy != POLICY_STRICT) return;
  const size = load<u32>(s, CONFIG_SIZE);
  for (let offset: u32 = 0; offset < size; offset += 4) {
    const volatileBits = load<u32>(s + offset, CONFIG_WRITABLE) | load<u32>(s + offset, CONFIG_W1C);
    store<u32>(s + offset, load<u32>(s + offset, CONFIG_VALUE) & ~volatileBits, CONFIG_VALUE);
  }
}
