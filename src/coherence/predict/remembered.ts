/** Figures of many profiles, each simulated once for all profiles that agree in what it hangs on. */
import type { ParameterValues } from '../profiles/parameters.ts';
import type { ProfilePredict } from '../profiles/predict.ts';
import { predictCell, scenarioOf } from './predict.ts';
import { parametersReached, reachOf } from './reach.ts';
import type { MakeCore } from './run.ts';

/** @param before told before each simulation, which takes up to seconds; a rejection of it is the answer's */
export function rememberedPredict(
  makeCore: MakeCore,
  before: (quantity: string) => Promise<void>,
): ProfilePredict {
  const known = new Map<string, number | null>();
  return async ({ values }, quantities) => {
    const figures: (number | null)[] = [];
    for (const quantity of quantities) {
      const key = keyOf(values, quantity);
      if (!known.has(key)) {
        await before(quantity);
        known.set(key, predictCell(values, quantity, makeCore)?.figure ?? null);
      }
      figures.push(known.get(key)!);
    }
    return figures;
  };
}

/** The quantity, and the values that it hangs on. */
function keyOf(values: ParameterValues, quantity: string): string {
  const scenario = scenarioOf(values, quantity);
  const reached = scenario === null ? [] : parametersReached(reachOf(scenario));
  return [quantity, scenario === null ? 'none' : 'some', ...reached.map((name) => values[name])].join(' ');
}
