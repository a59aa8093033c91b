/**
 * Which size to believe. The address in a BAR bounds its size, because a BAR is naturally aligned
 * (PCIe base specification 7.5.1.2.1); what somebody read off the hardware may say more.
 */

import type { BarKind, SizeSource } from './function.ts';
import { nextPowerOfTwo } from './power-of-two.ts';
import { hex } from './quoted.ts';

const KIB = 1n << 10n;
const MIB = 1n << 20n;
const GIB = 1n << 30n;
const TIB = 1n << 40n;

interface SizeLimits {
  /** What the register can express at least: its lowest writable address bit. */
  readonly minBytes: bigint;
  /** What the register can express at most. */
  readonly maxBytes: bigint;
  /** Where only the address bounds the size. */
  readonly maxAssumedBytes: bigint;
  /** Where not even an address does: the smallest that is common for the kind. */
  readonly unboundedBytes: bigint;
}

/**
 * Memory is taken to be a page at least, and 1 TiB at most, since a VFIO region cannot pass 2^40;
 * I/O is 256 bytes at most in PCI Express, and 4 where nothing bounds it, the smallest that there is.
 */
const LIMITS: Readonly<Record<BarKind | 'rom', SizeLimits>> = {
  io: { minBytes: 4n, maxBytes: 2n * GIB, maxAssumedBytes: 256n, unboundedBytes: 4n },
  mem32: { minBytes: 16n, maxBytes: 2n * GIB, maxAssumedBytes: 2n * GIB, unboundedBytes: 4n * KIB },
  mem64: { minBytes: 16n, maxBytes: 1n << 63n, maxAssumedBytes: TIB, unboundedBytes: 4n * KIB },
  rom: { minBytes: 2n * KIB, maxBytes: 16n * MIB, maxAssumedBytes: 16n * MIB, unboundedBytes: 2n * KIB },
};

export interface SizeChoice {
  readonly sizeBytes: bigint;
  readonly sizeSource: SizeSource;
  /** Why the known size was not taken as it stands; null where it was, or where there is none. */
  readonly fault: string | null;
}

export interface KnownSize {
  readonly sizeBytes: bigint | null;
  readonly source: Exclude<SizeSource, 'assumed'>;
}

function assumedSizeBytes(kind: BarKind | 'rom', address: bigint): bigint {
  const { maxAssumedBytes, unboundedBytes } = LIMITS[kind];
  if (address === 0n) return unboundedBytes;
  const lowestSetBit = address & -address;
  return lowestSetBit < maxAssumedBytes ? lowestSetBit : maxAssumedBytes;
}

/** The size to use for a register that holds `address` (flag bits removed), given what is known, if anything. */
export function chooseSize(kind: BarKind | 'rom', address: bigint, known: KnownSize | null): SizeChoice {
  const assumed: SizeChoice = {
    sizeBytes: assumedSizeBytes(kind, address),
    sizeSource: 'assumed',
    fault: null,
  };
  if (known === null || known.sizeBytes === null || known.sizeBytes <= 0n) return assumed;

  const { minBytes, maxBytes } = LIMITS[kind];
  const saidBytes = known.sizeBytes;
  // Linux gives the ports of a legacy IDE channel their real length (1) rather than the register's.
  const wantedBytes = saidBytes < minBytes ? minBytes : nextPowerOfTwo(saidBytes);
  const said = `${saidBytes} bytes (${known.source})`;
  if (wantedBytes > maxBytes) {
    return {
      ...assumed,
      fault: `${said} is more than its kind can have, ${maxBytes}; assumed from the address`,
    };
  }
  if (address % wantedBytes !== 0n) {
    const fault = `${said} disagrees with the address ${hex(address, 8)}, which is no multiple of it; assumed from the address`;
    return { ...assumed, fault };
  }
  const isSane = saidBytes < minBytes || wantedBytes === saidBytes;
  const fault = isSane ? null : `${said} is not a power of two; rounded up to ${wantedBytes}`;
  return { sizeBytes: wantedBytes, sizeSource: known.source, fault };
}
