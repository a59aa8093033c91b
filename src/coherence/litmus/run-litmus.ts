/**
 * All shapes on all kinds of agents, each beside what a memory model says. Soundness is all that is claimed of GPU agents:
 * they are in order, so that of what real ones may do only a part can be seen.
 */
import { Violation } from '../explore/violation.ts';
import { type Agents, BUFFERED, CORES, gpuBesideBuffers, gpuIn, gpuInAll, UNCACHED } from './agents.ts';
import { interleavings } from './interleavings.ts';
import type { Orders } from './orders.ts';
import { type ScheduleOptions, type Schedules, schedulesOf } from './schedules.ts';
import { type Program, SHAPES, type Shape, shapeNamed, withFences } from './shapes.ts';
import { tsoOutcomes } from './x86-tso.ts';

/** `exactly` the outcomes of the model; or `more`, which shows that what would be wrong elsewhere can be seen at all. */
export type Claim = 'exactly' | 'more';

export interface LitmusCase {
  /** `MP`, and `MP+fences` where a fence was put before each read. */
  readonly program: Program;
  readonly agents: Agents;
  readonly model: 'sequential consistency' | 'x86-TSO';
  readonly claim: Claim;
}

export interface LitmusRow {
  readonly shape: string;
  readonly agents: string;
  readonly model: LitmusCase['model'];
  readonly claim: Claim;
  readonly orders: Orders;
  /** Copies that were given back to make room, at most; null where there was no limit. */
  readonly evictions: number | null;
  readonly states: number;
  readonly steps: number;
  readonly outcomes: readonly string[];
  readonly expected: readonly string[];
  /** Expected and not found. */
  readonly missing: readonly string[];
  /** Found and not expected. */
  readonly unexpected: readonly string[];
  /** States from which the program never came to its end. */
  readonly stuck: number;
  /** The invariant that did not hold, in words, after which nothing was looked at. */
  readonly violation: string | null;
  readonly holds: boolean;
}

/** What fits in seconds, by the number of copies that there can be. */
const LIMITS: readonly { readonly copies: number; readonly orders: Orders; readonly evictions: number }[] = [
  { copies: 4, orders: 'all', evictions: Number.POSITIVE_INFINITY },
  { copies: 6, orders: 'reduced', evictions: Number.POSITIVE_INFINITY },
  { copies: 12, orders: 'reduced', evictions: 2 },
];

/** With the agents of each row: cores in three ways; a GPU agent in each place; GPU agents alone; one beside store buffers. */
export const LITMUS_CASES: readonly LitmusCase[] = [
  ...SHAPES.flatMap((shape) => [
    sequential(shape, CORES),
    sequential(shape, UNCACHED),
    { ...sequential(shape, BUFFERED), model: 'x86-TSO' as const },
  ]),
  ...SHAPES.filter(hasNoFence)
    .map((shape) => withFences(shape))
    .flatMap((program) => [
      ...program.threads.map((_, thread) => sequential(program, gpuIn(thread))),
      sequential(program, gpuInAll(program)),
    ]),
  // Fences of the GPU agent alone: those of cores would leave nothing of their buffers to be seen.
  ...['MP', 'SB', 'n6', 'LB', 'S', 'R', '2+2W', 'CoWR'].map(shapeNamed).flatMap((shape) =>
    shape.threads.map((_, thread) => ({
      ...sequential(withFences(shape, [thread]), gpuBesideBuffers(thread)),
      model: 'x86-TSO' as const,
    })),
  ),
  // One line is read in order even without an acquire; of two, the second may be as old as what was read before.
  sequential(shapeNamed('CoRR'), gpuIn(1)),
  { ...sequential(shapeNamed('MP'), gpuIn(1)), claim: 'more' },
];

function sequential(program: Program, agents: Agents): LitmusCase {
  return { program, agents, model: 'sequential consistency', claim: 'exactly' };
}

function hasNoFence({ threads }: Shape): boolean {
  return threads.flat().every(({ kind }) => kind !== 'fence');
}

/** @param progress called after each row, with the number of rows there will be */
export function runLitmus(
  progress?: (row: LitmusRow, count: number) => void,
  cases: readonly LitmusCase[] = LITMUS_CASES,
): LitmusRow[] {
  return cases.map((one) => {
    const row = runCase(one);
    progress?.(row, cases.length);
    return row;
  });
}

export function runCase(one: LitmusCase, options: ScheduleOptions = {}): LitmusRow {
  const { program, agents, model, claim } = one;
  const { orders, evictions } = { ...limitsOf(program), ...options };
  const expected = model === 'x86-TSO' ? tsoOutcomes(program, agents.gpuThreads) : interleavings(program);
  const found = seen(program, agents, { ...options, orders, evictions });
  const unexpected = found.outcomes.filter((outcome) => !expected.includes(outcome));
  const missing = expected.filter((outcome) => !found.outcomes.includes(outcome));
  const isAsClaimed = missing.length === 0 && (claim === 'more') === unexpected.length > 0;
  return {
    shape: program.name,
    agents: agents.name,
    model,
    claim,
    orders,
    evictions: evictions === Number.POSITIVE_INFINITY ? null : evictions,
    states: found.states,
    steps: found.steps,
    outcomes: found.outcomes,
    expected,
    missing,
    unexpected,
    stuck: found.stuck,
    violation: found.violation,
    holds: isAsClaimed && found.stuck === 0 && found.violation === null,
  };
}

function limitsOf({ threads, variableCount }: Program): { orders: Orders; evictions: number } {
  const copies = threads.length * variableCount;
  return LIMITS.find((limit) => copies <= limit.copies)!;
}

function seen(
  program: Program,
  agents: Agents,
  options: ScheduleOptions,
): Schedules & { violation: string | null } {
  try {
    return { ...schedulesOf(program, agents, options), violation: null };
  } catch (violation) {
    if (!(violation instanceof Violation)) throw violation;
    return {
      states: 0,
      steps: 0,
      outcomes: [],
      stuck: 0,
      violation: `${violation.invariant}: ${violation.message}`,
    };
  }
}
