import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { WidthBytes } from '../../types.ts';
import { type Cursor, mix, mixValue, OFFSET_HIGH, OFFSET_LOW, put, VALUE, WORDS } from './access.ts';
import { ConfigRuns } from './config-runs.ts';
import type { ConfigSpace } from './config-space.ts';
import { copyBytes, fillBytes } from './copy.ts';
import { DirectRuns } from './direct-runs.ts';
import type { Region } from './region.ts';
import { RegionRuns } from './region-runs.ts';
import type { Regions } from './regions.ts';

const TWO_32 = 2 ** 32;

/**
 * The measured loop. Accesses with equal control words form a run: the operation is decided once per run.
 *
 * A fast loop serves accesses from the cursor on until the run ends or one comes that it cannot serve, and holds
 * no call: a call in a loop, even on a path never taken, makes V8 reload every array's address and length in
 * each turn (measured: 3.1 against 1.3 ns an access). What a fast loop leaves, `general` takes, one at a time.
 * Configuration accesses of several kinds have a loop of their own: from run to run, a whole Linux sizing takes 363 ns,
 * through that loop 164.
 */
export class AccessBatch {
  private readonly config: ConfigSpace;
  private readonly regions: Regions;
  private readonly words: Int32Array;
  private readonly view: DataView;
  private readonly u8: Uint8Array;
  private readonly scratch: number;
  private readonly cursor: Cursor = { at: 0 };
  private readonly configRuns: ConfigRuns;
  private readonly regionRuns: RegionRuns;
  private readonly directRuns: DirectRuns;

  constructor(memory: LinearMemory, stateBlock: number, config: ConfigSpace, regions: Regions) {
    this.config = config;
    this.regions = regions;
    this.words = memory.i32;
    this.view = memory.view;
    this.u8 = memory.u8;
    this.scratch = stateBlock + layout.SCRATCH;
    this.configRuns = new ConfigRuns(config, this.words, this.cursor);
    this.regionRuns = new RegionRuns(memory, stateBlock, regions.byIndex, this.cursor);
    this.directRuns = new DirectRuns(memory, this.cursor);
  }

  run(accessesAddress: number, count: number, bufferAddress: number, checksum: number): number {
    const end = (accessesAddress >>> 2) + count * WORDS;
    let sum = checksum | 0;
    this.cursor.at = accessesAddress >>> 2;
    while (this.cursor.at < end) {
      const control = this.words[this.cursor.at]!;
      if (this.isMixedConfig(end, control)) sum = this.configRuns.mixed(end, sum);
      else if ((control & 0xff) <= layout.OP_WALK) sum = this.fast(end, control, sum);
      // The run has not ended, so the fast loop met an access that it cannot serve.
      if (this.cursor.at < end && this.words[this.cursor.at] === control) {
        sum = this.general(control, bufferAddress, sum);
      }
    }
    return sum;
  }

  /** A configuration access whose run ends with it: a sizing reads and writes in turn. */
  private isMixedConfig(end: number, control: number): boolean {
    if ((control & 0xff) > layout.OP_CONFIG_WRITE) return false;
    const next = this.cursor.at + WORDS;
    return next < end && this.words[next] !== control;
  }

  private fast(end: number, control: number, checksum: number): number {
    const width = (control >>> 16) & 0xff;
    if (!isWidth(control & 0xff, width)) return checksum;
    switch (control & 0xff) {
      case layout.OP_CONFIG_READ:
        if (width === 4) return this.configRuns.reads32(end, control, checksum);
        if (width === 2) return this.configRuns.reads16(end, control, checksum);
        return width === 1 ? this.configRuns.reads8(end, control, checksum) : checksum;
      case layout.OP_CONFIG_WRITE:
        if (width === 4) return this.configRuns.writes32(end, control, checksum);
        if (width === 2) return this.configRuns.writes16(end, control, checksum);
        return width === 1 ? this.configRuns.writes8(end, control, checksum) : checksum;
      case layout.OP_REGION_READ:
        if (width === 4) return this.regionRuns.reads32(end, control, checksum);
        return this.regionRuns.readsAny(end, control, width, checksum);
      case layout.OP_REGION_WRITE:
        if (width === 4) return this.regionRuns.writes32(end, control, checksum);
        return this.regionRuns.writesAny(end, control, width, checksum);
      case layout.OP_DIRECT_READ:
        if (width === 4) return this.directRuns.reads32(end, control, checksum);
        return this.directRuns.readsAny(end, control, width, checksum);
      case layout.OP_DIRECT_WRITE:
        if (width === 4) return this.directRuns.writes32(end, control, checksum);
        return this.directRuns.writesAny(end, control, width, checksum);
      case layout.OP_WALK:
        return this.directRuns.walk(end, control, checksum);
      default:
        return checksum;
    }
  }

  /** The loops that serve a batch with these control words, each once: those of configuration space share one if there are several. */
  loopsOf(controls: readonly number[]): readonly unknown[] {
    const isConfig = (control: number) => (control & 0xff) <= layout.OP_CONFIG_WRITE;
    const isMixed = controls.filter(isConfig).length > 1;
    return [
      ...new Set(
        controls.map((control) =>
          isMixed && isConfig(control) ? this.configRuns.mixed : this.loopOf(control),
        ),
      ),
    ];
  }

  /** The loop that serves an operation. */
  private loopOf(control: number): unknown {
    const width = (control >>> 16) & 0xff;
    const byWidth = <T>(four: T, two: T, one: T): T => (width === 4 ? four : width === 2 ? two : one);
    switch (control & 0xff) {
      case layout.OP_CONFIG_READ:
        return byWidth(this.configRuns.reads32, this.configRuns.reads16, this.configRuns.reads8);
      case layout.OP_CONFIG_WRITE:
        return byWidth(this.configRuns.writes32, this.configRuns.writes16, this.configRuns.writes8);
      case layout.OP_REGION_READ:
        return width === 4 ? this.regionRuns.readLoop32(control) : this.regionRuns.readsAny;
      case layout.OP_REGION_WRITE:
        return width === 4 ? this.regionRuns.writeLoop32(control) : this.regionRuns.writesAny;
      case layout.OP_DIRECT_READ:
        return width === 4 ? this.directRuns.reads32 : this.directRuns.readsAny;
      case layout.OP_DIRECT_WRITE:
        return width === 4 ? this.directRuns.writes32 : this.directRuns.writesAny;
      case layout.OP_WALK:
        return this.directRuns.walk;
      default:
        return this.general;
    }
  }

  /** One access of any kind, at the cursor: bulk operations, and what a fast loop cannot serve. */
  private general(control: number, buffer: number, checksum: number): number {
    const { words, scratch } = this;
    const at = this.cursor.at;
    const op = control & 0xff;
    const width = (control >>> 16) & 0xff;
    const value = words[at + VALUE]!;
    this.cursor.at = at + WORDS;
    if (!isWidth(op, width)) return mix(checksum, -layout.EINVAL);
    switch (op) {
      case layout.OP_CONFIG_READ:
        return mix(checksum, this.config.readGeneral(words[at + OFFSET_LOW]! >>> 0, width) | 0);
      case layout.OP_CONFIG_WRITE:
        return mix(checksum, this.config.write(words[at + OFFSET_LOW]! >>> 0, width as WidthBytes, value));
      case layout.OP_REGION_READ:
        return this.generalRead(at, width, checksum);
      case layout.OP_REGION_WRITE:
        put(this.view, scratch, 8, value);
        return mix(checksum, this.regions.write(this.indexOf(at), this.offsetOf(at), width, scratch));
      case layout.OP_TRANSFER_READ:
      case layout.OP_TRANSFER_WRITE:
        return this.transfer(op, at, width, checksum);
      case layout.OP_REGION_COPY:
      case layout.OP_DIRECT_COPY:
        this.cursor.at += WORDS;
    }
    checksum = mix(checksum, this.bulk(op, at, value, buffer));
    // The last dword moved ties the data to the checksum; all of it is compared outside the timed window.
    const reads = op === layout.OP_REGION_READ_BYTES || op === layout.OP_DIRECT_READ_BYTES;
    return reads ? mix(checksum, this.lastDword(value, buffer)) : checksum;
  }

  private generalRead(at: number, width: number, checksum: number): number {
    const { scratch, view } = this;
    put(view, scratch, 8, 0);
    const done = this.regions.read(this.indexOf(at), this.offsetOf(at), width, scratch);
    return done < 0 ? mix(checksum, done) : mixValue(view, scratch, width === 8 ? 8 : 4, checksum);
  }

  private transfer(op: number, at: number, count: number, checksum: number): number {
    const { words, regions } = this;
    const address = words[at + VALUE]!;
    const [region, offset] = [this.indexOf(at), this.offsetOf(at)];
    const done =
      op === layout.OP_TRANSFER_READ
        ? regions.read(region, offset, count, address)
        : regions.write(region, offset, count, address);
    words[at + VALUE] = done;
    return mix(checksum, done);
  }

  private bulk(op: number, at: number, count: number, buffer: number): number {
    const { words, u8 } = this;
    const address = words[at + OFFSET_LOW]!;
    const byte = (words[at]! >>> 16) & 0xff;
    switch (op) {
      case layout.OP_DIRECT_READ_BYTES:
        copyBytes(u8, buffer, address, count);
        return count;
      case layout.OP_DIRECT_WRITE_BYTES:
        copyBytes(u8, address, buffer, count);
        return count;
      case layout.OP_DIRECT_COPY:
        copyBytes(u8, address, words[at + WORDS + OFFSET_LOW]!, count);
        return count;
      case layout.OP_DIRECT_FILL:
        fillBytes(u8, address, byte, count);
        return count;
    }
    if (op === layout.OP_REGION_READ_BYTES) return this.bulkRead(at, count, buffer);
    if (op === layout.OP_REGION_WRITE_BYTES) return this.bulkWrite(at, count, buffer);
    if (op === layout.OP_REGION_COPY) return this.bulkCopy(at, count);
    return this.regions.fill(this.indexOf(at), this.offsetOf(at), count, byte);
  }

  /** The packed access at `at` holds the destination, the one behind it the source. */
  private bulkCopy(at: number, count: number): number {
    const { words } = this;
    const region = this.regionOf(at);
    const source = at + WORDS;
    const to = region?.pieceAt(words[at + OFFSET_LOW]!, words[at + OFFSET_HIGH]!, count) ?? -1;
    const from = region?.pieceAt(words[source + OFFSET_LOW]!, words[source + OFFSET_HIGH]!, count) ?? -1;
    if (!region || from < 0 || to < region.firstFrame) {
      return this.regions.copy(this.indexOf(at), this.offsetOf(at), this.offsetOf(source), count);
    }
    copyBytes(this.u8, to, from, count);
    return count;
  }

  private bulkRead(at: number, count: number, buffer: number): number {
    const region = this.regionOf(at);
    const address = region?.pieceAt(this.words[at + OFFSET_LOW]!, this.words[at + OFFSET_HIGH]!, count) ?? -1;
    if (address < 0) return this.regions.read(this.indexOf(at), this.offsetOf(at), count, buffer);
    copyBytes(this.u8, buffer, address, count);
    return count;
  }

  private bulkWrite(at: number, count: number, buffer: number): number {
    const region = this.regionOf(at);
    const address = region?.pieceAt(this.words[at + OFFSET_LOW]!, this.words[at + OFFSET_HIGH]!, count) ?? -1;
    if (!region || address < region.firstFrame) {
      return this.regions.write(this.indexOf(at), this.offsetOf(at), count, buffer);
    }
    copyBytes(this.u8, address, buffer, count);
    return count;
  }

  private lastDword(count: number, buffer: number): number {
    return count >= 4 ? this.view.getInt32(buffer + count - 4, true) : this.u8[buffer]!;
  }

  private regionOf(at: number): Region | undefined {
    return this.regions.byIndex[this.indexOf(at)];
  }

  private indexOf(at: number): number {
    return (this.words[at]! >>> 8) & 0xff;
  }

  private offsetOf(at: number): number {
    return (this.words[at + OFFSET_HIGH]! >>> 0) * TWO_32 + (this.words[at + OFFSET_LOW]! >>> 0);
  }
}

/** Whether an operation takes this width: registers 1, 2 and 4 bytes, outside configuration space also 8. */
function isWidth(op: number, width: number): boolean {
  if (op > layout.OP_DIRECT_WRITE) return true;
  return width === 1 || width === 2 || width === 4 || (width === 8 && op > layout.OP_CONFIG_WRITE);
}
