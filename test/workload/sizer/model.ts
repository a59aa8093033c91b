/**
 * What each sizer must conclude, worked out from the specification in another way than the code under test: from
 * what every register shows at rest and after ones (6.10), and from what sets one consumer apart from the next (6.3
 * to 6.8, 5.3). No access is played through.
 */

import type { Policy } from '../../../src/types.ts';

export interface ModelBar {
  readonly barIdx: number;
  readonly kind: 'io' | 'mem32' | 'mem64' | 'rom';
  readonly prefetchable: boolean;
  readonly sizeBytes: bigint;
}

export interface ModelDevice {
  readonly bars: readonly (ModelBar & { readonly address: bigint })[];
  readonly romBytes: bigint;
  /** 0: none. */
  readonly gpuBytes: bigint;
  /** Whether nvgrace carves an uncached region out. */
  readonly carveOut: boolean;
}

/** A dword at rest, and once ones were written to it. */
interface Register {
  readonly rest: bigint;
  readonly ones: bigint;
}

const GIB = 2n ** 30n;
const TWO_32 = 2n ** 32n;
const NONE: Register = { rest: 0n, ones: 0n };
const GPU_FLAGS = 0xcn;

function powerOfTwo(least: bigint): bigint {
  let power = 1n;
  while (power < least) power *= 2n;
  return power;
}

/** Region index and size of the BARs that the policy puts in the place of physical ones. */
function emulated(policy: Policy, { gpuBytes, carveOut }: ModelDevice): [number, bigint][] {
  if (policy.startsWith('virtio')) return [[0, 32n]];
  if (gpuBytes === 0n || policy === 'core') return [];
  if (policy === 'passthrough' || policy === 'v13') return [[2, powerOfTwo(gpuBytes)]];
  if (!carveOut) return [[4, powerOfTwo(gpuBytes)]];
  const cached = gpuBytes - GIB;
  const uncached = GIB + (cached % (GIB / 2n));
  return [
    [2, powerOfTwo(uncached)],
    [4, powerOfTwo(cached)],
  ];
}

function dwordsOf({ barIdx, kind }: Pick<ModelBar, 'barIdx' | 'kind'>): number[] {
  return kind === 'mem64' ? [barIdx, barIdx + 1] : [barIdx];
}

/** What the device presents; compare with presentedBars. */
export function modelTruth(policy: Policy, device: ModelDevice): ModelBar[] {
  const kind = policy.startsWith('virtio') ? 'io' : 'mem64';
  const own = emulated(policy, device).map(
    ([barIdx, sizeBytes]): ModelBar => ({ barIdx, kind, prefetchable: kind === 'mem64', sizeBytes }),
  );
  const taken = new Set(own.flatMap(dwordsOf));
  const kept = device.bars.filter((bar) => !dwordsOf(bar).some((dword) => taken.has(dword)));
  const rom: ModelBar[] =
    device.romBytes === 0n
      ? []
      : [{ barIdx: 6, kind: 'rom', prefetchable: false, sizeBytes: device.romBytes }];
  return [...kept, ...own].sort((a, b) => a.barIdx - b.barIdx).concat(rom);
}

function flagsOf({ kind, prefetchable }: ModelBar): bigint {
  return { io: 1n, mem32: 0n, mem64: 4n, rom: 0n }[kind] + (prefetchable ? 8n : 0n);
}

/** Registers of a BAR of `sizeBytes` at `address`, low and high. */
function registers(flags: bigint, sizeBytes: bigint, address: bigint): [Register, Register] {
  const ones = 2n ** 64n - sizeBytes;
  return [
    { rest: (address % TWO_32) + flags, ones: (ones % TWO_32) + flags },
    { rest: address / TWO_32, ones: ones / TWO_32 },
  ];
}

/** The six BAR dwords as the policy shows them. */
function show(policy: Policy, device: ModelDevice): Register[] {
  const shown = Array<Register>(6).fill(NONE);
  const put = (barIdx: number, [low, high]: readonly Register[], wide: boolean) => {
    shown[barIdx] = low!;
    if (wide) shown[barIdx + 1] = high!;
  };
  const physical = policy === 'strict' ? modelTruth(policy, device) : device.bars;
  for (const bar of device.bars.filter(({ barIdx }) => physical.some((kept) => kept.barIdx === barIdx))) {
    put(bar.barIdx, registers(flagsOf(bar), bar.sizeBytes, bar.address), bar.kind === 'mem64');
  }
  for (const [barIdx, sizeBytes] of emulated(policy, device)) {
    if (policy === 'passthrough') continue;
    if (policy === 'virtio') put(barIdx, registers(1n, sizeBytes, 0n), false);
    else if (policy.startsWith('virtio-flags')) put(barIdx, [{ rest: 1n, ones: 1n }], false);
    else put(barIdx, registers(GPU_FLAGS, sizeBytes, 0n), true);
  }
  return shown;
}

/** What sets a consumer apart. */
interface Habits {
  /** Which value tells the kind. */
  readonly flags: keyof Register;
  readonly size: 'lowest bit' | 'negated';
  /** A 64-bit BAR that comes out as none: is the upper dword looked at by itself? */
  readonly upperOfNone: 'looked at' | 'skipped';
  /** Values that stand for no register. */
  readonly deaf: readonly bigint[];
  readonly leastMemory: bigint;
  readonly romMissed?: bigint;
  /** Whether the upper dword counts as ones from its highest set bit on. */
  readonly upperFilled?: boolean;
}

const ONES = TWO_32 - 1n;

const HABITS: Readonly<Record<string, Habits>> = {
  linux: { flags: 'rest', size: 'lowest bit', upperOfNone: 'looked at', deaf: [ONES], leastMemory: 1n },
  freebsd: { flags: 'rest', size: 'lowest bit', upperOfNone: 'skipped', deaf: [], leastMemory: 16n },
  seabios: { flags: 'rest', size: 'negated', upperOfNone: 'looked at', deaf: [], leastMemory: 1n },
  edk2: {
    flags: 'ones',
    size: 'negated',
    upperOfNone: 'skipped',
    deaf: [],
    leastMemory: 1n,
    romMissed: 2048n,
    upperFilled: true,
  },
  'u-boot': { flags: 'ones', size: 'negated', upperOfNone: 'skipped', deaf: [ONES], leastMemory: 1n },
  'cloud-hypervisor': {
    flags: 'rest',
    size: 'negated',
    upperOfNone: 'looked at',
    deaf: [],
    leastMemory: 1n,
  },
};

function habitsOf(sizer: string): Habits {
  return HABITS[sizer.startsWith('linux') || sizer === 'qemu' ? 'linux' : sizer]!;
}

function sizeOf(address: bigint, bits: bigint, how: Habits['size']): bigint {
  if (address === 0n) return 0n;
  return how === 'lowest bit' ? address & -address : 2n ** bits - address;
}

function filled(upper: bigint): bigint {
  const bits = upper.toString(2).length;
  return upper === 0n ? ONES : upper + TWO_32 - 2n ** BigInt(bits);
}

function conclude(shown: readonly Register[], habits: Habits): ModelBar[] {
  const found: ModelBar[] = [];
  for (let barIdx = 0; barIdx < 6; barIdx++) {
    const low = shown[barIdx]!;
    if (habits.deaf.includes(low.ones)) continue;
    const flags = low[habits.flags];
    const isIo = flags % 2n === 1n;
    const isWide = flags % 8n === 4n;
    // FreeBSD takes the address bits as the value after ones says, all others as its flags say.
    const addressUnit = (habits.leastMemory > 1n ? low.ones : flags) % 2n === 1n ? 4n : 16n;
    const lowAddress = low.ones - (low.ones % addressUnit);
    const upper = isWide ? (shown[barIdx + 1]?.ones ?? 0n) : 0n;
    const isFilled = isWide && habits.upperFilled === true && lowAddress + upper > 0n;
    const address = lowAddress + (isFilled ? filled(upper) : upper) * TWO_32;
    const sizeBytes = sizeOf(address, isWide ? 64n : 32n, habits.size);
    const isBar = sizeBytes > 0n && (isIo || sizeBytes >= habits.leastMemory);
    const kind = isIo ? 'io' : isWide ? 'mem64' : 'mem32';
    if (isBar) found.push({ barIdx, kind, prefetchable: !isIo && (flags / 8n) % 2n === 1n, sizeBytes });
    if (isWide && (isBar || habits.upperOfNone === 'skipped')) barIdx++;
  }
  return found;
}

/** QEMU's own registers: flags as the device shows them at rest, sizes as VFIO tells them. */
function qemuShows(shown: readonly Register[], regions: ReadonlyMap<number, bigint>): Register[] {
  const own = Array<Register>(6).fill(NONE);
  for (const [barIdx, sizeBytes] of [...regions].sort(([a], [b]) => a - b)) {
    const flags = shown[barIdx]!.rest;
    const type = flags % 2n === 1n ? flags % 4n : flags % 16n;
    const [low, high] = registers(type, sizeBytes, 0n);
    own[barIdx] = { rest: type, ones: low.ones };
    if (type % 8n === 4n) own[barIdx + 1] = high;
  }
  return own;
}

/** The BARs that the sizer must conclude, in ascending index. */
export function modelSizing(policy: Policy, device: ModelDevice, sizer: string): ModelBar[] {
  const habits = habitsOf(sizer);
  const shown = show(policy, device);
  const physical = policy === 'strict' ? modelTruth(policy, device) : device.bars;
  const regions = new Map([
    ...physical
      .filter(({ kind }) => kind !== 'rom')
      .map(({ barIdx, sizeBytes }) => [barIdx, sizeBytes] as const),
    ...emulated(policy, device),
  ]);
  const bars = conclude(sizer === 'qemu' ? qemuShows(shown, regions) : shown, habits);
  const hasRom = device.romBytes !== 0n && device.romBytes !== habits.romMissed;
  return hasRom
    ? [...bars, { barIdx: 6, kind: 'rom', prefetchable: false, sizeBytes: device.romBytes }]
    : bars;
}
