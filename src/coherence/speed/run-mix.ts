/** One run of a mix on one implementation of the simulator. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { ParameterValues } from '../profiles/parameters.ts';
import { PROTOCOL } from '../protocol/protocol.ts';
import { Simulation } from '../simulate/simulation.ts';
import type { SimulatorCore } from '../simulate/simulator-core.ts';
import { SimulationView } from '../simulate/view.ts';
import { type Mix, streamsOf } from './mixes.ts';

export interface MixRun {
  readonly accesses: number;
  readonly events: number;
  readonly lines: number;
  readonly traceHash: number;
  /** Events that waited, on average of the moments that were looked at. */
  readonly waiting: number;
  readonly ns: number;
}

const CHUNK = 256;
const EVENTS_AT_A_TIME = 1 << 15;

/** @param nowNs that counts while the simulator runs @param most of each agent's accesses, so many */
export function runMix(
  mix: Mix,
  values: ParameterValues,
  core: SimulatorCore,
  nowNs: () => number,
  most = mix.accesses,
): MixRun {
  const { cores, gpuAgents, contents } = mix;
  const plan = { values, protocol: PROTOCOL, cores, gpuAgents, chunk: CHUNK, contents };
  const simulation = new Simulation(core, plan, streamsOf(mix, most));
  const waiting: number[] = [];
  let ns = 0;
  for (let isMore = true; isMore; ) {
    const begin = nowNs();
    isMore = simulation.advance(EVENTS_AT_A_TIME);
    ns += nowNs() - begin;
    if (isMore) waiting.push(waitingIn(simulation.bytes));
  }
  const { accesses, events, lines, traceHash } = simulation.result();
  const mean = waiting.reduce((sum, one) => sum + one, 0) / Math.max(1, waiting.length);
  return { accesses, events, lines, traceHash, waiting: mean, ns };
}

function waitingIn(bytes: DataView): number {
  const view = new SimulationView(bytes);
  return [layout.ISSUES, layout.MESSAGES].reduce(
    (sum, queue) => sum + view.word(queue + layout.QUEUE_LENGTH),
    0,
  );
}
