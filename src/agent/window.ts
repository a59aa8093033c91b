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
  /** Before each pass, one after the other; all agents have as many. Null is a step at which only others work. */
  readonly preparing: readonly (Step | null)[];
}

export interface WindowPartResult {
  readonly operations: number;
  /** Where it was measured: once, in each pass, or never where it assists. */
  readonly stretches: readonly Stretch[];
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
  if (!control.meet(part.agentCount, part.spinMs)) return { operations: 0, stretches: [], stopped: true };
  const { ending } = part;
  const isInPasses = ending === 'passes' || ending === 'assists';
  const { operations, stretches } = (isInPasses ? runPasses : runOnce)(agent, control, part, times);
  return { operations, stretches, stopped: control.isStopped };
}

type Run = (
  agent: AgentModel,
  control: Control,
  part: WindowPart,
  times: Histogram,
) => Omit<WindowPartResult, 'stopped'>;

const runOnce: Run = (agent, control, part, times) => {
  const startNs = sharedClockNs();
  const operations = repeatChunks(agent, control, part, times);
  return { operations, stretches: [{ startNs, endNs: sharedClockNs() }] };
};

const runPasses: Run = (agent, control, part, times) => {
  const { index, agentCount, spinMs, durationMs, preparing, ending, blockAddress, chunkOperations } = part;
  const deadline = performance.now() + durationMs;
  const stretches: Stretch[] = [];
  let operations = 0;
  for (let pass = 1; ; pass++) {
    for (const step of preparing) {
      if (step) agent.run(step.blockAddress, step.operations);
      if (!control.meet(agentCount, spinMs)) return { operations, stretches };
    }
    if (ending === 'passes') {
      const startNs = sharedClockNs();
      operations += agent.run(blockAddress, chunkOperations);
      const endNs = sharedClockNs();
      stretches.push({ startNs, endNs });
      times.record((endNs - startNs) / chunkOperations);
    }
    if (index === 0 && performance.now() >= deadline) control.announceLast(0, pass);
    if (!control.meet(agentCount, spinMs) || control.isLast(0, pass)) return { operations, stretches };
  }
};

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
