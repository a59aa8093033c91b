/** Sizing in-band (specification 7.2, 7.3): what BARs and ROM keep of what is written to them. */
import { hex } from '../../pci/quoted.ts';
import { PCI_ROM_ADDRESS_MASK } from '../../pci/registers.ts';
import { romBytesOf } from '../../vfio-user/served-bars.ts';
import type { ServedRegisters } from '../../vfio-user/served-registers.ts';
import {
  ALL_ONES,
  addressMask,
  barOffset,
  lowestSetBit,
  maskedBits,
  pair,
  romOffset,
} from '../../workload/sizer/bar-registers.ts';
import {
  type Check,
  type CheckedBar,
  type CheckedFunction,
  hexText,
  type NotApplicable,
  unlessEmpty,
} from './check.ts';

/** Address bits that are neither all ones nor all zeroes. */
const PATTERN = 0x5a5a_5a5a_5a5a_5a5an;
/** I/O decoders may have 16 bits. */
const IO_BITS = 0xffffn;

export const BAR_WRITE_CHECKS: readonly Check[] = [
  onBars(
    { id: '7.3 BARs have the sizes of their regions: ones in one register at a time' },
    async (registers, bar) => {
      return wrongSize(bar, await probed(registers, bar));
    },
  ),
  onBars(
    { id: '7.3 BARs have the sizes of their regions: ones in both halves at once' },
    async (registers, bar) => {
      const offsets = registersOf(bar);
      for (const offset of offsets) await registers.write(offset, 4, ALL_ONES);
      return wrongSize(bar, await readAll(registers, offsets));
    },
  ),
  onBars({ id: '7.3 BARs have the sizes of their regions: ones byte by byte' }, async (registers, bar) => {
    const offsets = registersOf(bar);
    for (const offset of offsets) {
      for (let at = 0; at < 4; at++) await registers.write(offset + at, 1, 0xff);
    }
    return wrongSize(bar, await readAll(registers, offsets));
  }),
  onBars(
    { id: '7.2 flags of BARs are read-only', expected: 'the flags at rest' },
    async (registers, { offset, rest, barIdx }) => {
      const flagMask = ~addressMask(rest) >>> 0;
      const wrong: string[] = [];
      for (const written of [ALL_ONES, 0]) {
        await registers.write(offset, 4, written);
        const read = await registers.read(offset, 4);
        if (maskedBits(read, flagMask) !== maskedBits(rest, flagMask)) {
          wrong.push(`BAR ${barIdx} read ${hex(rest, 8)}, and ${hex(read, 8)} after ${hex(written, 8)}`);
        }
      }
      return wrong;
    },
  ),
  onBars(
    { id: '7.2 BARs hold an address', expected: 'the address, and the flags' },
    async (registers, bar) => {
      const width = bar.kind === 'mem64' ? 64 : 32;
      const bits = BigInt.asUintN(width, PATTERN) & ~(bar.sizeBytes - 1n);
      const address = bar.kind === 'io' ? bits & IO_BITS : bits;
      const flags = BigInt(maskedBits(bar.rest, ~addressMask(bar.rest) >>> 0));
      const offsets = registersOf(bar);
      for (const [i, offset] of offsets.entries()) await registers.write(offset, 4, dwordOf(address, i));
      const { low, high } = await readAll(registers, offsets);
      const read = pair(low, high);
      return read === (address | flags)
        ? []
        : [`BAR ${bar.barIdx} reads ${hexText(read)} after ${hexText(address)}`];
    },
  ),
  {
    id: '7.2 registers without a BAR stay 0',
    needs: 'writes',
    run: async (subject) => {
      if (subject.barRegisters === 0) return unknownLayout(subject);
      const unused = unusedRegisters(subject);
      if (unused.length === 0) return { reason: 'every register has a BAR' };
      const wrong: string[] = [];
      for (const barIdx of unused) {
        await subject.registers.write(barOffset(barIdx), 4, ALL_ONES);
        const read = await subject.registers.read(barOffset(barIdx), 4);
        if (read !== 0) wrong.push(`BAR ${barIdx} reads ${hex(read, 8)} after ones`);
      }
      return unlessEmpty('0', wrong);
    },
  },
  {
    id: '7.3 the ROM has the size of its region',
    needs: 'writes',
    run: async (subject) => {
      const offset = romOffset(subject.headerType);
      if (offset === null) return { reason: 'its header type has no ROM' };
      await subject.registers.write(offset, 4, PCI_ROM_ADDRESS_MASK);
      const read = await subject.registers.read(offset, 4);
      const sizeBytes = lowestSetBit(BigInt(maskedBits(read, PCI_ROM_ADDRESS_MASK)));
      const expected = romBytesOf(subject);
      return unlessEmpty(
        `${expected} bytes`,
        sizeBytes === expected ? [] : [`${sizeBytes} bytes, ${hex(read, 8)}`],
      );
    },
  },
];

/** A check of each BAR; what is wrong with it is what `run` returns. @param expected their sizes unless given */
function onBars(
  { id, expected }: { readonly id: string; readonly expected?: string },
  run: (registers: ServedRegisters, bar: CheckedBar) => Promise<readonly string[]>,
): Check {
  return {
    id,
    needs: 'writes',
    run: async (subject) => {
      const { registers, bars } = subject;
      if (subject.barRegisters === 0) return unknownLayout(subject);
      if (bars.length === 0) return { reason: 'it has no BAR' };
      const wrong: string[] = [];
      for (const bar of bars) wrong.push(...(await run(registers, bar)));
      return unlessEmpty(expected ?? sizesOf(bars), wrong);
    },
  };
}

function sizesOf(bars: readonly CheckedBar[]): string {
  return bars.map(({ barIdx, kind, sizeBytes }) => `BAR ${barIdx} ${kind} of ${sizeBytes} bytes`).join(', ');
}

/** Nobody knows what a write there changes, or what would have to be written back. */
function unknownLayout({ headerType }: CheckedFunction): NotApplicable {
  return { reason: `header type ${headerType} is reserved: where it has BARs is not known` };
}

/** One dword or two; a 64-bit BAR in the last register has no second one. */
function registersOf({ offset, upperOffset }: CheckedBar): number[] {
  return upperOffset === null ? [offset] : [offset, upperOffset];
}

interface Dwords {
  readonly low: number;
  /** 0 where there is none. */
  readonly high: number;
}

/** What each register reads while it alone holds ones. */
async function probed(registers: ServedRegisters, bar: CheckedBar): Promise<Dwords> {
  const reads: number[] = [];
  for (const offset of registersOf(bar)) {
    const rest = await registers.read(offset, 4);
    await registers.write(offset, 4, ALL_ONES);
    reads.push(await registers.read(offset, 4));
    await registers.write(offset, 4, rest);
  }
  return { low: reads[0]!, high: reads[1] ?? 0 };
}

async function readAll(registers: ServedRegisters, offsets: readonly number[]): Promise<Dwords> {
  const [low, high] = [await registers.read(offsets[0]!, 4), offsets[1]];
  return { low, high: high === undefined ? 0 : await registers.read(high, 4) };
}

/** The lowest address bit that took a one is the size, and none above it is missing but those that I/O may lack. */
function wrongSize({ barIdx, kind, rest, sizeBytes }: CheckedBar, { low, high }: Dwords): string[] {
  const read = pair(maskedBits(low, addressMask(rest)), high);
  const width = kind === 'mem64' ? 64 : kind === 'io' ? 16 : 32;
  const found = kind === 'io' ? read & IO_BITS : read;
  if (sizeBytes < 2n ** BigInt(width) && found === BigInt.asUintN(width, -sizeBytes)) return [];
  return [
    `BAR ${barIdx} of ${sizeBytes} bytes reads ${hexText(pair(low, high))}: ${lowestSetBit(found)} bytes`,
  ];
}

function dwordOf(value: bigint, dwordIdx: number): number {
  return Number(BigInt.asUintN(32, value >> BigInt(32 * dwordIdx)));
}

/** Neither BARs nor upper halves. */
function unusedRegisters({ bars, barRegisters }: CheckedFunction): number[] {
  const used = new Set(
    bars.flatMap(({ barIdx, kind }) => (kind === 'mem64' ? [barIdx, barIdx + 1] : [barIdx])),
  );
  return Array.from({ length: barRegisters }, (_, barIdx) => barIdx).filter((barIdx) => !used.has(barIdx));
}
