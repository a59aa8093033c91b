/** Resizable BAR and VF Resizable BAR (PCIe base specification 7.8.6 and 7.8.7). */

import type { CapabilityDetails, DetailsDecoder } from './capability.ts';
import { bitField, holds, readDword } from './config-bytes.ts';

/** From the capability's first byte: pairs of dwords, one pair a BAR. */
const FIRST_PAIR = 4;
const PAIR_BYTES = 8;
const CONTROL = 4;
/** Bit 4 of the capability dword stands for 1 MiB, each bit above for twice as much, up to 128 TiB. */
const SIZES_LSB = 4;
const SIZES_COUNT = 28;
/** Bits 31:16 of the control dword go on from 256 TiB. */
const LARGE_SIZES_LSB = 16;
const LARGE_SIZES_COUNT = 16;
const MIB_SHIFT = 20n;

function sizeOfCode(code: number): string {
  return (1n << (MIB_SHIFT + BigInt(code))).toString();
}

function supportedSizes(capability: number, control: number): string[] {
  const setBits = (value: number, lsb: number, count: number, firstCode: number) =>
    Array.from({ length: count }, (_, index) => index)
      .filter((index) => bitField(value, lsb + index, 1) === 1)
      .map((index) => sizeOfCode(firstCode + index));
  return [
    ...setBits(capability, SIZES_LSB, SIZES_COUNT, 0),
    ...setBits(control, LARGE_SIZES_LSB, LARGE_SIZES_COUNT, SIZES_COUNT),
  ];
}

function humanSize(bytes: string): string {
  const units = ['M', 'G', 'T', 'P', 'E'];
  let inUnit = BigInt(bytes) >> MIB_SHIFT;
  let unitIdx = 0;
  while (inUnit >= 1024n) {
    inUnit >>= 10n;
    unitIdx += 1;
  }
  return `${inUnit}${units[unitIdx]}`;
}

interface ResizableBar {
  readonly barIdx: number;
  /** Decimal strings, as for all sizes. */
  readonly currentSizeBytes: string;
  readonly supportedSizesBytes: readonly string[];
  /** A capability takes only values that can be indexed by name. */
  readonly [field: string]: number | string | readonly string[];
}

function decodePair(config: Uint8Array, pairOffset: number): ResizableBar {
  const capability = readDword(config, pairOffset);
  const control = readDword(config, pairOffset + CONTROL);
  return {
    barIdx: bitField(control, 0, 3),
    currentSizeBytes: sizeOfCode(bitField(control, 8, 6)),
    supportedSizesBytes: supportedSizes(capability, control),
  };
}

/** The BARs that the capability at `offset` names, as far as the bytes go. */
export function decodeResizableBars(config: Uint8Array, offset: number): readonly ResizableBar[] {
  if (!holds(config, offset + FIRST_PAIR, PAIR_BYTES)) return [];
  // Only the first control register counts the BARs; six is as many as there are.
  const barCount = Math.min(bitField(readDword(config, offset + FIRST_PAIR + CONTROL), 5, 3), 6);
  return Array.from({ length: barCount }, (_, index) => offset + FIRST_PAIR + PAIR_BYTES * index)
    .filter((pairOffset) => holds(config, pairOffset, PAIR_BYTES))
    .map((pairOffset) => decodePair(config, pairOffset));
}

function decodeDetails(config: Uint8Array, offset: number): CapabilityDetails {
  const bars = decodeResizableBars(config, offset);
  const summary = bars.map(({ barIdx, currentSizeBytes, supportedSizesBytes }) => {
    const supported = supportedSizesBytes.map(humanSize).join(' ');
    return `BAR ${barIdx}: current size: ${humanSize(currentSizeBytes)}, supported: ${supported}`;
  });
  return { summary: summary.join('; '), fields: { resizableBars: bars } };
}

export const RESIZABLE_BAR: DetailsDecoder = {
  lengthBytes: FIRST_PAIR + PAIR_BYTES,
  decode: decodeDetails,
};
