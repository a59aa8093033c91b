/** Random accesses of a few lines by all agents: every pair of them meets, again and again. */
import type { ParameterValues } from '../profiles/parameters.ts';
import { PROTOCOL } from '../protocol/protocol.ts';
import { Simulation, type SimulationResult } from '../simulate/simulation.ts';
import type { SimulatorCore } from '../simulate/simulator-core.ts';
import { OPERATIONS, randomStream } from './random-stream.ts';
import type { TrafficRow } from './report.ts';

const CORES = 4;
const GPU_AGENTS = 2;
/** Of each memory. */
const LINES = 16;
const SEED = 1;

/** Runs twice. @param accesses of each agent */
export function checkTraffic(
  values: ParameterValues,
  accesses: number,
  makeCore: () => SimulatorCore,
): TrafficRow {
  const [result, again] = [0, 1].map(() => simulated(values, accesses, makeCore()));
  const spent = Object.values(result!.partsPs).reduce((sum, ps) => sum + ps, 0);
  const latency = result!.agents.reduce((sum, { latencyPs }) => sum + latencyPs, 0);
  return {
    evidence: 'modelled',
    cores: CORES,
    gpuAgents: GPU_AGENTS,
    lines: 2 * LINES,
    seed: SEED,
    accesses: result!.accesses,
    events: result!.events,
    traceHash: hashText(result!),
    repeats: again!.traceHash === result!.traceHash && again!.endPs === result!.endPs,
    sumsUp: spent === latency && result!.accesses === accesses * (CORES + GPU_AGENTS),
  };
}

/** 8 hex digits. */
export function hashText({ traceHash }: SimulationResult): string {
  return traceHash.toString(16).padStart(8, '0');
}

function simulated(values: ParameterValues, accesses: number, core: SimulatorCore): SimulationResult {
  const streams = Array.from({ length: CORES + GPU_AGENTS }, (_, agent) => {
    const seed = SEED * (CORES + GPU_AGENTS) + agent;
    return randomStream({ accesses, lines: LINES, seed, operations: OPERATIONS, longestGapPs: 0 });
  });
  const plan = {
    // Caches of a few lines, so that lines come and go.
    values: { ...values, 'cpu-l1-size': 256, 'cpu-l1-ways': 2, 'cpu-l2-size': 512, 'cpu-l2-ways': 4 },
    protocol: PROTOCOL,
    cores: CORES,
    gpuAgents: GPU_AGENTS,
    chunk: 256,
    contents: 'empty',
  } as const;
  const simulation = new Simulation(core, plan, streams);
  while (simulation.advance());
  return simulation.result();
}
