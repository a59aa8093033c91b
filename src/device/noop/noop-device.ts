import { ACCESS_BYTES, OP_DIRECT_COPY, OP_REGION_COPY } from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { DeviceModel, IoStep, Overlap } from '../device-model.ts';

const WORDS = ACCESS_BYTES >> 2;

/** Answers nothing and does nothing: what remains of a measurement is the harness itself. */
export class NoopDevice implements DeviceModel {
  readonly implementation = 'noop';
  private readonly words: Int32Array;

  constructor(memory: LinearMemory) {
    this.words = memory.i32;
  }

  configRead(): number {
    return 0;
  }

  configWrite(_offsetBytes: number, widthBytes: number): number {
    return widthBytes;
  }

  configReadBytes(_offsetBytes: number, countBytes: number): number {
    return countBytes;
  }

  configWriteBytes(_offsetBytes: number, countBytes: number): number {
    return countBytes;
  }

  regionRead(_regionIndex: number, _offsetBytes: number, countBytes: number): number {
    return countBytes;
  }

  regionWrite(_regionIndex: number, _offsetBytes: number, countBytes: number): number {
    return countBytes;
  }

  regionCopy(_regionIndex: number, _to: number, _from: number, countBytes: number): number {
    return countBytes;
  }

  regionFill(_regionIndex: number, _offsetBytes: number, countBytes: number): number {
    return countBytes;
  }

  reset(): void {}

  /** Walks the packed accesses as the others do: it reads every field and carries the checksum, and accesses nothing. */
  runBatch(accessesAddress: number, count: number, _bufferAddress: number, checksum: number): number {
    const { words } = this;
    let at = accessesAddress >>> 2;
    const end = at + count * WORDS;
    let sum = checksum | 0;
    while (at < end) {
      const control = words[at]!;
      const op = control & 0xff;
      const step = op === OP_REGION_COPY || op === OP_DIRECT_COPY ? 2 * WORDS : WORDS;
      do {
        const fields = words[at + 1]! ^ words[at + 2]! ^ words[at + 3]!;
        sum = (((sum << 5) | (sum >>> 27)) + fields) | 0;
        at += step;
      } while (at < end && words[at] === control);
    }
    return sum;
  }

  codeOf(): readonly unknown[] {
    return [this.runBatch];
  }

  chunkWidth(): number {
    return 1;
  }

  overlap(): Overlap | null {
    return null;
  }

  ioStep(_offset: number, countBytes: number): IoStep {
    return { bytes: countBytes, hidden: false };
  }
}
