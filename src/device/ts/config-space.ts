import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { WidthBytes } from '../../types.ts';
import type { ResetKind } from '../device-model.ts';
import type { DeviceSpec } from '../device-spec.ts';
import { ConfigTables } from './config-tables.ts';
import { FOR_CORE, foldCore, lazyBarFixup } from './policy/core.ts';
import { type VariantDriver, variantDriver } from './policy/requests.ts';
import { foldStrict } from './policy/strict.ts';

const PCI_COMMAND = 0x04;
/** The upper word of the dword at PCI_COMMAND is PCI_STATUS. */
const STATUS_HALF = 0xffff0000;
/** A quirk code times this has it in every byte of a dword. */
const IN_ANY_BYTE = 0x01010101;
const REQUEST_IN_ANY_BYTE = layout.QUIRK_REQUEST * IN_ANY_BYTE;
const W1C_IN_ANY_BYTE = layout.QUIRK_W1C * IN_ANY_BYTE;
const CORE_COMMAND_IN_ANY_BYTE = layout.QUIRK_CORE_COMMAND * IN_ANY_BYTE;
const LAZY_BAR_IN_ANY_BYTE = layout.QUIRK_LAZY_BAR * IN_ANY_BYTE;

/**
 * Configuration space on the tables of a state block. Works on any device whose tables are folded, by this
 * class or by another implementation: reads and writes go to the same bytes.
 */
export class ConfigSpace {
  readonly tables: ConfigTables;
  private readonly spec: DeviceSpec;
  private readonly driver: VariantDriver | null;
  private readonly u8: Uint8Array;
  private readonly scratch: Uint8Array;
  private readonly lazy: boolean;
  /** Aligned dwords, words and bytes below these indexes are plain loads; see FAST_READ_LIMIT. */
  readonly readLimit32: number;
  readonly readLimit16: number;
  readonly readLimit8: number;
  /** Size of configuration space in bytes: aligned writes below it are masked writes. */
  readonly writeLimit: number;

  /** Attaches to a state block whose tables are folded; see `fold`. */
  constructor(memory: LinearMemory, stateBlock: number, spec: DeviceSpec) {
    this.tables = new ConfigTables(memory, stateBlock);
    this.spec = spec;
    this.driver = variantDriver(this.tables, spec);
    this.u8 = memory.u8;
    this.scratch = new Uint8Array(memory.memory.buffer, stateBlock + layout.SCRATCH, 8);
    this.writeLimit = spec.configBytes.length;
    this.lazy = this.tables.getField(layout.LAZY_BARS) !== 0;
    const limit = this.tables.getField(layout.FAST_READ_LIMIT);
    this.readLimit32 = limit >>> 2;
    this.readLimit16 = limit >>> 1;
    this.readLimit8 = limit;
  }

  /** Folds the policy into the tables of a state block that placeDevice has described. */
  static fold(memory: LinearMemory, stateBlock: number, spec: DeviceSpec): void {
    const tables = new ConfigTables(memory, stateBlock);
    tables.setField(layout.FAST_READ_LIMIT, spec.configBytes.length);
    if (spec.policy === 'strict') {
      foldStrict(tables, spec);
      return;
    }
    foldCore(tables, spec);
    variantDriver(tables, spec)?.fold();
  }

  /**
   * Reads 1, 2 or 4 bytes at any offset: value, or negative errno. Rotating the offset right by log2(width)
   * gives the index of an aligned access and a huge number for a misaligned one, so one compare tests both.
   */
  read(offset: number, width: WidthBytes): number {
    if ((offset | 0) !== offset) return this.readGeneral(offset, width); // no 32-bit integer: far outside
    if (width === 4) {
      const idx = ((offset >>> 2) | (offset << 30)) >>> 0;
      if (idx < this.readLimit32) return this.tables.value32[idx]! >>> 0;
    } else if (width === 2) {
      const idx = ((offset >>> 1) | (offset << 31)) >>> 0;
      if (idx < this.readLimit16) return this.tables.value16[idx]!;
    } else if (width === 1 && offset >>> 0 < this.readLimit8) {
      return this.tables.value8[offset]!;
    }
    return this.readGeneral(offset, width);
  }

  /** The read that is unaligned, out of bounds, or of a register whose policy looks at the request. */
  readGeneral(offset: number, width: number): number {
    if (width > 4) return -layout.EINVAL;
    const { scratch } = this;
    scratch.fill(0, 0, 4);
    const done = this.readInto(offset, width, scratch);
    if (done < 0) return done;
    return (scratch[0]! | (scratch[1]! << 8) | (scratch[2]! << 16) | (scratch[3]! << 24)) >>> 0;
  }

  /** Writes 1, 2 or 4 bytes at any offset: value = (old & ~writable) | (new & writable). Bytes taken, or errno. */
  write(offset: number, width: WidthBytes, value: number): number {
    if ((offset | 0) !== offset) return this.writeGeneral(offset, width, value);
    if (width === 4) {
      const idx = ((offset >>> 2) | (offset << 30)) >>> 0;
      if (idx < this.writeLimit >>> 2) return this.write32(idx, value);
    } else if (width === 2) {
      const idx = ((offset >>> 1) | (offset << 31)) >>> 0;
      if (idx < this.writeLimit >>> 1) return this.write16(idx, value);
    } else if (width === 1 && offset >>> 0 < this.writeLimit) {
      return this.write8(offset, value);
    }
    return this.writeGeneral(offset, width, value);
  }

  /** The write that is unaligned, out of bounds, or to a register whose policy looks at the request. */
  writeGeneral(offset: number, width: number, value: number): number {
    if (width > 4) return -layout.EINVAL;
    for (let i = 0; i < width; i++) this.scratch[i] = value >>> (8 * i);
    return this.writeFrom(offset, width, this.scratch);
  }

  write32(idx: number, value: number): number {
    const { quirk32, value32, writable32 } = this.tables;
    const quirks = quirk32[idx]!;
    if (quirks !== 0) return this.writeQuirk(idx << 2, 4, value, quirks);
    const old = value32[idx]!;
    value32[idx] = old ^ ((old ^ value) & writable32[idx]!);
    return 4;
  }

  write16(idx: number, value: number): number {
    const { quirk16, value16, writable16 } = this.tables;
    const quirks = quirk16[idx]!;
    if (quirks !== 0) return this.writeQuirk(idx << 1, 2, value, quirks);
    const old = value16[idx]!;
    value16[idx] = old ^ ((old ^ value) & writable16[idx]!);
    return 2;
  }

  write8(idx: number, value: number): number {
    const { quirk8, value8, writable8 } = this.tables;
    const quirks = quirk8[idx]!;
    if (quirks !== 0) return this.writeQuirk(idx, 1, value, quirks);
    const old = value8[idx]!;
    value8[idx] = old ^ ((old ^ value) & writable8[idx]!);
    return 1;
  }

  /** The aligned write to a register that is more than its masks; `quirks` has the code of each of its bytes. */
  private writeQuirk(offset: number, width: WidthBytes, value: number, quirks: number): number {
    if (quirks & REQUEST_IN_ANY_BYTE) return this.writeGeneral(offset, width, value);
    this.writeStep(offset, width, value);
    return width;
  }

  /** One step of vfio-pci-core, quirks of its own registers included; offset and width as chunkWidth gives them. */
  private writeStep(offset: number, width: WidthBytes, value: number): void {
    if (width === 4) this.writeStep32(offset >> 2, value);
    else if (width === 2) this.writeStep16(offset >> 1, value);
    else this.writeStep8(offset, value);
  }

  private writeStep32(idx: number, value: number): void {
    const { quirk32, value32, writable32, w1c32 } = this.tables;
    const quirks = quirk32[idx]!;
    const oneToClear = w1c32[idx]!;
    let next = stepped(value32[idx]!, value, writable32[idx]!, oneToClear, quirks);
    // vfio-pci-core's read-modify-write of the COMMAND dword writes the status half back as it read it (specification 2.6).
    if (idx === PCI_COMMAND >> 2 && quirks & CORE_COMMAND_IN_ANY_BYTE) next &= ~(oneToClear & STATUS_HALF);
    value32[idx] = next;
    if (quirks & LAZY_BAR_IN_ANY_BYTE) this.tables.setField(layout.BARS_DIRTY, 1);
  }

  private writeStep16(idx: number, value: number): void {
    const { quirk16, value16, writable16, w1c16 } = this.tables;
    const quirks = quirk16[idx]!;
    value16[idx] = stepped(value16[idx]!, value, writable16[idx]!, w1c16[idx]!, quirks);
    if (quirks & LAZY_BAR_IN_ANY_BYTE) this.tables.setField(layout.BARS_DIRTY, 1);
  }

  private writeStep8(idx: number, value: number): void {
    const { quirk8, value8, writable8, w1c8 } = this.tables;
    const quirks = quirk8[idx]!;
    value8[idx] = stepped(value8[idx]!, value, writable8[idx]!, w1c8[idx]!, quirks);
    if (quirks & LAZY_BAR_IN_ANY_BYTE) this.tables.setField(layout.BARS_DIRTY, 1);
  }

  /** Reads `count` bytes at any offset to a byte address. `count`, or -EFAULT outside configuration space. */
  readBytes(offset: number, count: number, bufferAddress: number): number {
    return this.readInto(offset, count, this.u8.subarray(bufferAddress, bufferAddress + count));
  }

  /** Writes `count` bytes from a byte address. Bytes taken, or -EFAULT outside configuration space. */
  writeBytes(offset: number, count: number, bufferAddress: number): number {
    return this.writeFrom(offset, count, this.u8.subarray(bufferAddress, bufferAddress + count));
  }

  private readInto(offset: number, count: number, buffer: Uint8Array): number {
    if (count === 0) return 0;
    const { driver } = this;
    const taken = driver?.takeRead?.(offset, count, buffer) ?? FOR_CORE;
    if (taken !== FOR_CORE) return taken;
    if (offset >>> 0 !== offset || offset + count > this.writeLimit) return -layout.EFAULT;
    if (this.lazy) this.fixUpBars(offset, count);
    const { value8 } = this.tables;
    for (let i = 0; i < count; i++) buffer[i] = value8[offset + i]!;
    driver?.patchRead?.(offset, count, buffer);
    return count;
  }

  /** The fix-up is the core's: it masks the core's own view of the BARs, behind the emulated ones. */
  private fixUpBars(offset: number, count: number): void {
    this.driver?.beforeCore?.();
    lazyBarFixup(this.tables, this.spec, offset, count);
    this.driver?.afterCore?.();
  }

  private writeFrom(offset: number, count: number, buffer: Uint8Array): number {
    if (count === 0) return 0;
    const { driver } = this;
    const taken = driver?.takeWrite?.(offset, count, buffer) ?? FOR_CORE;
    if (taken !== FOR_CORE) return taken;
    if (offset >>> 0 !== offset || offset + count > this.writeLimit) return -layout.EFAULT;
    driver?.beforeCore?.();
    this.writeSteps(offset, count, buffer);
    driver?.afterCore?.();
    return count;
  }

  private writeSteps(offset: number, count: number, buffer: Uint8Array): void {
    for (let done = 0; done < count; ) {
      const width = this.chunkWidth(offset + done, count - done);
      let value = 0;
      for (let i = 0; i < width; i++) value |= buffer[done + i]! << (8 * i);
      this.writeStep(offset + done, width, value);
      done += width;
    }
  }

  /** Width of the next step of a request: no step leaves its dword or its capability (specification 2.2). */
  chunkWidth(offset: number, remaining: number): WidthBytes {
    const { map8 } = this.tables;
    const end = Math.min(remaining, 4 - (offset & 3));
    let same = 1;
    while (same < end && map8[offset + same] === map8[offset]) same++;
    if (same >= 4) return 4;
    return same >= 2 && (offset & 1) === 0 ? 2 : 1;
  }

  /**
   * strict: any reset zeroes what software can write. A variant driver does what it does.
   * core: the kernel restores what the reset took, so software sees no change.
   */
  reset(kind: ResetKind): void {
    this.driver?.reset(kind);
    if (this.spec.policy !== 'strict') return;
    const { value8, writable8, w1c8 } = this.tables;
    for (let i = 0; i < this.writeLimit; i++) value8[i]! &= ~(writable8[i]! | w1c8[i]!);
  }
}

/** A masked write that clears bits where it writes ones to them, in the bytes whose quirk says so. */
function stepped(old: number, value: number, writable: number, oneToClear: number, quirks: number): number {
  // The code in the lowest bit of a byte, times 255, fills it.
  const clearingBytes = Math.imul(quirks & W1C_IN_ANY_BYTE, 0xff);
  return (old ^ ((old ^ value) & writable)) & ~(value & oneToClear & clearingBytes);
}
