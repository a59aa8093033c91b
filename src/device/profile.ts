import type { Bar, BarKind, PciFunction } from '../pci/function.ts';
import type { Policy } from '../types.ts';
import type { GpuMemory } from './device-spec.ts';

/** A device that barometer knows by name. */
export interface Profile {
  readonly name: string;
  readonly summary: string;
  readonly source: PciFunction;
  readonly gpuMemory: GpuMemory | undefined;
  /** Whether it is an SR-IOV virtual function. */
  readonly virtualFunction?: boolean;
  /** Policy when none is asked for. */
  readonly policy: Policy;
}

/** A register as `[offset, value]`. */
export type RegisterRow = readonly [offset: number, value: number];

export const KIB = 2 ** 10;
export const MIB = 2 ** 20;
export const GIB = 2 ** 30;

/** Configuration bytes from words, then dwords. */
export function configFrom(
  sizeBytes: 256 | 4096,
  words: readonly RegisterRow[],
  dwords: readonly RegisterRow[] = [],
): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  const view = new DataView(bytes.buffer);
  for (const [offset, value] of words) view.setUint16(offset, value, true);
  for (const [offset, value] of dwords) view.setUint32(offset, value, true);
  return bytes;
}

export function bar(
  barIdx: number,
  kind: BarKind,
  prefetchable: boolean,
  address: bigint,
  sizeBytes: number,
): Bar {
  return { barIdx, kind, prefetchable, address, sizeBytes: BigInt(sizeBytes), sizeSource: 'profile' };
}

/** The function of a profile; the BAR registers in `configBytes` become what `bars` says. */
export function pciFunction(name: string, configBytes: Uint8Array, bars: readonly Bar[]): PciFunction {
  const view = new DataView(configBytes.buffer);
  for (const { barIdx, kind, prefetchable, address } of bars) {
    const flags = kind === 'io' ? 1 : (kind === 'mem64' ? 4 : 0) | (prefetchable ? 8 : 0);
    view.setUint32(0x10 + 4 * barIdx, Number(address & 0xffff_ffffn) | flags, true);
    if (kind === 'mem64') view.setUint32(0x14 + 4 * barIdx, Number(address >> 32n), true);
  }
  return { slot: null, configBytes, bars, rom: null, origin: `profile ${name}` };
}
