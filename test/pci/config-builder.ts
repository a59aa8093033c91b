/** Configuration bytes for tests: all zeros but what is written. */

import { PCI_HEADER_TYPE, PCI_STATUS, PCI_STATUS_CAP_LIST } from '../../src/pci/registers.ts';

export class ConfigBuilder {
  readonly bytes: Uint8Array;

  constructor(sizeBytes = 256) {
    this.bytes = new Uint8Array(sizeBytes);
  }

  byte(offset: number, ...values: readonly number[]): this {
    this.bytes.set(values, offset);
    return this;
  }

  word(offset: number, value: number): this {
    return this.byte(offset, value & 0xff, (value >>> 8) & 0xff);
  }

  dword(offset: number, value: number): this {
    return this.word(offset, value & 0xffff).word(offset + 2, value >>> 16);
  }

  headerType(type: number): this {
    return this.byte(PCI_HEADER_TYPE, type);
  }

  /** Status bit, the pointer, and one `{id, next}` at each offset, in chain order. */
  chain(
    pointerOffset: number,
    ...entries: readonly (readonly [offset: number, id: number, next: number])[]
  ): this {
    this.word(PCI_STATUS, PCI_STATUS_CAP_LIST).byte(pointerOffset, entries[0]?.[0] ?? 0);
    for (const [offset, id, next] of entries) this.byte(offset, id, next);
    return this;
  }

  extended(offset: number, id: number, version: number, next: number): this {
    return this.dword(offset, ((next << 20) | (version << 16) | id) >>> 0);
  }
}
