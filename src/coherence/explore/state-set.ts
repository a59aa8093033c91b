/** Many states of the same length, each kept once, with the number of the state that it was first reached from. */
const INITIAL_SLOTS = 1 << 16;
const EMPTY = -1;
/** So that there is always a slot free, and a search for one is short. */
const MAX_LOAD = 0.6;

export class StateSet {
  private readonly length: number;
  private states: Uint16Array;
  private parents: Int32Array;
  private slots = new Int32Array(INITIAL_SLOTS).fill(EMPTY);
  private used = 0;

  /** @param length numbers that a state is made of */
  constructor(length: number) {
    this.length = length;
    this.states = new Uint16Array(INITIAL_SLOTS * length);
    this.parents = new Int32Array(INITIAL_SLOTS);
  }

  get size(): number {
    return this.used;
  }

  /** A view, which holds until the next `add`. */
  at(index: number): Uint16Array {
    return this.states.subarray(index * this.length, (index + 1) * this.length);
  }

  /** Number of the state from which this one was first reached; -1 of the first. */
  parentOf(index: number): number {
    return this.parents[index]!;
  }

  /** Whether `state` is new. */
  add(state: Uint16Array, parent: number): boolean {
    if (this.used >= this.slots.length * MAX_LOAD) this.rehash();
    const slot = this.slotOf(state);
    if (this.slots[slot] !== EMPTY) return false;
    if ((this.used + 1) * this.length > this.states.length) this.grow();
    this.states.set(state, this.used * this.length);
    this.parents[this.used] = parent;
    this.slots[slot] = this.used++;
    return true;
  }

  private slotOf(state: Uint16Array): number {
    const mask = this.slots.length - 1;
    let slot = hashOf(state) & mask;
    for (let held = this.slots[slot]!; held !== EMPTY; held = this.slots[slot]!) {
      if (this.isAt(held, state)) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private isAt(index: number, state: Uint16Array): boolean {
    const from = index * this.length;
    for (let i = 0; i < this.length; i++) if (this.states[from + i] !== state[i]) return false;
    return true;
  }

  private grow(): void {
    const states = new Uint16Array(this.states.length * 2);
    states.set(this.states);
    this.states = states;
    const parents = new Int32Array(this.parents.length * 2);
    parents.set(this.parents);
    this.parents = parents;
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(EMPTY);
    for (let i = 0; i < this.used; i++) this.slots[this.slotOf(this.at(i))] = i;
  }
}

/** FNV-1a over 16-bit words, with a finish that has every bit reach the low ones. */
function hashOf(state: Uint16Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < state.length; i++) hash = Math.imul(hash ^ state[i]!, 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x85ebca6b) ^ (hash >>> 13);
}
