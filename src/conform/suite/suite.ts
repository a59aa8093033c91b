import type { Runnable } from '../runnable.ts';
import { BARS } from './bars.ts';
import { CAPABILITIES } from './capabilities.ts';
import { FUNCTIONS } from './functions.ts';
import { IO_PLAN } from './io-plan.ts';
import { LAZY_BARS } from './lazy-bars.ts';
import { NVGRACE } from './nvgrace.ts';
import { NVGRACE_POSTED } from './nvgrace-posted.ts';
import { PHYSICAL_BARS } from './physical-bars.ts';
import { QEMU_BARS } from './qemu-bars.ts';
import { READINESS } from './readiness.ts';
import { REGION_INFO } from './region-info.ts';
import { REGIONS } from './regions.ts';
import { REGISTERS } from './registers.ts';
import { TRACE_LINES } from './trace-lines.ts';
import { VFIO_USER } from './vfio-user.ts';
import { VIRTIO } from './virtio.ts';

/**
 * The built-in conformance suite. An id begins with the section of the specification whose rule it tests;
 * expected values are worked out from that section by hand, never taken from an implementation.
 */
export const SUITE: readonly Runnable[] = [
  ...BARS,
  ...REGISTERS,
  ...CAPABILITIES,
  ...LAZY_BARS,
  ...NVGRACE,
  ...NVGRACE_POSTED,
  ...VIRTIO,
  ...REGIONS,
  ...PHYSICAL_BARS,
  ...READINESS,
  ...IO_PLAN,
  ...REGION_INFO,
  ...FUNCTIONS,
  ...TRACE_LINES,
  ...QEMU_BARS,
  ...VFIO_USER,
];
