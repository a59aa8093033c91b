/**
 * Runs a scenario for one round and for two. What the second round adds is what is looked at: caches are warm then, and
 * neither the begin nor the end of a run is in it.
 */
import type { ParameterValues } from '../profiles/parameters.ts';
import { PROTOCOL } from '../protocol/protocol.ts';
import {
  type AccessStream,
  type PartName,
  Simulation,
  type SimulationResult,
} from '../simulate/simulation.ts';
import type { SimulatorCore } from '../simulate/simulator-core.ts';
import type { Load, Scenario } from './scenario.ts';

export type MakeCore = () => SimulatorCore;

/** Of the agents that are no noise. */
export interface Round {
  readonly accesses: number;
  readonly latencyPs: number;
  readonly timePs: number;
  /** Of all agents. */
  readonly partsPs: Readonly<Record<PartName, number>>;
}

const CHUNK = 256;

export function secondRound(values: ParameterValues, scenario: Scenario, makeCore: MakeCore): Round {
  const [first, both] = [1, 2].map((rounds) => afterRounds(values, scenario, rounds, makeCore));
  return difference(both!, first!);
}

function afterRounds(
  values: ParameterValues,
  { loads, contents }: Scenario,
  rounds: number,
  makeCore: MakeCore,
): Round {
  const cores = loads.filter(({ side }) => side === 'grace').length;
  const plan = { values, protocol: PROTOCOL, cores, gpuAgents: loads.length - cores, chunk: CHUNK, contents };
  const simulation = new Simulation(makeCore(), plan, streamsOf(loads, rounds));
  while (simulation.advance());
  return roundOf(simulation.result(), loads);
}

function streamsOf(loads: readonly Load[], rounds: number): AccessStream[] {
  let busy = loads.filter(({ accesses }) => accesses !== 'noise').length;
  return loads.map(({ accesses, step }) => {
    const count = accesses === 'noise' ? Number.POSITIVE_INFINITY : accesses * rounds;
    let next = 0;
    return {
      fill: (pairs) => {
        if (next === count) busy--;
        if (next === count || busy === 0) return 0;
        let filled = 0;
        for (; 2 * filled < pairs.length && next < count; filled++, next++) {
          const { line, what } = step(next);
          pairs[2 * filled] = line;
          pairs[2 * filled + 1] = what;
        }
        return filled;
      },
    };
  });
}

function roundOf({ agents, partsPs }: SimulationResult, loads: readonly Load[]): Round {
  const measured = agents.filter((_, i) => loads[i]!.accesses !== 'noise');
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    accesses: sum(measured.map((agent) => agent.accesses)),
    latencyPs: sum(measured.map((agent) => agent.latencyPs)),
    timePs: Math.max(...measured.map((agent) => agent.lastEndPs)),
    partsPs,
  };
}

function difference(both: Round, first: Round): Round {
  const parts = Object.entries(both.partsPs).map(([name, ps]) => [
    name,
    ps - first.partsPs[name as PartName],
  ]);
  return {
    accesses: both.accesses - first.accesses,
    latencyPs: both.latencyPs - first.latencyPs,
    timePs: both.timePs - first.timePs,
    partsPs: Object.fromEntries(parts) as Record<PartName, number>,
  };
}
