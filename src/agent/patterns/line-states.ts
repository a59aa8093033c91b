/**
 * What an access costs by what happened to its line last: who accessed it, and whether it was read or written. Before each
 * pass all lines are brought into the same state; then one agent accesses each of them once.
 */
import * as layout from '../../../assembly/layout.ts';
import type { AgentTask } from '../block.ts';
import { CycleOfLines } from '../cycle.ts';
import { firstBroken, mismatch, type Pattern, refusalBelow, totalOf } from '../pattern.ts';
import type { AgentPlan, AgentPool, PlannedStep } from '../pool.ts';

const LINE_BYTES = 64;
/** Byte of a line that is incremented: its first word is where a chase goes next. */
const COUNTER_BYTE = 4;

type Act = 'read' | 'written';

/** What was done, by whom, in order; agent 0 is the one that is measured. */
type History = readonly (readonly [agentIdx: 0 | 1, act: Act])[];

/** The last act decides; the one before it takes the lines away from who did not do it. */
const HISTORIES: Readonly<Record<string, History>> = {
  'read-by-me': [
    [1, 'written'],
    [0, 'read'],
  ],
  'written-by-me': [
    [1, 'written'],
    [0, 'written'],
  ],
  'read-by-another': [
    [0, 'written'],
    [1, 'read'],
  ],
  'written-by-another': [
    [0, 'written'],
    [1, 'written'],
  ],
};

/** Fewer are gone over in less time than reading the clock takes. */
const LEAST_BYTES = 64 * LINE_BYTES;

function statePattern(measured: 'load' | 'add', state: string, history: History): Pattern {
  const [who, act] = [history[1]![0] === 0 ? 'itself' : 'the other', history[1]![1]];
  const how = measured === 'load' ? 'follows a random cycle over' : 'adds atomically to';
  return {
    name: `${measured}-${state}`,
    summary: `one agent ${how} lines that were last ${act} by ${who}`,
    operation: measured === 'load' ? 'a load' : 'an addition',
    hasLatency: true,
    isInPasses: true,
    bytesPerOp: () => null,
    // Two tables, of what is read and of what is incremented.
    otherBytes: ({ footprintBytes }) => (2 * 4 * footprintBytes) / LINE_BYTES,
    refuses: ({ agentCount, footprintBytes }) => {
      if (agentCount !== 2) return `expected 2 agents, got ${agentCount}`;
      if (!Number.isInteger(Math.log2(footprintBytes)))
        return `expected a footprint that is a power of two, got ${footprintBytes}`;
      return refusalBelow(LEAST_BYTES, footprintBytes);
    },
    prepare(pool, { footprintBytes, random }) {
      const lines = footprintBytes / LINE_BYTES;
      const { memory, range } = pool;
      memory.u8.fill(0, range.address, range.address + footprintBytes);
      const cycle = new CycleOfLines(memory, range.address, LINE_BYTES, lines, 1, random);
      const table = Uint32Array.from({ length: lines }, (_, i) => i * LINE_BYTES + COUNTER_BYTE);
      const acts = actsOn(pool, random.shuffle([...table]));
      // All lines but one are loaded: a chain that came back to where it began might never have left.
      const chunkOperations = measured === 'load' ? lines - 1 : lines;
      const counter = new Counter(pool, lines);
      const perPass = history.filter(([, one]) => one === 'written').length + (measured === 'add' ? 1 : 0);
      const task = (): AgentTask =>
        measured === 'load' ? { kernel: layout.KERNEL_CHASE, chains: cycle.chains } : acts.written.task;
      return () => ({
        plans: [0, 1].map((agentIdx): AgentPlan => {
          const preparing = history.map(([who, one]) => (who === agentIdx ? acts[one] : null));
          const ending = agentIdx === 0 ? 'passes' : 'assists';
          return { task: task(), ending, chunkOperations, preparing };
        }),
        operations: totalOf,
        check: ([mine]) => {
          counter.expect((mine!.operations / chunkOperations) * perPass);
          if (measured === 'add') return counter.check();
          cycle.advance(mine!.operations);
          return firstBroken([
            mismatch('end of the chain', cycle.chains[0]!, mine!.chains[0]!),
            counter.check(),
          ]);
        },
      });
    },
  };
}

/** Tables of all lines in an order in which no prefetcher finds them. */
function actsOn(pool: AgentPool, order: readonly number[]): Readonly<Record<Act, PlannedStep>> {
  const { memory, otherAddress } = pool;
  const stepOf = (address: number, flag: number): PlannedStep => {
    memory.i32.set(
      Int32Array.from(order, (byte) => byte | flag),
      address >>> 2,
    );
    const table = { address, entries: order.length };
    return { task: { kernel: layout.KERNEL_MIX, table }, operations: order.length };
  };
  return {
    read: stepOf(otherAddress, 0),
    written: stepOf(otherAddress + 4 * order.length, layout.MIX_INCREMENTS),
  };
}

/** How often each line was incremented. */
class Counter {
  private readonly pool: AgentPool;
  private readonly lines: number;
  private expected = 0;

  constructor(pool: AgentPool, lines: number) {
    this.pool = pool;
    this.lines = lines;
  }

  /** Of each line, so many more. */
  expect(more: number): void {
    this.expected += more;
  }

  check(): string | null {
    const { memory, range } = this.pool;
    const first = (range.address + COUNTER_BYTE) >>> 2;
    for (let line = 0; line < this.lines; line++) {
      const found = memory.i32[first + ((line * LINE_BYTES) >>> 2)]!;
      if (found !== this.expected) return mismatch(`increments of line ${line}`, this.expected, found);
    }
    return null;
  }
}

export const LINE_STATE_PATTERNS: readonly Pattern[] = (['load', 'add'] as const).flatMap((measured) =>
  Object.entries(HISTORIES).map(([state, history]) => statePattern(measured, state, history)),
);
