import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { Region } from './region.ts';

const TWO_32 = 2 ** 32;
/** Attempts after which a waiting agent looks whether it is to stop. */
const PATIENCE = 1024;

/** The block of an agent (assembly/layout.ts), and where its accesses land. */
export class AgentBlock {
  readonly words: Int32Array;
  /** Index of the block's first word. */
  readonly at: number;
  private readonly region: Region | undefined;
  private readonly address: number;
  private readonly offset: number;
  private readonly stopIdx: number;

  /** @param byIndex regions of the device, of which an emulating agent needs one */
  constructor({ i32, view }: LinearMemory, address: number, byIndex: readonly (Region | undefined)[]) {
    this.words = i32;
    this.at = address >>> 2;
    const isEmulated = this.get(layout.AGENT_EMULATED) !== 0;
    this.region = isEmulated ? byIndex[this.get(layout.AGENT_REGION)] : undefined;
    if (isEmulated && this.region === undefined) admitted(0);
    this.address = this.get(layout.AGENT_ADDRESS);
    this.offset =
      view.getUint32(address + layout.AGENT_OFFSET, true) +
      view.getUint32(address + layout.AGENT_OFFSET + 4, true) * TWO_32;
    this.stopIdx = this.get(layout.AGENT_STOP) >>> 2;
  }

  /** A field: 32 bits, signed. */
  get(field: number): number {
    return this.words[this.at + (field >>> 2)]!;
  }

  set(field: number, value: number): void {
    this.words[this.at + (field >>> 2)] = value;
  }

  add(field: number, value: number): void {
    this.set(field, this.get(field) + value);
  }

  /** Address of `count` bytes at `at` of the range, for reading: through the device where the agent is emulated. */
  toRead(at: number, count: number): number {
    if (this.region === undefined) return this.address + at;
    return admitted(this.region.placeToRead(this.offset + at, count));
  }

  toWrite(at: number, count: number): number {
    if (this.region === undefined) return this.address + at;
    return admitted(this.region.placeToWrite(this.offset + at, count));
  }

  /** Where the kernel goes on, and what failed. Returns the operations done. */
  leave(done: number, cursor: number, failures: number): number {
    this.set(layout.AGENT_CURSOR, cursor);
    this.add(layout.AGENT_FAILURES, failures);
    return done;
  }

  /** Whether an agent that has waited for so many attempts is to stop. */
  isStopped(attempts: number): boolean {
    return attempts % PATIENCE === 0 && Atomics.load(this.words, this.stopIdx) !== 0;
  }
}

/** The range is such that the device never refuses. */
function admitted(address: number): number {
  if (address === 0) throw new RangeError('the device refused an access of an agent');
  return address;
}
