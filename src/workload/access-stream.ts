import { ACCESS_BYTES } from '../../assembly/layout.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';

const TWO_32 = 2 ** 32;
const WORDS = ACCESS_BYTES >> 2;

/** One access before it is packed. */
export interface Access {
  /** One of OP_ in assembly/layout.ts. */
  readonly op: number;
  readonly regionIndex?: number;
  /** Width in bytes of a register access; the byte of a fill. */
  readonly width?: number;
  /** Offset in bytes below 2^53, or an address in linear memory. */
  readonly offset: number;
  /** Value of a register write, or count in bytes of a bulk operation. */
  readonly value?: number;
}

/** Writes packed accesses, in order, to a range of linear memory. */
export class AccessStream {
  readonly address: number;
  private readonly words: Int32Array;
  private readonly capacity: number;
  private used = 0;

  /** @param capacity most accesses that will be put */
  constructor(memory: LinearMemory, capacity: number) {
    this.address = memory.allocate(capacity * ACCESS_BYTES).address;
    this.words = memory.i32;
    this.capacity = capacity;
  }

  get count(): number {
    return this.used;
  }

  /** The packed access at `idx`. */
  get(idx: number): Required<Access> {
    const at = (this.address >> 2) + idx * WORDS;
    const control = this.words[at]!;
    return {
      op: control & 0xff,
      regionIndex: (control >>> 8) & 0xff,
      width: (control >>> 16) & 0xff,
      offset: (this.words[at + 2]! >>> 0) * TWO_32 + (this.words[at + 1]! >>> 0),
      value: this.words[at + 3]! >>> 0,
    };
  }

  put({ op, regionIndex = 0, width = 0, offset, value = 0 }: Access): void {
    if (this.used === this.capacity) throw new RangeError(`access stream holds ${this.capacity} accesses`);
    const at = (this.address >> 2) + this.used * WORDS;
    this.words[at] = op | (regionIndex << 8) | (width << 16);
    this.words[at + 1] = offset;
    this.words[at + 2] = Math.floor(offset / TWO_32);
    this.words[at + 3] = value;
    this.used++;
  }
}
