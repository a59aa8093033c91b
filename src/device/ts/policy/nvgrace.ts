import { RESMEM_BAR_OFFSET, USEMEM_BAR_OFFSET } from '../../../../assembly/layout.ts';
import type { ResetKind } from '../../device-model.ts';
import type { DeviceSpec } from '../../device-spec.ts';
import { sizeMask } from '../bar.ts';
import type { ConfigTables } from '../config-tables.ts';
import { overlap } from '../overlap.ts';
import { FOR_CORE } from './core.ts';
import type { VariantDriver } from './requests.ts';

const EMULATED_FLAGS = 0xc; // 64-bit, prefetchable
const PAIR_BYTES = 8;

/** One emulated BAR pair: config offset, and its index into the shadow of 0x18…0x27. */
interface Pair {
  readonly offset: number;
  readonly sizeBytes: bigint;
}

/**
 * The nvgrace-gpu variant driver on top of vfio-pci-core (specification 1.7). Storing masked bits instead of
 * masking each read is the same to every reader, since the masks act bit by bit.
 */
export class NvgraceBars implements VariantDriver {
  private readonly tables: ConfigTables;
  private readonly resmem: Pair | null;
  private readonly usemem: Pair;

  constructor(tables: ConfigTables, spec: DeviceSpec) {
    const [resmemBytes, usememBytes] = spec.emulatedBarBytes;
    this.tables = tables;
    this.resmem = resmemBytes === 0n ? null : { offset: RESMEM_BAR_OFFSET, sizeBytes: resmemBytes };
    this.usemem = { offset: USEMEM_BAR_OFFSET, sizeBytes: usememBytes };
  }

  /** Runs after foldCore: keeps what the core shows in the shadow and puts the emulated pairs in its place. */
  fold(): void {
    const { tables } = this;
    tables.shadowValue8.set(tables.value8.subarray(RESMEM_BAR_OFFSET, RESMEM_BAR_OFFSET + 16));
    tables.shadowWritable8.set(tables.writable8.subarray(RESMEM_BAR_OFFSET, RESMEM_BAR_OFFSET + 16));
    for (const pair of this.pairs()) {
      const mask = sizeMask(pair.sizeBytes);
      tables.quirk8.fill(0, pair.offset, pair.offset + PAIR_BYTES);
      tables.value8.fill(0, pair.offset, pair.offset + PAIR_BYTES);
      tables.foldDword(pair.offset, mask.low & ~0xf, EMULATED_FLAGS);
      tables.foldDword(pair.offset + 4, mask.high, 0);
    }
  }

  /** At open and on the reset ioctl; FLR and hot reset leave the addresses as they are. */
  reset(kind: ResetKind): void {
    if (kind !== 'ioctl') return;
    for (const pair of this.pairs()) {
      this.tables.set32(pair.offset, EMULATED_FLAGS);
      this.tables.set32(pair.offset + 4, 0);
    }
  }

  /** A read that meets the resmem pair leaves the usemem pair to the core: the driver's else-if. */
  patchRead(offset: number, count: number, buffer: Uint8Array): void {
    if (!overlap(offset, count, RESMEM_BAR_OFFSET, PAIR_BYTES)) return;
    const hit = overlap(offset, count, USEMEM_BAR_OFFSET, PAIR_BYTES);
    if (!hit) return;
    const [bufferOffset, bytes, registerOffset] = hit;
    const shadow = this.tables.shadowValue8;
    for (let i = 0; i < bytes; i++) buffer[bufferOffset + i] = shadow[PAIR_BYTES + registerOffset + i]!;
  }

  /** Takes the bytes that fall into one emulated pair, drops the rest. FOR_CORE: the request belongs to the core. */
  takeWrite(offset: number, count: number, buffer: Uint8Array): number {
    const onResmem = overlap(offset, count, RESMEM_BAR_OFFSET, PAIR_BYTES);
    const pair = onResmem ? this.resmem : this.usemem;
    const hit = onResmem ?? overlap(offset, count, USEMEM_BAR_OFFSET, PAIR_BYTES);
    if (!pair || !hit) return FOR_CORE;
    const { value8, writable8 } = this.tables;
    const [bufferOffset, bytes, registerOffset] = hit;
    for (let i = 0; i < bytes; i++) {
      const at = pair.offset + registerOffset + i;
      const mask = writable8[at]!;
      value8[at] = (value8[at]! & ~mask) | (buffer[bufferOffset + i]! & mask);
    }
    return bytes;
  }

  /** Around a request that the driver passes on whole. */
  beforeCore(): void {
    this.swapShadow();
  }

  afterCore(): void {
    this.swapShadow();
  }

  /** Exchanges the emulated view with the core's own. */
  private swapShadow(): void {
    const { value8, writable8, shadowValue8, shadowWritable8 } = this.tables;
    for (const { offset } of this.pairs()) {
      for (let i = 0; i < PAIR_BYTES; i++) {
        const shadowIdx = offset - RESMEM_BAR_OFFSET + i;
        [value8[offset + i], shadowValue8[shadowIdx]] = [shadowValue8[shadowIdx]!, value8[offset + i]!];
        [writable8[offset + i], shadowWritable8[shadowIdx]] = [
          shadowWritable8[shadowIdx]!,
          writable8[offset + i]!,
        ];
      }
    }
  }

  private pairs(): Pair[] {
    return this.resmem ? [this.resmem, this.usemem] : [this.usemem];
  }
}
