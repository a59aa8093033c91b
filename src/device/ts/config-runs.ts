import * as layout from '../../../assembly/layout.ts';
import { type Cursor, mix } from './access.ts';
import type { ConfigSpace } from './config-space.ts';

// Own constants, as in RegionRuns.
const { ACCESS_BYTES, ACCESS_OFFSET_LOW, ACCESS_VALUE, CONFIG_QUIRK, CONFIG_WRITABLE } = layout;
const { OP_CONFIG_READ, OP_CONFIG_WRITE } = layout;
/** So many equal control words in a row are worth a loop of their own. */
const RUN_BEGINS = 2;

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
  /** Address of the table of values, and so of the state block. */
  private readonly block: number;

  constructor(config: ConfigSpace, words: Int32Array, cursor: Cursor) {
    this.config = config;
    this.view = new DataView(words.buffer, words.byteOffset, words.byteLength);
    this.cursor = cursor;
    this.block = config.tables.value8.byteOffset;
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

  /**
   * Accesses whose control words differ from one to the next. Stops where a run begins, at a register with quirks,
   * and at an access that it cannot serve. All bytes are reached through one DataView: one array more in the loop, and
   * V8 keeps the checksum in memory instead of a register.
   */
  mixed(end: number, checksum: number): number {
    const { view, config, block } = this;
    const { readLimit8, writeLimit } = config;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    let repeats = 0;
    while (repeats < RUN_BEGINS) {
      const control = view.getInt32(at, true);
      const offset = view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true);
      const width = control >>> 16;
      const reads = (control & 0xffff) === OP_CONFIG_READ;
      if (!reads && (control & 0xffff) !== OP_CONFIG_WRITE) break;
      if ((width !== 4 && width !== 2 && width !== 1) || (offset & (width - 1)) !== 0) break;
      if (offset >>> 0 >= (reads ? readLimit8 : writeLimit)) break;
      const register = (block + offset) | 0;
      if (reads) {
        checksum = mix(checksum, valueAt(view, register, width));
      } else {
        if (valueAt(view, (register + CONFIG_QUIRK) | 0, width) !== 0) break;
        const old = valueAt(view, register, width);
        const writable = valueAt(view, (register + CONFIG_WRITABLE) | 0, width);
        const value = old ^ ((old ^ view.getInt32((at + ACCESS_VALUE) | 0, true)) & writable);
        if (width === 4) view.setInt32(register, value, true);
        else if (width === 2) view.setInt16(register, value, true);
        else view.setInt8(register, value);
        checksum = mix(checksum, width);
      }
      at = (at + ACCESS_BYTES) | 0;
      if (at >= stop) break;
      repeats = view.getInt32(at, true) === control ? repeats + 1 : 0;
    }
    this.cursor.at = at >> 2;
    return checksum;
  }
}

function valueAt(view: DataView, address: number, width: number): number {
  if (width === 4) return view.getInt32(address, true);
  return width === 2 ? view.getUint16(address, true) : view.getUint8(address);
}
