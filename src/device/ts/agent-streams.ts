import * as layout from '../../../assembly/layout.ts';
import type { AgentBlock } from './agent-block.ts';

/** Factor of scale and triad. */
const SCALAR = 3;

/** The line after `at`: a stride on; behind the end, the first line that was not touched yet, or the first of all. */
export function nextLine(at: number, size: number, stride: number, line: number): number {
  const next = at + stride;
  if (next < size) return next;
  const first = (at % stride) + line;
  return first < stride ? first : 0;
}

/** Kernels of one agent on lines of its own: reads and writes, and the four of STREAM. An operation is a line. */
export class AgentStreams {
  private readonly words: Int32Array;
  private readonly doubles: Float64Array;

  constructor(words: Int32Array, doubles: Float64Array) {
    this.words = words;
    this.doubles = doubles;
  }

  run(block: AgentBlock, kernel: number, operations: number): void {
    if (kernel === layout.KERNEL_READ) this.read(block, operations);
    else if (kernel === layout.KERNEL_WRITE) this.write(block, operations);
    else this.arrays(block, kernel, operations);
  }

  /** The function that a kernel is. */
  codeOf(kernel: number): unknown {
    if (kernel === layout.KERNEL_READ) return this.read;
    return kernel === layout.KERNEL_WRITE ? this.write : this.arrays;
  }

  private read(block: AgentBlock, operations: number): void {
    const { words } = this;
    const { size, stride, line } = shapeOf(block);
    let at = block.get(layout.AGENT_CURSOR);
    let sum = 0;
    for (let i = 0; i < operations; i++) {
      const from = block.toRead(at, line) >>> 2;
      const end = from + (line >>> 2);
      for (let word = from; word < end; word += 4) {
        sum = (sum + words[word]! + words[word + 1]! + words[word + 2]! + words[word + 3]!) | 0;
      }
      at = nextLine(at, size, stride, line);
    }
    block.set(layout.AGENT_CURSOR, at);
    block.add(layout.AGENT_CHECKSUM, sum);
  }

  /** Each word of a line becomes the number of the writes up to this one, which is kept as the checksum. */
  private write(block: AgentBlock, operations: number): void {
    const { words } = this;
    const { size, stride, line } = shapeOf(block);
    let at = block.get(layout.AGENT_CURSOR);
    let written = block.get(layout.AGENT_CHECKSUM);
    for (let i = 0; i < operations; i++) {
      const to = block.toWrite(at, line) >>> 2;
      const end = to + (line >>> 2);
      written = (written + 1) | 0;
      for (let word = to; word < end; word++) words[word] = written;
      at = nextLine(at, size, stride, line);
    }
    block.set(layout.AGENT_CURSOR, at);
    block.set(layout.AGENT_CHECKSUM, written);
  }

  /** Of arrays a, b and c: c = a, b = 3 c, c = a + b, a = b + 3 c. */
  private arrays(block: AgentBlock, kernel: number, operations: number): void {
    const { doubles } = this;
    const { size, stride, line } = shapeOf(block);
    const count = line >>> 3;
    const atA = block.get(layout.AGENT_A);
    const atB = block.get(layout.AGENT_B);
    const atC = block.get(layout.AGENT_C);
    let at = block.get(layout.AGENT_CURSOR);
    for (let i = 0; i < operations; i++) {
      if (kernel === layout.KERNEL_COPY) {
        const a = block.toRead(atA + at, line) >>> 3;
        const c = block.toWrite(atC + at, line) >>> 3;
        for (let k = 0; k < count; k++) doubles[c + k] = doubles[a + k]!;
      } else if (kernel === layout.KERNEL_SCALE) {
        const c = block.toRead(atC + at, line) >>> 3;
        const b = block.toWrite(atB + at, line) >>> 3;
        for (let k = 0; k < count; k++) doubles[b + k] = SCALAR * doubles[c + k]!;
      } else if (kernel === layout.KERNEL_ADD) {
        const a = block.toRead(atA + at, line) >>> 3;
        const b = block.toRead(atB + at, line) >>> 3;
        const c = block.toWrite(atC + at, line) >>> 3;
        for (let k = 0; k < count; k++) doubles[c + k] = doubles[a + k]! + doubles[b + k]!;
      } else {
        const b = block.toRead(atB + at, line) >>> 3;
        const c = block.toRead(atC + at, line) >>> 3;
        const a = block.toWrite(atA + at, line) >>> 3;
        for (let k = 0; k < count; k++) doubles[a + k] = doubles[b + k]! + SCALAR * doubles[c + k]!;
      }
      at = nextLine(at, size, stride, line);
    }
    block.set(layout.AGENT_CURSOR, at);
  }
}

function shapeOf(block: AgentBlock) {
  return {
    size: block.get(layout.AGENT_SIZE),
    stride: block.get(layout.AGENT_STRIDE),
    line: block.get(layout.AGENT_LINE),
  };
}
