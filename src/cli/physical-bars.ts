/** `--physical-bars`: a function's BARs as they are given on the command line. */

import { UsageError } from '../errors.ts';
import type { Bar, BarKind } from '../pci/function.ts';
import { parseBytes } from '../units.ts';

const OPTION = '--physical-bars';
const FORM = 'INDEX:KIND:SIZE[@ADDRESS], such as 0:mem64p:16MiB,2:mem64p:128GiB@0x662000000000, or none';
const KINDS: Readonly<Record<string, { kind: BarKind; prefetchable: boolean }>> = {
  io: { kind: 'io', prefetchable: false },
  mem32: { kind: 'mem32', prefetchable: false },
  mem32p: { kind: 'mem32', prefetchable: true },
  mem64: { kind: 'mem64', prefetchable: false },
  mem64p: { kind: 'mem64', prefetchable: true },
};

interface Limits {
  readonly minBytes: bigint;
  readonly maxBytes: bigint;
  /** Addresses end here. */
  readonly endBytes: bigint;
}

/**
 * What the registers can say (specification 7.2). PCI Express allows I/O BARs of 256 bytes at most, PCI more; x86
 * has ports of 16 bits, so that larger ones could lie nowhere. A VFIO region has 2^40 bytes at most.
 */
const LIMITS: Readonly<Record<BarKind, Limits>> = {
  io: { minBytes: 4n, maxBytes: 2n ** 16n, endBytes: 2n ** 16n },
  mem32: { minBytes: 16n, maxBytes: 2n ** 31n, endBytes: 2n ** 32n },
  mem64: { minBytes: 16n, maxBytes: 2n ** 40n, endBytes: 2n ** 64n },
};

/**
 * BARs of a list with commas between, in ascending index.
 * @param barCount BAR registers of the function: 6, of a bridge 2
 * @throws UsageError where the list is malformed or contradicts itself
 */
export function parsePhysicalBars(text: string, barCount: number): Bar[] {
  if (text.trim() === 'none') return [];
  const bars = text.split(',').map((item) => parseBar(item.trim(), barCount));
  for (const [itemIdx, bar] of bars.entries()) {
    const other = bars.slice(0, itemIdx).find((earlier) => sharesDword(earlier, bar));
    if (other === undefined) continue;
    throw refused(
      text,
      other.barIdx === bar.barIdx
        ? `BAR ${bar.barIdx} is given twice; expected one BAR for each index`
        : `BARs ${other.barIdx} and ${bar.barIdx} overlap; a 64-bit BAR also takes the next index`,
    );
  }
  return bars.sort((a, b) => a.barIdx - b.barIdx);
}

function parseBar(item: string, barCount: number): Bar {
  const match = /^(\d+):(\w+):([^@:]+)(?:@(0x[0-9a-f]+))?$/i.exec(item);
  if (match === null) throw refused(item, `expected ${FORM}`);
  const [, index = '', kindName = '', size = '', addressText = '0x0'] = match;
  const kind = Object.hasOwn(KINDS, kindName) ? KINDS[kindName]! : null;
  if (kind === null) throw refused(item, `kind ${kindName}; expected ${Object.keys(KINDS).join(', ')}`);
  const bar: Bar = {
    barIdx: Number(index),
    ...kind,
    address: BigInt(addressText),
    sizeBytes: BigInt(parseBytes(size, `${OPTION} ${JSON.stringify(item)}: size`)),
    sizeSource: 'profile',
  };
  const fault = indexFault(bar, barCount) ?? sizeFault(bar) ?? addressFault(bar);
  if (fault !== null) throw refused(item, fault);
  return bar;
}

function indexFault({ barIdx, kind }: Bar, barCount: number): string | null {
  const last = kind === 'mem64' ? barCount - 2 : barCount - 1;
  if (barIdx <= last) return null;
  const why = kind === 'mem64' ? ' for a 64-bit BAR, which takes two registers' : '';
  return last < 0
    ? 'the function has one BAR register, and a 64-bit BAR takes two'
    : `index ${barIdx}; expected 0 to ${last}${why}`;
}

function sizeFault({ kind, sizeBytes }: Bar): string | null {
  const { minBytes, maxBytes } = LIMITS[kind];
  const isPowerOfTwo = sizeBytes > 0n && (sizeBytes & (sizeBytes - 1n)) === 0n;
  if (isPowerOfTwo && sizeBytes >= minBytes && sizeBytes <= maxBytes) return null;
  return `${sizeBytes} bytes; expected a power of two from ${minBytes} to ${maxBytes} for ${kind}`;
}

function addressFault({ kind, sizeBytes, address }: Bar): string | null {
  const { endBytes } = LIMITS[kind];
  if (address % sizeBytes !== 0n) {
    return `address 0x${address.toString(16)} is no multiple of the size; a BAR is naturally aligned`;
  }
  if (address + sizeBytes <= endBytes) return null;
  return `address 0x${address.toString(16)}; ${kind} addresses end at 0x${endBytes.toString(16)}`;
}

function sharesDword(a: Bar, b: Bar): boolean {
  const end = ({ barIdx, kind }: Bar) => barIdx + (kind === 'mem64' ? 2 : 1);
  return a.barIdx < end(b) && b.barIdx < end(a);
}

function refused(given: string, what: string): UsageError {
  return new UsageError(`${OPTION} ${JSON.stringify(given)}: ${what}`);
}
