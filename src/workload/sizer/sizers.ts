import { cloudHypervisor } from './cloud-hypervisor.ts';
import { edk2 } from './edk2.ts';
import { freebsd } from './freebsd.ts';
import { linux, linuxOlder } from './linux.ts';
import { qemu } from './qemu.ts';
import { seabios } from './seabios.ts';
import type { Sizer } from './sizing.ts';
import { uBoot } from './u-boot.ts';

/** Every consumer whose way to size BARs is known, kernels first, then firmware, then users of VFIO. */
export const SIZERS: readonly Sizer[] = [
  linux,
  linuxOlder,
  freebsd,
  seabios,
  edk2,
  uBoot,
  cloudHypervisor,
  qemu,
];

export const SIZER_NAMES: readonly string[] = SIZERS.map(({ name }) => name);

export function findSizer(name: string): Sizer | undefined {
  return SIZERS.find((sizer) => sizer.name === name);
}
