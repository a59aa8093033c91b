import * as layout from '../../../assembly/layout.ts';
import type { AgentBlock } from './agent-block.ts';

/**
 * Threads of litmus tests. Each does one access or two in every slot, and leaves what it read in registers of its own, so
 * that several threads which go over the same slots at once show in what order their accesses took effect.
 */
export class AgentLitmus {
  private readonly words: Int32Array;
  private readonly longs: BigInt64Array;
  private readonly view: DataView;

  constructor({ buffer }: WebAssembly.Memory) {
    this.words = new Int32Array(buffer);
    this.longs = new BigInt64Array(buffer);
    this.view = new DataView(buffer);
  }

  run(block: AgentBlock, kernel: number, slots: number): void {
    const { words, longs, view } = this;
    const atomics = block.get(layout.LITMUS_ATOMIC);
    const isFirst = (atomics & 1) !== 0;
    const isSecond = (atomics & 2) !== 0;
    const value = block.get(layout.LITMUS_FIRST_VALUE);
    const second = block.get(layout.LITMUS_SECOND_VALUE);
    const stride = block.get(layout.AGENT_STRIDE);
    const range = block.get(layout.AGENT_ADDRESS);
    let a = range + block.get(layout.LITMUS_FIRST);
    let b = range + block.get(layout.LITMUS_SECOND);
    let register = block.get(layout.AGENT_BUFFER) >>> 2;
    const end = register + slots * (layout.LITMUS_REGISTER_BYTES >>> 2);
    for (; register < end; register += layout.LITMUS_REGISTER_BYTES >>> 2) {
      switch (kernel) {
        case layout.KERNEL_WRITE_READ:
          put(words, a, value, isFirst);
          words[register] = get(words, b, isSecond);
          break;
        case layout.KERNEL_WRITE_WRITE:
          put(words, a, value, isFirst);
          put(words, b, second, isSecond);
          break;
        case layout.KERNEL_READ_READ: {
          const found = get(words, a, isFirst);
          words[register + 1] = get(words, b, isSecond);
          words[register] = found;
          break;
        }
        case layout.KERNEL_READ_WRITE: {
          const found = get(words, a, isFirst);
          put(words, b, second, isSecond);
          words[register] = found;
          break;
        }
        case layout.KERNEL_WRITE_ONE:
          put(words, a, value, isFirst);
          break;
        case layout.KERNEL_ADD_ONE:
          if (isFirst) Atomics.add(words, a >>> 2, 1);
          else words[a >>> 2] = words[a >>> 2]! + 1;
          break;
        case layout.KERNEL_WRITE_LONG: {
          const long = (BigInt(value) << 32n) | BigInt(value);
          if (isFirst) Atomics.store(longs, a >>> 3, long);
          else view.setBigInt64(a, long, true);
          break;
        }
        case layout.KERNEL_READ_LONG:
          longs[register >>> 1] = isFirst ? Atomics.load(longs, a >>> 3) : view.getBigInt64(a, true);
          break;
        default:
          throw new RangeError(`kernel ${kernel}: no thread of a litmus test`);
      }
      a += stride;
      b += stride;
    }
  }
}

function put(words: Int32Array, at: number, value: number, isAtomic: boolean): void {
  if (isAtomic) Atomics.store(words, at >>> 2, value);
  else words[at >>> 2] = value;
}

function get(words: Int32Array, at: number, isAtomic: boolean): number {
  return isAtomic ? Atomics.load(words, at >>> 2) : words[at >>> 2]!;
}
