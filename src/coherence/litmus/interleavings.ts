/**
 * Sequential consistency, as Lamport has it (1979): accesses of all threads one after the other, those of a thread in
 * program order. Knows nothing of the protocol.
 */
import { outcomeOf } from './outcome.ts';
import type { Access, Program } from './shapes.ts';

interface State {
  readonly memory: readonly number[];
  readonly reads: readonly (readonly number[])[];
  /** Of each thread, the access that comes next. */
  readonly next: readonly number[];
}

/** Outcomes of all interleavings, sorted. */
export function interleavings({ threads, variableCount }: Program): string[] {
  const found = new Set<string>();
  const visit = ({ memory, reads, next }: State): void => {
    if (threads.every((thread, i) => next[i] === thread.length)) found.add(outcomeOf(reads, memory));
    for (const [i, thread] of threads.entries()) {
      const access = thread[next[i]!];
      if (access === undefined) continue;
      const after = effectOf(access, memory);
      visit({
        memory: after.memory,
        reads: reads.map((one, k) => (k === i ? [...one, ...after.read] : one)),
        next: next.with(i, next[i]! + 1),
      });
    }
  };
  visit({
    memory: new Array<number>(variableCount).fill(0),
    reads: threads.map(() => []),
    next: threads.map(() => 0),
  });
  return [...found].toSorted();
}

function effectOf(access: Access, memory: State['memory']): { memory: State['memory']; read: number[] } {
  if (access.kind === 'fence') return { memory, read: [] };
  const held = memory[access.variable]!;
  if (access.kind === 'read') return { memory, read: [held] };
  if (access.kind === 'write') return { memory: memory.with(access.variable, access.value), read: [] };
  return { memory: memory.with(access.variable, held + 1), read: [held] };
}
