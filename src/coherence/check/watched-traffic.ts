/** Random traffic of agents that share a few lines, in caches with room for fewer, watched after every event. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { Violation } from '../explore/violation.ts';
import type { ParameterValues } from '../profiles/parameters.ts';
import { PROTOCOL } from '../protocol/protocol.ts';
import type { Protocol } from '../protocol/tables.ts';
import type { SimulationPlan } from '../simulate/plan.ts';
import { type AccessStream, Simulation, type SimulationResult } from '../simulate/simulation.ts';
import type { SimulatorCore } from '../simulate/simulator-core.ts';
import { tsCore } from '../simulate/ts-core.ts';
import type { Watched } from '../watch/watched.ts';
import { Watcher } from '../watch/watcher.ts';
import { OPERATIONS, randomStream } from './random-stream.ts';
import type { WatchedRow } from './report.ts';
import { hashText } from './traffic.ts';

const CORES = 4;
const GPU_AGENTS = 2;
/** Of each memory. */
const LINES = 6;
const SEED = 1;
/** Long enough for everything to come to rest now and then. */
const LONGEST_GAP_PS = 1 << 20;
const EVENTS_AT_A_TIME = 1 << 14;

/** Lines come and go everywhere, and channels of memory are busy. */
const SMALL = {
  'cpu-l1-size': 128,
  'cpu-l1-ways': 2,
  'cpu-l2-size': 256,
  'cpu-l2-ways': 2,
  'gpu-l1-size': 256,
  'gpu-l1-ways': 2,
  'l3-size': 256,
  'l3-ways': 2,
  'l2-size': 256,
  'l2-ways': 2,
  'lpddr-channels': 1,
  'hbm-channels': 1,
} as const satisfies Partial<ParameterValues>;

export interface TrafficSetting {
  readonly name: string;
  readonly values: Partial<ParameterValues>;
}

/** In which together every pair of the tables comes up that the simulator can come to. */
export const SETTINGS: readonly TrafficSetting[] = [
  { name: 'atomics at home', values: { 'cpu-atomics-far': 1, 'cpu-caches-device-memory': 1 } },
  {
    name: 'atomics of cores in their caches',
    values: { 'cpu-atomics-far': 0, 'cpu-caches-device-memory': 1 },
  },
  { name: 'cores keep no GPU memory', values: { 'cpu-atomics-far': 1, 'cpu-caches-device-memory': 0 } },
];

export function planOf(values: ParameterValues, setting: TrafficSetting, protocol: Protocol): SimulationPlan {
  return {
    values: { ...values, ...SMALL, ...setting.values },
    protocol,
    cores: CORES,
    gpuAgents: GPU_AGENTS,
    chunk: 256,
    contents: 'changed',
  };
}

/** @param accesses of each agent */
export function streams(accesses: number): AccessStream[] {
  return Array.from({ length: CORES + GPU_AGENTS }, (_, agent) =>
    randomStream({
      accesses,
      lines: LINES,
      seed: SEED * (CORES + GPU_AGENTS) + agent,
      operations: agent < CORES ? OPERATIONS : [...OPERATIONS, layout.ACCESS_ACQUIRE],
      longestGapPs: LONGEST_GAP_PS,
    }),
  );
}

export interface WatchedRun {
  readonly watched: Watched;
  /** Null where the violation ended it. */
  readonly result: SimulationResult | null;
  readonly violation: Violation | null;
}

/** In steps, between which the number of events so far is told: for who has to look elsewhere meanwhile. */
export function* watching(
  plan: SimulationPlan,
  accesses: readonly AccessStream[],
  core: SimulatorCore,
): Generator<number, WatchedRun, void> {
  const watcher = new Watcher(core, plan);
  try {
    const simulation = new Simulation(watcher, plan, accesses);
    while (simulation.advance(EVENTS_AT_A_TIME)) yield watcher.watched.events;
    return { watched: watcher.watched, result: simulation.result(), violation: null };
  } catch (violation) {
    if (!(violation instanceof Violation)) throw violation;
    return { watched: watcher.watched, result: null, violation };
  }
}

/** One setting, watched, and once more unwatched. @param accesses of each agent */
export function* watchedRow(
  values: ParameterValues,
  setting: TrafficSetting,
  { accesses, makeCore }: { readonly accesses: number; makeCore(): SimulatorCore },
): Generator<number, { readonly row: WatchedRow; readonly used: Uint8Array }, void> {
  const plan = planOf(values, setting, PROTOCOL);
  const { watched, result, violation } = yield* watching(plan, streams(accesses), makeCore());
  const { shadow, events, story } = watched;
  const row: WatchedRow = {
    evidence: 'modelled',
    setting: setting.name,
    cores: CORES,
    gpuAgents: GPU_AGENTS,
    lines: 2 * LINES,
    seed: SEED,
    accesses: result?.accesses ?? null,
    events,
    checks: shadow.checks,
    violations: violation === null ? 0 : 1,
    violation: violation === null ? null : `${violation.invariant}: ${violation.message}`,
    story: violation === null ? [] : story,
    traceHash: result === null ? null : hashText(result),
    repeats: result !== null && unwatchedHash(plan, accesses) === hashText(result),
  };
  return { row, used: shadow.used };
}

/** On the core in TypeScript, whichever was watched: one knows nothing of the other. */
function unwatchedHash(plan: SimulationPlan, accesses: number): string {
  const simulation = new Simulation(tsCore(), plan, streams(accesses));
  while (simulation.advance());
  return hashText(simulation.result());
}
