import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';

const TABLE_BYTES = 4096;

/** The configuration tables of one state block, as typed arrays in the width that an access needs. */
export class ConfigTables {
  readonly value8: Uint8Array;
  readonly value16: Uint16Array;
  readonly value32: Int32Array;
  readonly writable8: Uint8Array;
  readonly writable16: Uint16Array;
  readonly writable32: Int32Array;
  readonly quirk8: Uint8Array;
  readonly quirk16: Uint16Array;
  readonly quirk32: Int32Array;
  readonly w1c8: Uint8Array;
  readonly w1c16: Uint16Array;
  readonly w1c32: Int32Array;
  readonly map8: Uint8Array;
  readonly shadowValue8: Uint8Array;
  readonly shadowWritable8: Uint8Array;
  /** The scalar fields of the block, by (byte offset - CONFIG_SIZE) >> 2; see `fieldIdx`. */
  readonly fields: Int32Array;

  constructor(memory: LinearMemory, stateBlock: number) {
    const buffer = memory.memory.buffer;
    const value = stateBlock + layout.CONFIG_VALUE;
    const writable = stateBlock + layout.CONFIG_WRITABLE;
    const quirk = stateBlock + layout.CONFIG_QUIRK;
    this.value8 = new Uint8Array(buffer, value, TABLE_BYTES);
    this.value16 = new Uint16Array(buffer, value, TABLE_BYTES / 2);
    this.value32 = new Int32Array(buffer, value, TABLE_BYTES / 4);
    this.writable8 = new Uint8Array(buffer, writable, TABLE_BYTES);
    this.writable16 = new Uint16Array(buffer, writable, TABLE_BYTES / 2);
    this.writable32 = new Int32Array(buffer, writable, TABLE_BYTES / 4);
    this.quirk8 = new Uint8Array(buffer, quirk, TABLE_BYTES);
    this.quirk16 = new Uint16Array(buffer, quirk, TABLE_BYTES / 2);
    this.quirk32 = new Int32Array(buffer, quirk, TABLE_BYTES / 4);
    const w1c = stateBlock + layout.CONFIG_W1C;
    this.w1c8 = new Uint8Array(buffer, w1c, TABLE_BYTES);
    this.w1c16 = new Uint16Array(buffer, w1c, TABLE_BYTES / 2);
    this.w1c32 = new Int32Array(buffer, w1c, TABLE_BYTES / 4);
    this.map8 = new Uint8Array(buffer, stateBlock + layout.CONFIG_MAP, TABLE_BYTES);
    this.shadowValue8 = new Uint8Array(buffer, stateBlock + layout.SHADOW_VALUE, 16);
    this.shadowWritable8 = new Uint8Array(buffer, stateBlock + layout.SHADOW_WRITABLE, 16);
    this.fields = new Int32Array(buffer, stateBlock + layout.CONFIG_SIZE, 16);
  }

  getField(offset: number): number {
    return this.fields[(offset - layout.CONFIG_SIZE) >> 2]!;
  }

  setField(offset: number, value: number): void {
    this.fields[(offset - layout.CONFIG_SIZE) >> 2] = value;
  }

  get16(offset: number): number {
    return this.value8[offset]! | (this.value8[offset + 1]! << 8);
  }

  get32(offset: number): number {
    return (this.get16(offset) | (this.get16(offset + 2) << 16)) >>> 0;
  }

  set16(offset: number, value: number): void {
    this.value8[offset] = value;
    this.value8[offset + 1] = value >>> 8;
  }

  set32(offset: number, value: number): void {
    this.set16(offset, value);
    this.set16(offset + 2, value >>> 16);
  }

  /** Makes the bits of `mask` writable, in `bytes` bytes from `offset` on. */
  allow(offset: number, mask: number, bytes: number): void {
    for (let i = 0; i < bytes; i++) this.writable8[offset + i] = mask >>> (8 * i);
  }

  /** Makes the bits of `mask` write-1-clear, in `bytes` bytes from `offset` on. */
  allowOneToClear(offset: number, mask: number, bytes: number): void {
    for (let i = 0; i < bytes; i++) {
      const byte = (mask >>> (8 * i)) & 0xff;
      if (byte === 0) continue;
      this.w1c8[offset + i] = byte;
      this.quirk8[offset + i] = layout.QUIRK_W1C;
    }
  }

  /** One register: a writable mask, and a value whose other bits are `fixedBits`. */
  foldDword(offset: number, writable: number, fixedBits: number): void {
    this.allow(offset, writable, 4);
    this.set32(offset, (this.get32(offset) & writable) | fixedBits);
  }
}
