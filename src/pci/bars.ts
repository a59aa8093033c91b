/** Base address registers and the expansion ROM of each header type, from their dwords and what is known beside. */

import { chooseSize, type SizeChoice } from './bar-size.ts';
import { holds, readDword } from './config-bytes.ts';
import type { Bar, BarKind, Rom } from './function.ts';
import { headerLayout } from './header.ts';
import type { KnownRegion, KnownRegions } from './known-regions.ts';
import { hex } from './quoted.ts';
import * as regs from './registers.ts';
import { resizableBarSizes } from './resizable-bar-sizes.ts';

export interface DecodedBars {
  /** Implemented BARs in ascending `barIdx`. */
  readonly bars: readonly Bar[];
  readonly rom: Rom | null;
  /** What is malformed or contradicts itself, each with the register that shows it. */
  readonly faults: readonly string[];
}

/** What a BAR's own dwords say. */
interface RawBar {
  readonly kind: BarKind;
  readonly prefetchable: boolean;
  readonly address: bigint;
}

const UNREADABLE = 0xffffffff;

/** Null for I/O, which has address bits where memory has its type. */
function memoryType(low: number): number | null {
  return (low & regs.PCI_BASE_ADDRESS_SPACE_IO) === 0 ? low & regs.PCI_BASE_ADDRESS_MEM_TYPE_MASK : null;
}

function rawBar(low: number, high: number): RawBar {
  const memType = memoryType(low);
  if (memType === null) {
    return { kind: 'io', prefetchable: false, address: BigInt(low) & regs.PCI_BASE_ADDRESS_IO_MASK };
  }
  const is64Bit = memType === regs.PCI_BASE_ADDRESS_MEM_TYPE_64;
  const pair = is64Bit ? (BigInt(high) << 32n) | BigInt(low) : BigInt(low);
  return {
    kind: is64Bit ? 'mem64' : 'mem32',
    prefetchable: (low & regs.PCI_BASE_ADDRESS_MEM_PREFETCH) !== 0,
    address: pair & regs.PCI_BASE_ADDRESS_MEM_MASK,
  };
}

/** Walks the BAR dwords of one function; collects instead of throwing. */
class BarWalk {
  readonly bars: Bar[] = [];
  readonly faults: string[] = [];
  readonly #config: Uint8Array;
  readonly #known: KnownRegions | null;
  readonly #barCount: number;
  readonly #resizableSizes: ReadonlyMap<number, bigint>;

  constructor(config: Uint8Array, known: KnownRegions | null, barCount: number) {
    this.#config = config;
    this.#known = known;
    this.#barCount = barCount;
    this.#resizableSizes = resizableBarSizes(config);
  }

  run(): void {
    let barIdx = 0;
    while (barIdx < this.#barCount && holds(this.#config, this.#offset(barIdx), 4)) {
      barIdx += this.#step(barIdx);
    }
  }

  #offset(barIdx: number): number {
    return regs.PCI_BASE_ADDRESS_0 + 4 * barIdx;
  }

  /** Decodes one BAR; returns the count of dwords that it took. */
  #step(barIdx: number): 1 | 2 {
    const low = readDword(this.#config, this.#offset(barIdx));
    const known = this.#known?.bars.get(barIdx) ?? null;
    if (low === 0) return this.#unassigned(barIdx, known);
    if (low === UNREADABLE) {
      this.faults.push(
        `BAR ${barIdx} at ${hex(this.#offset(barIdx), 2)} reads ffffffff; taken as not implemented`,
      );
      return 1;
    }
    const memType = memoryType(low);
    if (memType === regs.PCI_BASE_ADDRESS_MEM_TYPE_64) return this.#wide(barIdx, low, known);
    if (memType === regs.PCI_BASE_ADDRESS_MEM_TYPE_RESERVED) {
      this.faults.push(`BAR ${barIdx} is ${hex(low, 8)}: memory type 3 is reserved; taken as 32-bit`);
    }
    this.#add(barIdx, rawBar(low, 0), known);
    return 1;
  }

  #wide(barIdx: number, low: number, known: KnownRegion | null): 1 | 2 {
    const highOffset = this.#offset(barIdx + 1);
    if (barIdx + 1 >= this.#barCount) {
      this.faults.push(
        `BAR ${barIdx} is ${hex(low, 8)}: 64-bit, but no BAR follows for its upper half; left out`,
      );
      return 1;
    }
    if (!holds(this.#config, highOffset, 4)) {
      this.faults.push(
        `BAR ${barIdx} is 64-bit, but the bytes end before its upper half at ${hex(highOffset, 2)}`,
      );
      return 1;
    }
    this.#add(barIdx, rawBar(low, readDword(this.#config, highOffset)), known);
    return 2;
  }

  /** A BAR of zeros is not implemented, unless the kernel knew better (a virtual function, a sleeping device). */
  #unassigned(barIdx: number, known: KnownRegion | null): 1 | 2 {
    if (known === null) return 1;
    this.#add(barIdx, { kind: known.kind, prefetchable: known.prefetchable, address: 0n }, known);
    return known.kind === 'mem64' ? 2 : 1;
  }

  #add(barIdx: number, raw: RawBar, known: KnownRegion | null): void {
    const isContradicted = known !== null && (known.kind === 'io') !== (raw.kind === 'io');
    if (isContradicted) {
      this.faults.push(
        `BAR ${barIdx} is ${raw.kind} in the bytes but ${known.kind} by its ${this.#known?.source} size; the bytes are taken`,
      );
    }
    const size = this.#size(barIdx, raw, isContradicted ? null : known);
    if (size.fault !== null) this.faults.push(`BAR ${barIdx}: size ${size.fault}`);
    this.bars.push({ barIdx, ...raw, sizeBytes: size.sizeBytes, sizeSource: size.sizeSource });
  }

  #size(barIdx: number, raw: RawBar, known: KnownRegion | null): SizeChoice {
    const source = this.#known?.source;
    const resizedBytes = this.#resizableSizes.get(barIdx);
    if (source !== undefined && known !== null && known.sizeBytes !== null) {
      return chooseSize(raw.kind, raw.address, { sizeBytes: known.sizeBytes, source });
    }
    if (resizedBytes === undefined) return chooseSize(raw.kind, raw.address, null);
    return chooseSize(raw.kind, raw.address, { sizeBytes: resizedBytes, source: 'resizable-bar' });
  }
}

function decodeRom(
  config: Uint8Array,
  romOffset: number,
  known: KnownRegions | null,
): Pick<DecodedBars, 'rom' | 'faults'> {
  const register = holds(config, romOffset, 4) ? readDword(config, romOffset) : 0;
  const isImplemented = register !== 0 && register !== UNREADABLE;
  const knownRom = known?.rom ?? null;
  if (!isImplemented && knownRom === null) return { rom: null, faults: [] };

  const address = isImplemented ? BigInt((register & regs.PCI_ROM_ADDRESS_MASK) >>> 0) : 0n;
  const size = chooseSize(
    'rom',
    address,
    known !== null && knownRom !== null ? { ...knownRom, source: known.source } : null,
  );
  return {
    rom: {
      address,
      sizeBytes: size.sizeBytes,
      enabled: isImplemented && (register & regs.PCI_ROM_ADDRESS_ENABLE) !== 0,
      sizeSource: size.sizeSource,
    },
    faults: size.fault === null ? [] : [`expansion ROM: size ${size.fault}`],
  };
}

/**
 * Decodes all BARs and the expansion ROM that the header type has. A dword of zeros counts as not implemented
 * unless `known` names the region. Registers that the bytes end before are left out. Never throws.
 */
export function decodeBars(config: Uint8Array, known: KnownRegions | null): DecodedBars {
  const layout = headerLayout(config);
  if (layout === null) return { bars: [], rom: null, faults: [] };
  const walk = new BarWalk(config, known, layout.barCount);
  walk.run();
  if (layout.romOffset === null) return { bars: walk.bars, rom: null, faults: walk.faults };
  const { rom, faults } = decodeRom(config, layout.romOffset, known);
  return { bars: walk.bars, rom, faults: [...walk.faults, ...faults] };
}
