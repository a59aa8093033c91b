import * as layout from '../../../assembly/layout.ts';
import { type Cursor, mix } from './access.ts';
import type { ConfigSpace } from './config-space.ts';

// Own constants, as in RegionRuns.
const { ACCESS_BYTES, ACCESS_OFFSET_LOW, ACCESS_VALUE } = layout;

/**
 * Fast loops over runs of configuration accesses. Each width has a loop of its own, so that every load in it
 * sees one kind of array. No loop holds a call; see AccessBatch.
 *
 * The accesses are read through the DataView at 32-bit byte offsets, which costs less than the index of an
 * Int32Array (measured: 1-byte reads 0.73x, writes 0.90x).
 */
export class ConfigRuns {
  private readonly config: ConfigSpace;
  private readonly view: DataView;
  private readonly cursor: Cursor;

  constructor(config: ConfigSpace, words: Int32Array, cursor: Cursor) {
    this.config = config;
    this.view = new DataView(words.buffer, words.byteOffset, words.byteLength);
    this.cursor = cursor;
  }

  reads32(end: number, control: number, checksum: number): number {
    const { view, config } = this;
    const values = config.tables.value32;
    const limit = config.readLimit32;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const offset = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true);
      const idx = ((offset >>> 2) | (offset << 30)) >>> 0;
      if (idx >= limit) break;
      checksum = mix(checksum, values[idx]!);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  reads16(end: number, control: number, checksum: number): number {
    const { view, config } = this;
    const values = config.tables.value16;
    const limit = config.readLimit16;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const offset = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true);
      const idx = ((offset >>> 1) | (offset << 31)) >>> 0;
      if (idx >= limit) break;
      checksum = mix(checksum, values[idx]!);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  reads8(end: number, control: number, checksum: number): number {
    const { view, config } = this;
    const values = config.tables.value8;
    const limit = config.readLimit8;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const idx = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true) >>> 0;
      if (idx >= limit) break;
      checksum = mix(checksum, values[idx]!);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  writes32(end: number, control: number, checksum: number): number {
    const { view, config } = this;
    const { value32, writable32, quirk32 } = config.tables;
    const limit = config.writeLimit >>> 2;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const offset = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true);
      const idx = ((offset >>> 2) | (offset << 30)) >>> 0;
      if (idx >= limit || quirk32[idx] !== 0) break;
      const old = value32[idx]!;
      value32[idx] = old ^ ((old ^ view.getInt32((at + ACCESS_VALUE) | 0, true)) & writable32[idx]!);
      checksum = mix(checksum, 4);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  writes16(end: number, control: number, checksum: number): number {
    const { view, config } = this;
    const { value16, writable16, quirk16 } = config.tables;
    const limit = config.writeLimit >>> 1;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const offset = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true);
      const idx = ((offset >>> 1) | (offset << 31)) >>> 0;
      if (idx >= limit || quirk16[idx] !== 0) break;
      const old = value16[idx]!;
      value16[idx] = old ^ ((old ^ view.getInt32((at + ACCESS_VALUE) | 0, true)) & writable16[idx]!);
      checksum = mix(checksum, 2);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  writes8(end: number, control: number, checksum: number): number {
    const { view, config } = this;
    const { value8, writable8, quirk8 } = config.tables;
    const limit = config.writeLimit;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      const idx = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true) >>> 0;
      if (idx >= limit || quirk8[idx] !== 0) break;
      const old = value8[idx]!;
      value8[idx] = old ^ ((old ^ view.getInt32((at + ACCESS_VALUE) | 0, true)) & writable8[idx]!);
      checksum = mix(checksum, 1);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }
}
