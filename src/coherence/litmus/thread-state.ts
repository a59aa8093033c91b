/** How far the threads of a program are, as numbers of 16 bits: a part of the state that is visited. */

/** Of an agent: the number of its next access. */
const NEXT = 0;
/** `count << 12 | values`: what was read, 2 bits each, the first one lowest. */
const READS = 1;
/** `count << 12 | stores`: those that wait, `line << 2 | value` each, the oldest one lowest. */
const BUFFER = 2;
const FIELDS = 3;

const COUNT_SHIFT = 12;
const READ_BITS = 2;
const STORE_BITS = 4;

export interface Store {
  readonly line: number;
  readonly value: number;
}

export class ThreadStates {
  private readonly cells: Uint16Array;

  constructor(cells: Uint16Array) {
    this.cells = cells;
  }

  static lengthOf(agentCount: number): number {
    return agentCount * FIELDS;
  }

  /** Number of the access of `agent` that comes next. */
  next(agent: number): number {
    return this.cells[agent * FIELDS + NEXT]!;
  }

  goOn(agent: number): void {
    this.cells[agent * FIELDS + NEXT]!++;
  }

  reads(agent: number): number[] {
    const packed = this.cells[agent * FIELDS + READS]!;
    return Array.from({ length: packed >> COUNT_SHIFT }, (_, i) => fieldOf(packed, i, READ_BITS));
  }

  keepRead(agent: number, value: number): void {
    this.push(agent, READS, value, READ_BITS);
  }

  storeCount(agent: number): number {
    return this.cells[agent * FIELDS + BUFFER]! >> COUNT_SHIFT;
  }

  /** @param index 0 for the oldest */
  storeAt(agent: number, index: number): Store {
    const store = fieldOf(this.cells[agent * FIELDS + BUFFER]!, index, STORE_BITS);
    return { line: store >> 2, value: store & 3 };
  }

  /** The value of the newest store to `line`, or null. */
  newestStore(agent: number, line: number): number | null {
    for (let i = this.storeCount(agent) - 1; i >= 0; i--) {
      const store = this.storeAt(agent, i);
      if (store.line === line) return store.value;
    }
    return null;
  }

  buffer(agent: number, { line, value }: Store): void {
    this.push(agent, BUFFER, (line << 2) | value, STORE_BITS);
  }

  /** Drops the oldest store. */
  drained(agent: number): void {
    const packed = this.cells[agent * FIELDS + BUFFER]!;
    const count = (packed >> COUNT_SHIFT) - 1;
    const rest = (packed & ((1 << COUNT_SHIFT) - 1)) >> STORE_BITS;
    this.cells[agent * FIELDS + BUFFER] = (count << COUNT_SHIFT) | rest;
  }

  private push(agent: number, field: number, value: number, bits: number): void {
    const packed = this.cells[agent * FIELDS + field]!;
    const count = packed >> COUNT_SHIFT;
    if ((count + 1) * bits > COUNT_SHIFT) throw new RangeError('more reads or stores than a thread can have');
    this.cells[agent * FIELDS + field] = (packed + (1 << COUNT_SHIFT)) | (value << (count * bits));
  }
}

const fieldOf = (packed: number, index: number, bits: number): number =>
  (packed >> (index * bits)) & ((1 << bits) - 1);
