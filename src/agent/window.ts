/** One agent's part of a window: it starts with the others, repeats chunks of its kernel, and times each. */
import type { AgentModel } from '../device/agent-model.ts';
import type { Histogram } from '../histogram/histogram.ts';
import type { Control } from './control.ts';
import type { Stretch } from './overlap.ts';

/**
 * How an agent's window ends. `timed`: when its time is up. `leads`: the same, and tells the agent after it, which
 * `follows`: they work in step. `serves`: when nobody asks any more. `passes`: all agents prepare memory, meet, do one chunk
 * each and meet, again and again; who `assists` only prepares.
 */
export type Ending = 'timed' | 'leads' | 'follows' | 'serves' | 'passes' | 'assists';

/** A block, and how much of it is to be done. */
export interface Step {
  readonly blockAddress: number;
  readonly operations: number;
}

export interface WindowPart {
  /** Number of the agent in the window, from 0. */
  readonly index: number;
  readonly blockAddress: number;
  /** Agents of the window, all of which have to start. */
  readonly agentCount: number;
  /** Operations from one reading of the clock to the next. */
  readonly chunkOperations: number;
  readonly durationMs: number;
  readonly ending: Ending;
  /** Time that is spun for at the start before an agent sleeps. */
  readonly spinMs: number;
  /** From the intended start of one chunk to that of the next; 0 where each begins when the last one has ended. */
  readonly intervalNs: number;
  /** Before each pass, one after the other; all agents have as many. Null is a step at which only others work. */
  readonly preparing: readonly (Step | null)[];
}

export interface WindowPartResult {
  readonly operations: number;
  /** Time in chunks, in nanoseconds: without that between them. */
  readonly chunksNs: number;
  /** Where it was measured: once, in each pass, or never where it assists. */
  readonly stretches: readonly Stretch[];
  /** Whether somebody ended the window before its time. */
  readonly stopped: boolean;
}

/** Who spins for a time cannot hit it: reading the clock takes some 40 ns. */
const ON_TIME_NS = 100;

/** @param times of operations in nanoseconds: means of chunks */
export function runPart(
  agent: AgentModel,
  control: Control,
  part: WindowPart,
  times: Histogram,
): WindowPartResult {
  if (!control.meet(part.agentCount, part.spinMs)) {
    return { operations: 0, chunksNs: 0, stretches: [], stopped: true };
  }
  const { ending } = part;
  const isInPasses = ending === 'passes' || ending === 'assists';
  const result = (isInPasses ? runPasses : runOnce)(agent, control, part, times);
  return { ...result, stopped: control.isStopped };
}

type Run = (
  agent: AgentModel,
  control: Control,
  part: WindowPart,
  times: Histogram,
) => Omit<WindowPartResult, 'stopped'>;

const runOnce: Run = (agent, control, part, times) => {
  const startNs = sharedClockNs();
  const done = repeatChunks(agent, control, part, times);
  return { ...done, stretches: [{ startNs, endNs: sharedClockNs() }] };
};

const runPasses: Run = (agent, control, part, times) => {
  const { index, agentCount, spinMs, durationMs, preparing, ending, blockAddress, chunkOperations } = part;
  const deadline = performance.now() + durationMs;
  const stretches: Stretch[] = [];
  let [operations, chunksNs] = [0, 0];
  for (let pass = 1; ; pass++) {
    for (const step of preparing) {
      if (step) agent.run(step.blockAddress, step.operations);
      if (!control.meet(agentCount, spinMs)) return { operations, chunksNs, stretches };
    }
    if (ending === 'passes') {
      const startNs = sharedClockNs();
      operations += agent.run(blockAddress, chunkOperations);
      const endNs = sharedClockNs();
      stretches.push({ startNs, endNs });
      chunksNs += endNs - startNs;
      times.record((endNs - startNs) / chunkOperations);
    }
    if (index === 0 && performance.now() >= deadline) control.announceLast(0, pass);
    if (!control.meet(agentCount, spinMs) || control.isLast(0, pass))
      return { operations, chunksNs, stretches };
  }
};

function repeatChunks(
  agent: AgentModel,
  control: Control,
  { index, blockAddress, chunkOperations, durationMs, ending, intervalNs }: WindowPart,
  times: Histogram,
): Pick<WindowPartResult, 'operations' | 'chunksNs'> {
  const hasDeadline = ending === 'timed' || ending === 'leads';
  let [operations, chunksNs] = [0, 0];
  /** When the chunk was to start, and when it did. */
  let intended = performance.now();
  let began = intended;
  const deadline = hasDeadline ? began + durationMs : Number.POSITIVE_INFINITY;
  for (let chunk = 1; ; chunk++) {
    const isLast = began >= deadline;
    if (isLast && ending === 'leads') control.announceLast(index, chunk);
    const done = agent.run(blockAddress, chunkOperations);
    const end = performance.now();
    // Whoever wanted the first of its operations has waited since the chunk was to start.
    const lateNs = (began - intended) * 1e6;
    const chunkNs = (end - began) * 1e6;
    times.record((lateNs < ON_TIME_NS ? 0 : lateNs) + chunkNs / chunkOperations);
    chunksNs += chunkNs;
    operations += done;
    const isOver = isLast || done < chunkOperations || control.isStopped;
    if (isOver || (ending === 'follows' && control.isLast(index - 1, chunk))) return { operations, chunksNs };
    intended = intervalNs === 0 ? end : intended + intervalNs / 1e6;
    began = intervalNs === 0 ? end : spinUntil(intended, end);
  }
}

/** The first reading of the clock that is no longer before `time`; `now`, the last one, where that is none. */
function spinUntil(time: number, now: number): number {
  let read = now;
  while (read < time) read = performance.now();
  return read;
}

/** To the nanosecond or so for three months of uptime; `performance.now` of each thread counts from a moment of its own. */
function sharedClockNs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}
