/**
 * Linux, drivers/pci/probe.c (specification 6.1 to 6.3): current kernels probe all registers in one go before they
 * decode any, older ones take BAR by BAR. Both decode the flags from the value at rest, not from the probe.
 */

import { PCI_COMMAND, PCI_ROM_ADDRESS_MASK } from '../../pci/registers.ts';
import {
  ALL_ONES,
  addressMask,
  barCount,
  barOf,
  barOffset,
  isIo,
  isMem64,
  lowestSetBit,
  maskedBits,
  NO_PROBE,
  PCI_COMMAND_DECODE,
  type Probe,
  pair,
  probe,
  romOffset,
} from './bar-registers.ts';
import type { ConfigPort } from './config-port.ts';
import { ROM_BAR_IDX, type SizedFunction, type Sizer, type Sizing, SizingBuilder } from './sizing.ts';

/** On x86: I/O ports have 16 bits. */
const IO_SPACE_LIMIT = 0xffff;

/** Both halves of a BAR; `high` counts for 64-bit memory only. */
type ReadBase = (barIdx: number) => { readonly low: Probe; readonly high: Probe };

/** 6.15 and later. */
export const linux: Sizer = {
  name: 'linux',
  summary: 'Linux 6.15 and later: all registers probed in one go, then decoded',
  headerTypes: [0, 1, 2],
  size: (port, fn) => {
    const command = port.read(PCI_COMMAND, 2);
    const decoding = (command & PCI_COMMAND_DECODE) !== 0;
    const rom = romOffset(fn.headerType);
    if (decoding) port.write(PCI_COMMAND, 2, command & ~PCI_COMMAND_DECODE);
    const sizes = Array.from({ length: barCount(fn.headerType) }, (_, barIdx) => {
      return probe(port, barOffset(barIdx), ALL_ONES).probed;
    });
    const romSize = rom === null ? 0 : probe(port, rom, PCI_ROM_ADDRESS_MASK).probed;
    if (decoding) port.write(PCI_COMMAND, 2, command);

    const again = (barIdx: number): Probe => {
      return { rest: port.read(barOffset(barIdx), 4), probed: sizes[barIdx] ?? 0 };
    };
    return decode(fn, {
      readBase: (barIdx) => {
        const low = again(barIdx);
        return { low, high: isMem64(low.rest) ? again(barIdx + 1) : NO_PROBE };
      },
      readRom: (offset) => ({ rest: port.read(offset, 4), probed: romSize }),
    });
  },
};

/** Before 6.15. */
export const linuxOlder: Sizer = {
  name: 'linux-older',
  summary: 'Linux before 6.15: BAR by BAR',
  headerTypes: [0, 1, 2],
  size: (port, fn) =>
    decode(fn, {
      readBase: (barIdx) =>
        withoutDecoding(port, () => {
          const low = probe(port, barOffset(barIdx), ALL_ONES);
          const high = isMem64(low.rest) ? probe(port, barOffset(barIdx + 1), ALL_ONES) : NO_PROBE;
          return { low, high };
        }),
      readRom: (offset) => withoutDecoding(port, () => probeRomOlder(port, offset)),
    }),
};

function withoutDecoding<T>(port: ConfigPort, action: () => T): T {
  const command = port.read(PCI_COMMAND, 2);
  const decoding = (command & PCI_COMMAND_DECODE) !== 0;
  if (decoding) port.write(PCI_COMMAND, 2, command & ~PCI_COMMAND_DECODE);
  const result = action();
  if (decoding) port.write(PCI_COMMAND, 2, command);
  return result;
}

/** The probe keeps the bits at rest, so that an enabled ROM stays enabled. */
function probeRomOlder(port: ConfigPort, offset: number): Probe {
  const rest = port.read(offset, 4);
  port.write(offset, 4, (rest | PCI_ROM_ADDRESS_MASK) >>> 0);
  const probed = port.read(offset, 4);
  port.write(offset, 4, rest);
  return { rest, probed };
}

interface Reader {
  readonly readBase: ReadBase;
  readonly readRom: (offset: number) => Probe;
}

function decode({ headerType }: SizedFunction, { readBase, readRom }: Reader): Sizing {
  const sizing = new SizingBuilder();
  for (let barIdx = 0; barIdx < barCount(headerType); barIdx++) {
    const { low, high } = readBase(barIdx);
    const { sizeBytes, whyNone } = regionOf(low, high);
    sizing.add(barOf(barIdx, unlessOnes(low.rest), sizeBytes), whyNone);
    // The kernel skips the upper dword of a BAR that it could size. Specification 6.1 does not speak of others;
    // the source clears the 64-bit flag of those, and so reads their upper dword as a BAR of its own.
    if (isMem64(low.rest) && sizeBytes !== 0n) barIdx++;
  }
  const rom = romOffset(headerType);
  if (rom === null) return sizing;
  const romProbe = readRom(rom);
  const mask = BigInt(PCI_ROM_ADDRESS_MASK);
  const { sizeBytes, whyNone } = sizeOf(addressBits(romProbe, PCI_ROM_ADDRESS_MASK), mask);
  sizing.add({ barIdx: ROM_BAR_IDX, kind: 'rom', prefetchable: true, sizeBytes }, whyNone);
  return sizing;
}

interface AddressBits {
  readonly base: bigint;
  readonly max: bigint;
}

interface RegionSize {
  readonly sizeBytes: bigint;
  readonly whyNone: string | null;
}

function regionOf(low: Probe, high: Probe): RegionSize {
  const flagMask = addressMask(unlessOnes(low.rest));
  const { base, max } = addressBits(low, flagMask);
  if (isMem64(unlessOnes(low.rest))) {
    const upper = { base: pair(0, high.rest), max: pair(0, high.probed) };
    return sizeOf({ base: base | upper.base, max: max | upper.max }, pair(flagMask, ALL_ONES));
  }
  const mask = isIo(unlessOnes(low.rest)) ? maskedBits(flagMask, IO_SPACE_LIMIT) : flagMask;
  return sizeOf({ base, max }, BigInt(mask));
}

/** A register of ones is one that nobody answered for. */
function unlessOnes(dword: number): number {
  return dword === ALL_ONES ? 0 : dword;
}

function addressBits({ rest, probed }: Probe, mask: number): AddressBits {
  return {
    base: BigInt(maskedBits(unlessOnes(rest), mask)),
    max: BigInt(maskedBits(unlessOnes(probed), mask)),
  };
}

/** The lowest address bit that took a one, unless the register did not change at all and is not at the top. */
function sizeOf({ base, max }: AddressBits, mask: bigint): RegionSize {
  if (max === 0n) return { sizeBytes: 0n, whyNone: null };
  const sizeBytes = lowestSetBit(max & mask);
  if (sizeBytes === 0n) return { sizeBytes, whyNone: 'no address bit within reach' };
  const isHardWired = base === max && ((base | (sizeBytes - 1n)) & mask) !== mask;
  return isHardWired ? { sizeBytes: 0n, whyNone: 'hard-wired' } : { sizeBytes, whyNone: null };
}
