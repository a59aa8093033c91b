/** Accesses for tests of simulations. */
import fc from 'fast-check';
import * as layout from '../../../assembly/coherence/layout.ts';
import type { ParameterValues } from '../../../src/coherence/profiles/parameters.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { PROTOCOL } from '../../../src/coherence/protocol/protocol.ts';
import type { SimulationPlan } from '../../../src/coherence/simulate/plan.ts';
import {
  type AccessStream,
  Simulation,
  type SimulationResult,
} from '../../../src/coherence/simulate/simulation.ts';
import type { SimulatorCore } from '../../../src/coherence/simulate/simulator-core.ts';
import { tsCore } from '../../../src/coherence/simulate/ts-core.ts';

/** The first line of GPU memory. */
export const GPU_MEMORY = 2 ** layout.GPU_LINE_SHIFT;
export const VALUES: ParameterValues = openCoherenceProfile('gh200-120gb').values;

/** So many accesses, each of the line that `lineOf` says. */
export function accesses(count: number, lineOf: (i: number) => number, what: number): AccessStream {
  let next = 0;
  return {
    fill: (pairs) => {
      let filled = 0;
      for (; filled < pairs.length / 2 && next < count; filled++, next++) {
        pairs[2 * filled] = lineOf(next);
        pairs[2 * filled + 1] = what;
      }
      return filled;
    },
  };
}

/** Loads, stores, streams and atomics of a few lines of both memories by all agents. */
export const TRAFFIC = fc.array(
  fc.record({
    line: fc.nat(11).map((i) => (i < 6 ? i : GPU_MEMORY + i)),
    what: fc.constantFrom(layout.ACCESS_LOAD, layout.ACCESS_STORE, layout.ACCESS_STREAM, layout.ACCESS_ADD),
    depends: fc.constantFrom(0, layout.ACCESS_DEPENDS),
  }),
  { minLength: 1, maxLength: 300 },
);

export interface Access {
  readonly line: number;
  readonly what: number;
  readonly depends: number;
}

/** Each agent's share of the traffic. */
export function mixed(agents: number, traffic: readonly Access[]): AccessStream[] {
  return Array.from({ length: agents }, (_, agent) => {
    const own = traffic.filter((__, i) => i % agents === agent);
    let next = 0;
    return {
      fill: (pairs: Uint32Array) => {
        const some = own.slice(next, next + pairs.length / 2);
        for (const [i, { line, what, depends }] of some.entries()) pairs.set([line, what | depends], 2 * i);
        next += some.length;
        return some.length;
      },
    };
  });
}

export interface Setting extends Partial<SimulationPlan> {
  readonly cores: number;
  readonly gpuAgents: number;
}

export function simulate(
  setting: Setting,
  streams: readonly AccessStream[],
  core: SimulatorCore = tsCore(),
): SimulationResult {
  const plan = { values: VALUES, protocol: PROTOCOL, chunk: 256, contents: 'empty', ...setting } as const;
  const simulation = new Simulation(core, plan, streams);
  while (simulation.advance());
  return simulation.result();
}
