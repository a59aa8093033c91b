/** What the simulator gives for the quantities of the published cells. */
import type { ParameterValues } from '../profiles/parameters.ts';
import { PART_NAMES, type PartName } from '../simulate/simulation.ts';
import type { Predict } from '../validate/rows.ts';
import { CELLS } from './cells.ts';
import { type MakeCore, secondRound } from './run.ts';
import type { Scenario } from './scenario.ts';

export interface Prediction {
  /** Nanoseconds or 10^9 bytes a second. */
  readonly figure: number;
  /** What the mean latency of an access is the sum of, in nanoseconds; parts that are nothing are left out. */
  readonly partsNs: Readonly<Partial<Record<PartName, number>>>;
}

const BY_ID = new Map(CELLS.map((cell) => [cell.id, cell]));

/** Null where the model has no notion of the quantity, or the profile has no such thing. */
export function predictCell(values: ParameterValues, id: string, makeCore: MakeCore): Prediction | null {
  const cell = BY_ID.get(id);
  const scenario = scenarioOf(values, id);
  if (cell === undefined || scenario === null) return null;
  const round = secondRound(values, scenario, makeCore);
  const parts = PART_NAMES.map((name) => [name, round.partsPs[name] / round.accesses / 1000] as const);
  return { figure: cell.figure(round), partsNs: Object.fromEntries(parts.filter(([, ns]) => ns !== 0)) };
}

/** What is simulated for a quantity, or null where there is no figure. */
export function scenarioOf(values: ParameterValues, id: string): Scenario | null {
  return BY_ID.get(id)?.scenario(values) ?? null;
}

/** Simulates once for each quantity. */
export function predictor(values: ParameterValues, makeCore: MakeCore): (id: string) => Prediction | null {
  const known = new Map<string, Prediction | null>();
  return (id) => {
    if (!known.has(id)) known.set(id, predictCell(values, id, makeCore));
    return known.get(id)!;
  };
}

export function figuresOf(predict: (id: string) => Prediction | null): Predict {
  return (quantity) => predict(quantity)?.figure ?? null;
}
