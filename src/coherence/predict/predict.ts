/** What the simulator gives for the quantities of the published cells. */
import type { ParameterValues } from '../profiles/parameters.ts';
import type { ProfilePredict } from '../profiles/predict.ts';
import { PART_NAMES, type PartName } from '../simulate/simulation.ts';
import type { Predict } from '../validate/rows.ts';
import { CELLS } from './cells.ts';
import { type MakeCore, secondRound } from './run.ts';

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
  const scenario = cell?.scenario(values) ?? null;
  if (cell === undefined || scenario === null) return null;
  const round = secondRound(values, scenario, makeCore);
  const parts = PART_NAMES.map((name) => [name, round.partsPs[name] / round.accesses / 1000] as const);
  return { figure: cell.figure(round), partsNs: Object.fromEntries(parts.filter(([, ns]) => ns !== 0)) };
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

/** With a profile at a time, for sensitivity and calibration. */
export function profilePredict(makeCore: MakeCore): ProfilePredict {
  return ({ values }, quantities) =>
    quantities.map((quantity) => predictCell(values, quantity, makeCore)?.figure ?? null);
}
