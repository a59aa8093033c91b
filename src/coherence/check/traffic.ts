/** Random accesses of a few lines by all agents: every pair of them meets, again and again. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { Random } from '../../random.ts';
import type { ParameterValues } from '../profiles/parameters.ts';
import { PROTOCOL } from '../protocol/protocol.ts';
import { type AccessStream, Simulation, type SimulationResult } from '../simulate/simulation.ts';
import type { SimulatorCore } from '../simulate/simulator-core.ts';
import type { TrafficRow } from './report.ts';

const CORES = 4;
const GPU_AGENTS = 2;
/** Of each memory. */
const LINES = 16;
const SEED = 1;
const OPERATIONS = [
  layout.ACCESS_LOAD,
  layout.ACCESS_LOAD,
  layout.ACCESS_STORE,
  layout.ACCESS_STREAM,
  layout.ACCESS_ADD,
] as const;

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
    traceHash: result!.traceHash.toString(16).padStart(8, '0'),
    repeats: again!.traceHash === result!.traceHash && again!.endPs === result!.endPs,
    sumsUp: spent === latency && result!.accesses === accesses * (CORES + GPU_AGENTS),
  };
}

function simulated(values: ParameterValues, accesses: number, core: SimulatorCore): SimulationResult {
  const streams = Array.from({ length: CORES + GPU_AGENTS }, (_, agent) => randomStream(accesses, agent));
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

function randomStream(accesses: number, agent: number): AccessStream {
  const random = new Random(SEED * (CORES + GPU_AGENTS) + agent);
  let left = accesses;
  return {
    fill: (pairs) => {
      const count = Math.min(left, pairs.length / 2);
      for (let i = 0; i < count; i++) {
        const memory = random.below(2) * 2 ** layout.GPU_LINE_SHIFT;
        pairs[2 * i] = memory + random.below(LINES);
        const depends = random.below(4) === 0 ? layout.ACCESS_DEPENDS : 0;
        pairs[2 * i + 1] = OPERATIONS[random.below(OPERATIONS.length)]! | depends;
      }
      left -= count;
      return count;
    },
  };
}
