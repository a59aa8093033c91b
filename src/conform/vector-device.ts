/** The device of a vector: its `kind` is a label, its state is in the other fields (specification section 9). */

import {
  type DeviceSpec,
  deviceSpec,
  isVirtio,
  NEEDS_GPU_MEMORY,
  ONE_GPU_REGION,
} from '../device/device-spec.ts';
import {
  MAX_REGION_BYTES,
  ONLY_GPU_REGION,
  RESMEM_REGION,
  type RegionRules,
  type RegionSpec,
  USEMEM_REGION,
} from '../device/region-spec.ts';
import { UsageError } from '../errors.ts';
import type { Policy } from '../types.ts';
import { DEVICE, FIELDS, type Fields } from './device-fields.ts';
import { pciFunction } from './vector-function.ts';
import { parseWith } from './vectors.ts';

/** A device to run a vector on. A vector that leaves something open, such as the backing, has several. */
export interface Variant {
  /** What tells it from the others, for messages; empty where there is one only. */
  readonly name: string;
  readonly spec: DeviceSpec;
  /** Memory for the pages of sparse regions. */
  readonly frameBytes: number;
}

/** The devices of a vector, or why it cannot run. */
export type VectorDevice = RunnableDevice | { readonly skipped: string };

interface RunnableDevice {
  readonly variants: readonly Variant[];
}

const FRAME_BYTES = 2 ** 20;

/**
 * Devices that `device` describes, under `policy`.
 * @param name of the vector, for messages
 * @throws UsageError where a known field is malformed or the fields contradict each other
 */
export function vectorDevice(
  device: Readonly<Record<string, unknown>>,
  policy: Policy,
  name: string,
): VectorDevice {
  const unknown = Object.keys(device).find((field) => !Object.hasOwn(FIELDS, field));
  if (unknown !== undefined) return { skipped: `device field ${unknown} is not known` };
  const fields = parseWith(DEVICE, device, `${name}, device`);
  if (fields.use_len !== undefined) {
    if (isVirtio(policy)) return { skipped: `policy ${policy} with use_len: the driver has no GPU memory` };
    return { variants: named(name, () => tinyVariants(fields, policy)) };
  }
  // Memory that firmware gives as 0 does not fail the probe: vfio-pci-core's own ops serve the device (specification 1.3).
  if (policy === 'nvgrace' && fields.mem_size === 0n) {
    const { mem_size, ...rest } = device;
    return vectorDevice(rest, 'core', name);
  }
  if (NEEDS_GPU_MEMORY.includes(policy) && fields.mem_size === undefined) {
    return { skipped: `policy ${policy} without mem_size or use_len: the device has no GPU memory` };
  }
  const source = named(name, () => pciFunction(fields));
  const { mem_size: sizeBytes, mig_bug: migHardwareBug } = fields;
  try {
    const spec = deviceSpec(source, {
      name,
      policy,
      ...driverOptions(fields),
      gpuMemory: sizeBytes === undefined ? undefined : { sizeBytes, migHardwareBug },
      // Only virtual functions without a physical BAR 0 have an emulated one (specification 4).
      virtualFunction: isVirtio(policy) || (fields.bar0?.startsWith('emulated') ?? false),
    });
    return { variants: [{ name: '', spec, frameBytes: FRAME_BYTES }] };
  } catch (error) {
    // The fields agree, but the driver refuses such a device: there is nothing to access.
    if (error instanceof UsageError) return { skipped: error.message };
    throw error;
  }
}

/** What `make` makes; its errors name the vector. */
function named<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${name}, device: ${error.message}`);
    throw error;
  }
}

function driverOptions({ generation, resmem }: Fields) {
  return { ...(generation ? { generation } : {}), resmem };
}

/** Whether file offsets, which leave 40 bits for the place in a region, cannot hold the region (specification 8.1). */
export function isTooLarge({ barSizeBytes }: RegionSpec): boolean {
  return barSizeBytes > MAX_REGION_BYTES;
}

/**
 * Geometry scaled so that data tests fit in memory: regions 4 and 2 of the given lengths, or the one region of a
 * policy that has one. Nothing says how they are backed, so every backing must give the same answers.
 */
function tinyVariants(fields: Fields, policy: Policy): Variant[] {
  const { use_len = 0n, use_bar = 0n, res_len = 0n, res_bar = 0n } = fields;
  const backings = [
    ['flat memory', { backing: 'flat', pageShift: 16 }],
    ['sparse memory', { backing: 'sparse', pageShift: 16 }],
    ['sparse memory of 4 KiB pages', { backing: 'sparse', pageShift: 12 }],
  ] as const;
  return backings.map(([name, backing]) => {
    const isOnly = ONE_GPU_REGION.includes(policy);
    const usemem = tinyRegion(isOnly ? ONLY_GPU_REGION : USEMEM_REGION, use_len, use_bar, 'memory');
    const hasResmem = res_bar !== 0n && !isOnly;
    const resmem = hasResmem ? [tinyRegion(RESMEM_REGION, res_len, res_bar, 'uncached')] : [];
    const base = deviceSpec(pciFunction(fields), { name, policy: 'core', ...driverOptions(fields) });
    const spec: DeviceSpec = {
      ...base,
      policy,
      emulatedBarBytes: emulatedBarBytes(policy, fields),
      regions: [...resmem, usemem].map((region): RegionSpec => ({ ...region, ...backing })),
    };
    return { name, spec, frameBytes: FRAME_BYTES };
  });
}

function emulatedBarBytes(policy: Policy, { use_bar = 0n, res_bar = 0n }: Fields): [bigint, bigint] {
  if (policy === 'nvgrace') return [res_bar, use_bar];
  return policy === 'v13' ? [use_bar, 0n] : [0n, 0n];
}

function tinyRegion(regionIndex: number, memlengthBytes: bigint, barSizeBytes: bigint, rules: RegionRules) {
  const isPowerOfTwo = (barSizeBytes & (barSizeBytes - 1n)) === 0n;
  if (!isPowerOfTwo || memlengthBytes > barSizeBytes || memlengthBytes > 2n ** 24n) {
    throw new UsageError(
      `region ${regionIndex} of ${memlengthBytes} bytes in a BAR of ${barSizeBytes} was given; expected a power of two around a length of at most 16 MiB`,
    );
  }
  return { regionIndex, memlengthBytes, barSizeBytes, rules };
}
