/** Writing the block of an agent (assembly/layout.ts, AGENT_). */
import * as layout from '../../assembly/layout.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { WorkingRange } from './working-range.ts';

const TWO_32 = 2 ** 32;

/** What one agent does; fields that its kernel does not read may be left out. */
export interface AgentTask {
  /** A KERNEL_ number. */
  readonly kernel: number;
  /** Byte of the range at which this agent's part begins. */
  readonly atBytes?: number;
  readonly sizeBytes?: number;
  readonly strideBytes?: number;
  readonly lineBytes?: number;
  readonly cursor?: number;
  /** What the sum of what is read, or the number of writes, begins from. */
  readonly checksum?: number;
  readonly chains?: readonly number[];
  readonly table?: { readonly address: number; readonly entries: number };
  readonly payloadBytes?: number;
  readonly random?: bigint;
  readonly bufferAddress?: number;
  /** Bytes, counted from `atBytes`, at which the arrays a, b and c of STREAM begin. */
  readonly arrays?: readonly [number, number, number];
  readonly litmus?: LitmusAccesses;
  /** Linear address that takes the place of the range's, of what is no device memory. */
  readonly address?: number;
}

/** What a thread of a litmus test does in each slot. Bytes are of the range, of the first slot. */
export interface LitmusAccesses {
  readonly firstBytes: number;
  readonly secondBytes: number;
  readonly firstValue: number;
  readonly secondValue: number;
  readonly isFirstAtomic: boolean;
  readonly isSecondAtomic: boolean;
}

/** Straight on memory, or through the device. */
export type AccessPath = 'direct' | 'emulated';

export interface AgentPlace {
  readonly path: AccessPath;
  /** Address of the word that ends waiting. */
  readonly stopAddress: number;
}

/** Overwrites all of the block. */
export function writeBlock(
  { u8, view }: LinearMemory,
  block: number,
  range: WorkingRange,
  task: AgentTask,
  { path, stopAddress }: AgentPlace,
): void {
  u8.fill(0, block, block + layout.AGENT_BYTES);
  const put = (field: number, value: number) => view.setUint32(block + field, value, true);
  const at = task.atBytes ?? 0;
  const offset = range.offsetBytes + at;
  put(layout.AGENT_KERNEL, task.kernel);
  put(layout.AGENT_EMULATED, path === 'emulated' ? 1 : 0);
  put(layout.AGENT_REGION, range.region.regionIndex);
  put(layout.AGENT_ADDRESS, task.address ?? range.address + at);
  put(layout.AGENT_OFFSET, offset);
  put(layout.AGENT_OFFSET + 4, Math.floor(offset / TWO_32));
  put(layout.AGENT_SIZE, task.sizeBytes ?? range.sizeBytes - at);
  put(layout.AGENT_STRIDE, task.strideBytes ?? 64);
  put(layout.AGENT_LINE, task.lineBytes ?? 64);
  put(layout.AGENT_CURSOR, task.cursor ?? 0);
  put(layout.AGENT_CHECKSUM, task.checksum ?? 0);
  put(layout.AGENT_STOP, stopAddress);
  put(layout.AGENT_TABLE, task.table?.address ?? 0);
  put(layout.AGENT_TABLE_ENTRIES, task.table?.entries ?? 1);
  put(layout.AGENT_PAYLOAD, task.payloadBytes ?? 0);
  put(layout.AGENT_BUFFER, task.bufferAddress ?? 0);
  view.setBigUint64(block + layout.AGENT_RANDOM, task.random ?? 0n, true);
  for (const [i, cursor] of (task.chains ?? []).entries()) put(layout.AGENT_CHAINS + 4 * i, cursor);
  for (const [i, bytes] of (task.arrays ?? []).entries()) put(layout.AGENT_A + 4 * i, bytes);
  if (!task.litmus) return;
  const { firstBytes, secondBytes, firstValue, secondValue, isFirstAtomic, isSecondAtomic } = task.litmus;
  put(layout.LITMUS_ATOMIC, (isFirstAtomic ? 1 : 0) | (isSecondAtomic ? 2 : 0));
  put(layout.LITMUS_FIRST, firstBytes);
  put(layout.LITMUS_SECOND, secondBytes);
  put(layout.LITMUS_FIRST_VALUE, firstValue);
  put(layout.LITMUS_SECOND_VALUE, secondValue);
}
