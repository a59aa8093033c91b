/** What the model makes of one pattern with one set of parameters. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { addedRound, type MakeCore } from '../predict/run.ts';
import type { Load, Scenario } from '../predict/scenario.ts';
import { type HomeContents, LINE_BYTES } from '../simulate/lay-side.ts';
import { PART_NAMES, type PartName } from '../simulate/simulation.ts';
import { isHeld } from './lines.ts';
import { type ModelledPattern, type Part, type PatternOptions, partsOf, sideOf } from './pattern.ts';

export interface PatternFigures {
  /** Time of all agents over their operations, as in the measured mode. */
  readonly nsPerOp: number;
  /** Mean latency of an access. */
  readonly accessNs: number;
  /** What that is the sum of, without parts that are nothing. Null where others than those looked at are in it. */
  readonly partsNs: Readonly<Partial<Record<PartName, number>>> | null;
  /** What a load reads meanwhile; null where there is none. */
  readonly loadBytesPerSec: number | null;
}

/** Or why there are none. */
export function patternFigures(
  { run }: ModelledPattern,
  options: PatternOptions,
  makeCore: MakeCore,
): PatternFigures | string {
  const missing = missingAgents(options);
  if (missing !== null) return missing;
  const found = run(options);
  if (typeof found === 'string') return found;
  const { parts, operations } = found;
  const contents = contentsOf(options, parts);
  const before = scenarioOf(parts, 'before', contents);
  const whole = scenarioOf(parts, 'whole', contents);
  const round = addedRound(options.values, before, whole, makeCore);
  const isAlone = parts.every((part) => part.whole !== 'noise');
  const partsNs = PART_NAMES.map((name) => [name, round.partsPs[name] / round.accesses / 1000] as const);
  return {
    nsPerOp: round.timePs / operations / 1000,
    accessNs: round.latencyPs / round.accesses / 1000,
    partsNs: isAlone ? Object.fromEntries(partsNs.filter(([, ns]) => ns !== 0)) : null,
    loadBytesPerSec: isAlone ? null : round.noisePerPs * LINE_BYTES * 1e12,
  };
}

function missingAgents(options: PatternOptions): string | null {
  const { values } = options;
  const gpuAgents = partsOf(options, (agent) => sideOf(options, agent)).filter(
    (side) => side === 'hopper',
  ).length;
  const cores = options.agents - gpuAgents;
  if (cores > values['cpu-cores']) return `${cores} cores: this profile has ${values['cpu-cores']}`;
  if (gpuAgents > values['gpu-sms']) return `${gpuAgents} GPU agents: this profile has ${values['gpu-sms']}`;
  return null;
}

/** Cores are first. */
function scenarioOf(parts: readonly Part[], upTo: 'before' | 'whole', contents: HomeContents): Scenario {
  const loads = parts.map((part): Load => ({ side: part.side, accesses: part[upTo], step: part.step }));
  const of = (side: Load['side']) => loads.filter((load) => load.side === side);
  return { loads: [...of('grace'), ...of('hopper')], contents };
}

/** Accesses of each agent that tell which share of them writes. */
const SAMPLE = 64;

/** What the rounds themselves bring into the home's cache, or where that is too little to fill it, as after many of them. */
function contentsOf(options: PatternOptions, parts: readonly Part[]): HomeContents {
  if (isHeld(options)) return 'empty';
  const steps = parts.flatMap(({ step }) => Array.from({ length: SAMPLE }, (_, i) => step(i)));
  const changed = steps.filter(({ what }) => (what & layout.ACCESS_OPERATION) !== layout.ACCESS_LOAD).length;
  return { changed, of: steps.length };
}
