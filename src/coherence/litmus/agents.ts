/** Who runs the threads of a program. */
import { OPERATION } from '../protocol/codes.ts';
import type { Program } from './shapes.ts';

export interface Agents {
  /** `cores`. */
  readonly name: string;
  /** Threads that GPU agents run; cores run the others. */
  readonly gpuThreads: readonly number[];
  /** Whether stores of cores wait in a first-in first-out buffer. */
  readonly storeBuffer: 'none' | 'fifo';
  /**
   * How cores access memory: through their caches, with atomic operations there too; or, where they have no copy, past
   * them, with atomic operations at the home.
   */
  readonly accesses: 'cached' | 'uncached';
}

export const CORES: Agents = { name: 'cores', gpuThreads: [], storeBuffer: 'none', accesses: 'cached' };
export const UNCACHED: Agents = { ...CORES, name: 'cores, uncached', accesses: 'uncached' };
export const BUFFERED: Agents = { ...CORES, name: 'cores with store buffers', storeBuffer: 'fifo' };

/** A GPU agent runs one thread, cores the others. */
export function gpuIn(thread: number): Agents {
  return { ...CORES, name: `GPU agent in thread ${thread}`, gpuThreads: [thread] };
}

/** The same beside cores with store buffers. */
export function gpuBesideBuffers(thread: number): Agents {
  return { ...gpuIn(thread), name: `${BUFFERED.name}, GPU agent in thread ${thread}`, storeBuffer: 'fifo' };
}

/** GPU agents run all threads. */
export function gpuInAll({ threads }: Program): Agents {
  return { ...CORES, name: 'GPU agents', gpuThreads: threads.map((_, thread) => thread) };
}

const CACHED = { read: OPERATION.Load, write: OPERATION.Store, add: OPERATION.AtomicNear };
const PAST_CACHES = {
  read: OPERATION.LoadUncached,
  write: OPERATION.StoreStream,
  add: OPERATION.AtomicFar,
};
const GPU = { ...CACHED, add: OPERATION.AtomicFar };

/** The code of OPERATION that an access is. */
export function operationOf(kind: 'read' | 'write' | 'add', { accesses }: Agents, isGpu: boolean): number {
  if (isGpu) return GPU[kind];
  return accesses === 'cached' ? CACHED[kind] : PAST_CACHES[kind];
}

/** Threads in the order in which a world has its agents: cores first. */
export function threadsByAgent({ threads }: Program, { gpuThreads }: Agents): number[] {
  const all = threads.map((_, thread) => thread);
  const isGpu = (thread: number) => gpuThreads.includes(thread);
  return [...all.filter((thread) => !isGpu(thread)), ...all.filter(isGpu)];
}
