/** The part of device memory that one agent goes over, line by line, and what it must have read there. */
import { nextLine } from '../../device/ts/agent-streams.ts';
import type { AgentTask } from '../block.ts';
import { mismatch } from '../pattern.ts';
import type { AgentPool, AgentResult } from '../pool.ts';

export interface Shape {
  readonly strideBytes: number;
  readonly lineBytes: number;
}

/** The part of one agent: arrays of as many bytes, one behind the other. */
export interface Part {
  readonly pool: AgentPool;
  /** Of the first array. */
  readonly address: number;
  readonly sizeBytes: number;
  readonly shape: Shape;
  /** Bytes of the lines in the order in which the agent comes to them; then it begins anew. */
  readonly places: Uint32Array;
  /** Index of the line at which the next window begins. */
  next: number;
}

/** Whether an agent has done what it had to, from line `part.next` on; memory is then as the next window expects it. */
export type Check = (part: Part, result: AgentResult) => string | null;

export function placesOf(sizeBytes: number, { strideBytes, lineBytes }: Shape): Uint32Array {
  const places = new Uint32Array((sizeBytes / strideBytes) * Math.floor(strideBytes / lineBytes));
  for (let i = 1; i < places.length; i++) {
    places[i] = nextLine(places[i - 1]!, sizeBytes, strideBytes, lineBytes);
  }
  return places;
}

/** What goes over the part from its next line on. */
export function taskOf({ pool, address, sizeBytes, shape, places, next }: Part, kernel: number): AgentTask {
  const atBytes = address - pool.range.address;
  const arrays = [0, sizeBytes, 2 * sizeBytes] as const;
  return { kernel, atBytes, sizeBytes, cursor: places[next]!, arrays, ...shape };
}

/** Goes on by as many lines. */
export function advance(part: Part, operations: number): void {
  part.next = (part.next + operations) % part.places.length;
}

/** Numbers of the lines that a window came to: those of the last round where it made several. */
export function* comeTo({ places, next }: Part, operations: number): Generator<number> {
  for (let i = Math.max(0, operations - places.length); i < operations; i++) yield (next + i) % places.length;
}

/** Word i of a part is (i + 1) times the golden ratio. Sums of the lines up to each tell what any window has read. */
export function prepareRead(part: Part): Check {
  const { memory } = part.pool;
  const { places, shape } = part;
  const first = part.address >>> 2;
  const words = part.sizeBytes >>> 2;
  for (let i = 0; i < words; i++) memory.i32[first + i] = Math.imul(i + 1, 0x9e3779b1);
  const sums = new Int32Array(places.length + 1);
  for (let i = 0; i < places.length; i++) {
    let sum = sums[i]!;
    for (let at = 0; at < shape.lineBytes; at += 4) sum += memory.i32[first + ((places[i]! + at) >>> 2)]!;
    sums[i + 1] = sum;
  }
  const upTo = (line: number) => {
    const rounds = Math.floor(line / places.length);
    return (Math.imul(rounds, sums[places.length]!) + sums[line % places.length]!) | 0;
  };
  return ({ next }, { operations, checksum }) =>
    mismatch('sum of the words read', (upTo(next + operations) - upTo(next)) >>> 0, checksum);
}
