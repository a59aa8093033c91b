/** What is right: the BARs that a device presents under a policy. */

import { type DeviceSpec, isVirtio, ONE_GPU_REGION } from '../../device/device-spec.ts';
import { ONLY_GPU_REGION, RESMEM_REGION, USEMEM_REGION } from '../../device/region-spec.ts';
import type { Bar, PciFunction } from '../../pci/function.ts';
import { ROM_BAR_IDX, type SizedBar } from './sizing.ts';

/** What an access to the BAR reaches. */
export type Behind = 'physical' | 'gpu-memory' | 'virtio-legacy' | 'rom';

export interface PresentedBar extends SizedBar {
  readonly behind: Behind;
}

/**
 * BARs in ascending index, then the ROM: the physical ones, each replaced where a region of the policy shares a
 * dword with it. GPU memory is a 64-bit prefetchable BAR, whatever the registers say.
 * @param spec the device made of `source`
 */
export function presentedBars(source: PciFunction, spec: DeviceSpec): PresentedBar[] {
  const emulated = emulatedBars(source, spec);
  const taken = emulated.flatMap(dwords);
  const physical = source.bars
    .filter((bar) => !dwords(bar).some((dword) => taken.includes(dword)))
    .map(({ barIdx, kind, prefetchable, sizeBytes }): PresentedBar => {
      return { barIdx, kind, prefetchable, sizeBytes, behind: 'physical' };
    });
  const inOrder = [...physical, ...emulated].sort((a, b) => a.barIdx - b.barIdx);
  return source.rom === null ? inOrder : [...inOrder, romBar(source.rom.sizeBytes)];
}

function emulatedBars({ bars }: PciFunction, spec: DeviceSpec): PresentedBar[] {
  const { policy, regions, emulatedBarBytes } = spec;
  if (policy === 'strict') {
    return spec.bars.filter((bar) => !bars.includes(bar)).map((bar) => gpuBar(bar.barIdx, bar.sizeBytes));
  }
  const of = (indexes: readonly number[], make: typeof gpuBar) => {
    const found = regions.filter(({ regionIndex }) => indexes.includes(regionIndex));
    return found.map(({ regionIndex, barSizeBytes }) => make(regionIndex, barSizeBytes));
  };
  if (isVirtio(policy)) return of([0], virtioBar);
  if (ONE_GPU_REGION.includes(policy)) return of([ONLY_GPU_REGION], gpuBar);
  return of(
    [RESMEM_REGION, USEMEM_REGION].filter((_, pairIdx) => emulatedBarBytes[pairIdx]! > 0n),
    gpuBar,
  );
}

function gpuBar(barIdx: number, sizeBytes: bigint): PresentedBar {
  return { barIdx, kind: 'mem64', prefetchable: true, sizeBytes, behind: 'gpu-memory' };
}

function virtioBar(barIdx: number, sizeBytes: bigint): PresentedBar {
  return { barIdx, kind: 'io', prefetchable: false, sizeBytes, behind: 'virtio-legacy' };
}

function romBar(sizeBytes: bigint): PresentedBar {
  return { barIdx: ROM_BAR_IDX, kind: 'rom', prefetchable: false, sizeBytes, behind: 'rom' };
}

function dwords({ barIdx, kind }: Pick<Bar | PresentedBar, 'barIdx' | 'kind'>): number[] {
  return kind === 'mem64' ? [barIdx, barIdx + 1] : [barIdx];
}
