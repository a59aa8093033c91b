/** Every outcome that a litmus test can have where accesses take effect one after the other. */
import { type Access, type LitmusTest, type Thread, WHOLE } from '../../../src/agent/litmus/tests.ts';

interface State {
  readonly memory: readonly number[];
  readonly reads: readonly (readonly number[])[];
  readonly next: readonly number[];
}

/** Values as `isWeak` takes them, with 1 for WHOLE: the outcomes of all interleavings, each once. */
export function outcomesOf({ threads, finals }: Pick<LitmusTest, 'threads' | 'finals'>): number[][] {
  const found = new Map<string, number[]>();
  const visit = ({ memory, reads, next }: State): void => {
    if (threads.every((thread, i) => next[i] === thread.length)) {
      const values = [...reads.flat(), ...finals.map((variable) => memory[variable]!)];
      found.set(values.join(), values);
      return;
    }
    for (const [i, thread] of threads.entries()) {
      const access = thread[next[i]!];
      if (access === undefined) continue;
      visit({
        ...effectOf(access, i, memory, reads),
        next: next.map((step, k) => (k === i ? step + 1 : step)),
      });
    }
  };
  visit({ memory: [0, 0, 0, 0], reads: threads.map(() => []), next: threads.map(() => 0) });
  return [...found.values()];
}

function effectOf(
  { kind, variable, value }: Access,
  threadIdx: number,
  memory: State['memory'],
  reads: State['reads'],
): Pick<State, 'memory' | 'reads'> {
  const found = memory[variable]!;
  if (kind === 'read')
    return { memory, reads: reads.map((one, i) => (i === threadIdx ? [...one, found] : one)) };
  const written = kind === 'add' ? found + 1 : value === WHOLE ? 1 : value;
  return { memory: memory.with(variable, written), reads };
}

/** The same with the accesses of each thread in either order. Reads keep their names. */
export function reorderedOutcomesOf(test: Pick<LitmusTest, 'threads' | 'finals'>): number[][] {
  const orders = test.threads.map((thread): Thread[] =>
    thread.length === 1 ? [thread] : [thread, [thread[1], thread[0]]],
  );
  const all = orders.reduce<Thread[][]>(
    (heads, thread) => heads.flatMap((head) => thread.map((one) => [...head, one])),
    [[]],
  );
  return all.flatMap((threads) => {
    const swapped = threads.map(
      (thread, i) => thread !== test.threads[i] && thread.every(({ kind }) => kind === 'read'),
    );
    return outcomesOf({ ...test, threads }).map((values) => renamed(values, threads, swapped));
  });
}

function renamed(
  values: readonly number[],
  threads: readonly Thread[],
  swapped: readonly boolean[],
): number[] {
  let at = 0;
  const reads = threads.flatMap((thread, i) => {
    const count = thread.filter(({ kind }) => kind === 'read').length;
    const own = values.slice(at, at + count);
    at += count;
    return swapped[i] ? own.toReversed() : own;
  });
  return [...reads, ...values.slice(at)];
}
