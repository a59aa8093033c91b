/** What a guest is asked to do with its device, and what it must see. */
import { msixTable } from '../../device/capability-facts.ts';
import type { DeviceSpec } from '../../device/device-spec.ts';
import type { RegionSpec } from '../../device/region-spec.ts';
import { ROM_BAR_IDX, type SizedBar } from '../../workload/sizer/sizing.ts';
import type { GuestAccess, GuestBar, GuestSaw } from './guest-script.ts';
import type { Link } from './machine.ts';

const WIDTHS = [1, 2, 4, 8] as const;
const PATTERN = 0x8877665544332211n;

/** An access whose answer was not what it had to be. */
export interface WrongValue {
  readonly access: GuestAccess;
  readonly expected: bigint;
  /** Null where the guest said nothing of it. */
  readonly found: bigint | null;
}

/**
 * Writes, each read back at once, of every width: at both ends of the largest memory region, at both sides of the end of what is
 * really there, and in the middle. Empty for a device without memory that the guest can reach.
 */
export function accessesOf(spec: DeviceSpec, link: Link): GuestAccess[] {
  const region = guestMemory(spec, link);
  if (!region) return [];
  const { regionIndex: barIdx, barSizeBytes, memlengthBytes } = region;
  const places = (width: bigint) =>
    new Set([
      0n,
      (memlengthBytes / 2n / 8n) * 8n,
      memlengthBytes - width,
      ...(memlengthBytes < barSizeBytes ? [memlengthBytes, barSizeBytes - width] : []),
    ]);
  return WIDTHS.flatMap((widthBytes) => {
    const mask = (1n << BigInt(8 * widthBytes)) - 1n;
    return [...places(BigInt(widthBytes))].flatMap((offset, i) => {
      const value = (PATTERN + BigInt(0x1010 * i)) & mask;
      const access = { barIdx, offset, widthBytes };
      return [
        { ...access, value },
        { ...access, value: null },
      ];
    });
  });
}

/** Reads that were not answered as memory answers: what was written there last, and ones behind its end. */
export function wrongValues(
  spec: DeviceSpec,
  accesses: readonly GuestAccess[],
  { values }: GuestSaw,
): WrongValue[] {
  const region = spec.regions.find(({ regionIndex }) => regionIndex === accesses[0]?.barIdx);
  const bytes = new Map<bigint, number>();
  return accesses.flatMap((access, i): WrongValue[] => {
    const { offset, widthBytes, value } = access;
    if (value !== null) {
      for (let k = 0; k < widthBytes; k++) {
        if (offset + BigInt(k) < region!.memlengthBytes) {
          bytes.set(offset + BigInt(k), Number((value >> BigInt(8 * k)) & 0xffn));
        }
      }
      return [];
    }
    let expected = 0n;
    for (let k = widthBytes - 1; k >= 0; k--) {
      const at = offset + BigInt(k);
      const byte = at < region!.memlengthBytes ? (bytes.get(at) ?? 0) : 0xff;
      expected = (expected << 8n) | BigInt(byte);
    }
    const found = values.get(i) ?? null;
    return found === expected ? [] : [{ access, expected, found }];
  });
}

/** What a guest saw, as our sizers say it. */
export interface SeenBar extends SizedBar {
  readonly isAssigned: boolean;
}

export function seenBar({ barIdx, sizeBytes, is64Bit, isPrefetchable, isIo, isAssigned }: GuestBar): SeenBar {
  const memory = is64Bit ? 'mem64' : 'mem32';
  const kind = barIdx === ROM_BAR_IDX ? 'rom' : isIo ? 'io' : memory;
  return { barIdx, sizeBytes, prefetchable: isPrefetchable, kind, isAssigned };
}

/**
 * GPU memory where there is any, else a physical BAR of memory; none with an MSI-X table, for which QEMU answers itself. Its
 * proxy reaches BARs of 32 bits only.
 */
export function guestMemory({ regions, bars, configBytes }: DeviceSpec, link: Link): RegionSpec | undefined {
  const tableBarIdx = msixTable(configBytes)?.barIdx;
  const is32Bit = (index: number) => bars.some(({ barIdx, kind }) => barIdx === index && kind === 'mem32');
  const plain = regions.filter(
    ({ regionIndex }) => regionIndex !== tableBarIdx && (link === 'vfio-user' || is32Bit(regionIndex)),
  );
  const gpu = plain.filter(({ rules }) => rules === 'memory');
  const physical = plain.filter(({ rules }) => rules === 'bar');
  return (gpu.length > 0 ? gpu : physical).toSorted((a, b) => (a.barSizeBytes > b.barSizeBytes ? -1 : 1))[0];
}
