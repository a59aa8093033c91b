/**
 * Runs a scenario for one round and for two. What the second round adds is what is looked at: caches are warm then, and
 * neither the begin nor the end of a run is in it. Or runs two scenarios, of which one goes on where the other ends.
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

/** Of the agents that are looked at. */
export interface Round {
  readonly accesses: number;
  readonly latencyPs: number;
  readonly timePs: number;
  /** Accesses of those that are noise in each picosecond of the whole run; 0 where none is. */
  readonly noisePerPs: number;
  /** Of all agents. */
  readonly partsPs: Readonly<Record<PartName, number>>;
}

const CHUNK = 256;

export function secondRound(values: ParameterValues, scenario: Scenario, makeCore: MakeCore): Round {
  const counts = scenario.loads.map(({ accesses }) => accesses !== 'noise');
  const [first, both] = [1, 2].map((rounds) =>
    roundOf(afterRounds(values, scenario, rounds, makeCore), scenario, counts),
  );
  return difference(both!, first!);
}

/** What a scenario comes to beyond another that it begins with, of the agents that do more in it. */
export function addedRound(
  values: ParameterValues,
  before: Scenario,
  whole: Scenario,
  makeCore: MakeCore,
): Round {
  const counts = whole.loads.map(({ accesses }, i) => accesses !== before.loads[i]!.accesses);
  const [first, both] = [before, whole].map((scenario) =>
    roundOf(afterRounds(values, scenario, 1, makeCore), scenario, counts),
  );
  return difference(both!, first!);
}

function afterRounds(
  values: ParameterValues,
  { loads, contents }: Scenario,
  rounds: number,
  makeCore: MakeCore,
): SimulationResult {
  const cores = loads.filter(({ side }) => side === 'grace').length;
  const plan = { values, protocol: PROTOCOL, cores, gpuAgents: loads.length - cores, chunk: CHUNK, contents };
  const simulation = new Simulation(makeCore(), plan, streamsOf(loads, rounds));
  while (simulation.advance());
  return simulation.result();
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

/** @param counts of each agent, whether it is looked at */
function roundOf(
  { agents, partsPs }: SimulationResult,
  { loads }: Scenario,
  counts: readonly boolean[],
): Round {
  const looked = agents.filter((_, i) => counts[i]);
  const noise = agents.filter((_, i) => loads[i]!.accesses === 'noise');
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    accesses: sum(looked.map(({ accesses }) => accesses)),
    noisePerPs: sum(noise.map(({ accesses, lastEndPs }) => accesses / lastEndPs)),
    latencyPs: sum(looked.map(({ latencyPs }) => latencyPs)),
    timePs: Math.max(...looked.map(({ lastEndPs }) => lastEndPs)),
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
    noisePerPs: both.noisePerPs,
    latencyPs: both.latencyPs - first.latencyPs,
    timePs: both.timePs - first.timePs,
    partsPs: Object.fromEntries(parts) as Record<PartName, number>,
  };
}
