/**
 * The abstract machine of Owens, Sarkar, Sewell, "A better x86 memory model: x86-TSO" (TPHOLs 2009), section 3.1: each
 * thread writes to a first-in first-out buffer, from which it reads what it wrote itself; one write leaves it at a time.
 * Knows nothing of the protocol.
 *
 * An addition is a locked instruction. The machine takes a lock, has the buffer empty before it gives it back, and nobody
 * else reads memory or writes to it meanwhile. Nobody can tell that from one step that is taken with the buffer empty.
 */
import { outcomeOf } from './outcome.ts';
import type { Program } from './shapes.ts';

type Write = readonly [variable: number, value: number];

interface State {
  readonly memory: readonly number[];
  readonly threads: readonly ThreadState[];
}

interface ThreadState {
  readonly next: number;
  readonly reads: readonly number[];
  /** Oldest first. */
  readonly buffer: readonly Write[];
}

/**
 * Outcomes of all that the machine can do, sorted.
 * @param unbuffered threads that have no buffer, as those of agents of another kind
 */
export function tsoOutcomes(
  { threads, variableCount }: Program,
  unbuffered: readonly number[] = [],
): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (state: State): void => {
    const key = JSON.stringify(state);
    if (seen.has(key)) return;
    seen.add(key);
    const isOver = state.threads.every(
      ({ next, buffer }, i) => next === threads[i]!.length && buffer.length === 0,
    );
    if (isOver)
      found.add(
        outcomeOf(
          state.threads.map(({ reads }) => reads),
          state.memory,
        ),
      );
    for (let i = 0; i < threads.length; i++) {
      const after = execute(state, i, threads[i]!);
      const done = after !== null && unbuffered.includes(i) ? (flush(after, i) ?? after) : after;
      const steps = [flush(state, i), done];
      for (const step of steps) if (step !== null) visit(step);
    }
  };
  const idle: ThreadState = { next: 0, reads: [], buffer: [] };
  visit({ memory: new Array<number>(variableCount).fill(0), threads: threads.map(() => idle) });
  return [...found].toSorted();
}

/** The oldest write of a buffer goes to memory. */
function flush({ memory, threads }: State, index: number): State | null {
  const thread = threads[index]!;
  const [oldest, ...buffer] = thread.buffer;
  if (oldest === undefined) return null;
  return { memory: memory.with(...oldest), threads: threads.with(index, { ...thread, buffer }) };
}

function execute(
  { memory, threads }: State,
  index: number,
  program: Program['threads'][number],
): State | null {
  const thread = threads[index]!;
  const access = program[thread.next];
  if (access === undefined) return null;
  const goOn = (change: Partial<ThreadState>, memoryAfter = memory): State => ({
    memory: memoryAfter,
    threads: threads.with(index, { ...thread, next: thread.next + 1, ...change }),
  });
  if (access.kind === 'write') return goOn({ buffer: [...thread.buffer, [access.variable, access.value]] });
  if (access.kind === 'read') {
    const own = thread.buffer.findLast(([variable]) => variable === access.variable);
    return goOn({ reads: [...thread.reads, own?.[1] ?? memory[access.variable]!] });
  }
  if (thread.buffer.length > 0) return null;
  if (access.kind === 'fence') return goOn({});
  const held = memory[access.variable]!;
  return goOn({ reads: [...thread.reads, held] }, memory.with(access.variable, held + 1));
}
