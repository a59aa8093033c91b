// What a policy does with a whole request, around vfio-pci-core. Plain accesses to registers that no policy looks
// at never come here: they are folded into the tables.
import { POLICY, POLICY_NVGRACE, POLICY_V13, POLICY_VIRTIO } from '../layout';
import { FOR_CORE } from './core';
import { nvgraceRead, nvgraceWrite, swapShadow } from './nvgrace';
import { v13Read, v13Write } from './v13';
import { hideStoredIo, isVirtio, showStoredIo, virtioRead, virtioWrite } from './virtio';

/** A read that the policy answers alone, checked before the core checks anything. @returns its result, or FOR_CORE */
export function takeRead(s: usize, offset: u32, count: u32, buffer: usize): i32 {
  return load<u32>(s, POLICY) == POLICY_V13 ? v13Read(s, offset, count, buffer) : FOR_CORE;
}

/** What the policy lays over a read that the core served. */
export function patchRead(s: usize, offset: u32, count: u32, buffer: usize): void {
  const policy = load<u32>(s, POLICY);
  if (policy == POLICY_NVGRACE) nvgraceRead(s, offset, count, buffer);
  else if (isVirtio(policy) && policy != POLICY_VIRTIO) virtioRead(s, offset, count, buffer);
}

/** What the policy takes of a write, before the core sees it. @returns its result, or FOR_CORE */
export function takeWrite(s: usize, offset: u32, count: u32, buffer: usize): i32 {
  const policy = load<u32>(s, POLICY);
  if (policy == POLICY_NVGRACE) return nvgraceWrite(s, offset, count, buffer);
  if (policy == POLICY_V13) return v13Write(s, offset, count, buffer);
  if (isVirtio(policy)) virtioWrite(s, offset, count, buffer);
  return FOR_CORE;
}

/** Puts the core's own view of what is emulated into the tables. */
export function beforeCore(s: usize): void {
  const policy = load<u32>(s, POLICY);
  if (policy == POLICY_NVGRACE) swapShadow(s);
  else if (isVirtio(policy)) hideStoredIo(s);
}

/** Puts the emulated view back. */
export function afterCore(s: usize): void {
  const policy = load<u32>(s, POLICY);
  if (policy == POLICY_NVGRACE) swapShadow(s);
  else if (isVirtio(policy)) showStoredIo(s);
}
