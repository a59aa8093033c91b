import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import { type Cursor, mix, mixValue, put } from './access.ts';

// Own constants, as in RegionRuns.
const { ACCESS_BYTES, ACCESS_OFFSET_LOW, ACCESS_OFFSET_HIGH, ACCESS_VALUE } = layout;

/**
 * Fast loops straight on memory, and the walk that accesses nothing. No loop holds a call; see AccessBatch.
 * Accesses are read through the DataView, as in ConfigRuns (measured: the walk 0.85x).
 */
export class DirectRuns {
  private readonly view: DataView;
  private readonly cursor: Cursor;

  constructor(memory: LinearMemory, cursor: Cursor) {
    this.view = memory.view;
    this.cursor = cursor;
  }

  reads32(end: number, control: number, checksum: number): number {
    const { view } = this;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      checksum = mix(checksum, view.getInt32(view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true), true));
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  readsAny(end: number, control: number, width: number, checksum: number): number {
    const { view } = this;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      checksum = mixValue(view, view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true), width, checksum);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  writes32(end: number, control: number, checksum: number): number {
    const { view } = this;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      view.setInt32(
        view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true),
        view.getInt32((at + ACCESS_VALUE) | 0, true),
        true,
      );
      checksum = mix(checksum, 4);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  writesAny(end: number, control: number, width: number, checksum: number): number {
    const { view } = this;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      put(
        view,
        view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true),
        width,
        view.getInt32((at + ACCESS_VALUE) | 0, true),
      );
      checksum = mix(checksum, width);
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }

  walk(end: number, control: number, checksum: number): number {
    const { view } = this;
    const stop = end << 2;
    let at = this.cursor.at << 2;
    do {
      checksum = mix(
        checksum,
        view.getInt32((at + ACCESS_OFFSET_LOW) | 0, true) ^
          view.getInt32((at + ACCESS_OFFSET_HIGH) | 0, true) ^
          view.getInt32((at + ACCESS_VALUE) | 0, true),
      );
      at = (at + ACCESS_BYTES) | 0;
    } while (at < stop && view.getInt32(at, true) === control);
    this.cursor.at = at >> 2;
    return checksum;
  }
}
