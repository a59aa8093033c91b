/** One agent's part of a window: it starts with the others, repeats chunks of its kernel, and times each. */
import type { AgentModel } from '../device/agent-model.ts';
import type { Histogram } from '../histogram/histogram.ts';
import type { Control } from './control.ts';

/**
 * How an agent's window ends. `timed`: when its time is up. `leads`: the same, and tells the agent after it, which
 * `follows`: they work in step. `serves`: when nobody asks any more.
 */
export type Ending = 'timed' | 'leads' | 'follows' | 'serves';

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
}

export interface WindowPartResult {
  readonly operations: number;
  /** Of a clock that all threads of the process share. */
  readonly startNs: number;
  readonly endNs: number;
  /** Whether somebody ended the window before its time. */
  readonly stopped: boolean;
}

/** @param times of operations in nanoseconds: means of chunks */
export function runPart(
  agent: AgentModel,
  control: Control,
  part: WindowPart,
  times: Histogram,
): WindowPartResult {
  if (!control.meet(part.agentCount, part.spinMs)) {
    return { operations: 0, startNs: 0, endNs: 0, stopped: true };
  }
  const startNs = sharedClockNs();
  const operations = repeatChunks(agent, control, part, times);
  return { operations, startNs, endNs: sharedClockNs(), stopped: control.isStopped };
}

function repeatChunks(
  agent: AgentModel,
  control: Control,
  { index, blockAddress, chunkOperations, durationMs, ending }: WindowPart,
  times: Histogram,
): number {
  const hasDeadline = ending === 'timed' || ending === 'leads';
  let operations = 0;
  let before = performance.now();
  const deadline = hasDeadline ? before + durationMs : Number.POSITIVE_INFINITY;
  for (let chunk = 1; ; chunk++) {
    const isLast = before >= deadline;
    if (isLast && ending === 'leads') control.announceLast(index, chunk);
    const done = agent.run(blockAddress, chunkOperations);
    const after = performance.now();
    times.record(((after - before) * 1e6) / chunkOperations);
    operations += done;
    before = after;
    if (isLast || done < chunkOperations || control.isStopped) return operations;
    if (ending === 'follows' && control.isLast(index - 1, chunk)) return operations;
  }
}

/** To the nanosecond or so for three months of uptime; `performance.now` of each thread counts from a moment of its own. */
function sharedClockNs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}
