/**
 * How much each figure hangs on each parameter: a parameter is moved by a fifth, up and down, and the relative change
 * of the figure is divided by that of the parameter. 1: in proportion; -1: in inverse proportion; 0: not at all.
 */
import { nearestValue, withValues } from '../profiles/changed.ts';
import { PARAMETERS, type ParameterName } from '../profiles/parameters.ts';
import type { ProfilePredict } from '../profiles/predict.ts';
import type { CoherenceProfile } from '../profiles/profile.ts';

/** The step, as a share of the parameter. */
const STEP = 0.2;
const NAMES = PARAMETERS.filter(({ kind }) => kind !== 'flag').map(({ name }) => name);

export interface Elasticity {
  readonly parameter: ParameterName;
  readonly quantity: string;
  /**
   * By the step up and by the step down; null where there is no such step, because the parameter is at its bound, zero,
   * or a number too small to move by a fifth, and where the model has no figure.
   */
  readonly up: number | null;
  readonly down: number | null;
}

/**
 * Rows by parameter, then by quantity. Flags have no row: there is no fifth of one. Runs the model twice for each
 * parameter, and once.
 */
export async function elasticities(
  profile: CoherenceProfile,
  quantities: readonly string[],
  predict: ProfilePredict,
): Promise<Elasticity[]> {
  const bases = await predict(profile, quantities);
  const ofStep = async (parameter: ParameterName, step: number): Promise<(number | null)[]> => {
    const move = movedBy(profile, parameter, step);
    if (move === null) return quantities.map(() => null);
    const figures = await predict(move.profile, quantities);
    return figures.map((figure, i) => elasticity(bases[i]!, figure, move.share));
  };
  const rows: Elasticity[] = [];
  for (const parameter of NAMES) {
    const [ups, downs] = [await ofStep(parameter, STEP), await ofStep(parameter, -STEP)];
    rows.push(...quantities.map((quantity, i) => ({ parameter, quantity, up: ups[i]!, down: downs[i]! })));
  }
  return rows;
}

/** How many profiles `elasticities` asks the model about. */
export function profileCount(profile: CoherenceProfile): number {
  const moves = NAMES.flatMap((name) => [movedBy(profile, name, STEP), movedBy(profile, name, -STEP)]);
  return 1 + moves.filter((move) => move !== null).length;
}

interface Move {
  readonly profile: CoherenceProfile;
  /** Relative change of the parameter: the step, but for rounding to a whole number. */
  readonly share: number;
}

/** Null where the parameter cannot move about that far: then the change would say more about rounding than about the model. */
function movedBy(profile: CoherenceProfile, name: ParameterName, step: number): Move | null {
  const from = profile.values[name];
  const to = nearestValue(name, from * (1 + step));
  const share = from === 0 ? 0 : to / from - 1;
  if (Math.abs(share - step) > STEP / 2) return null;
  return { profile: withValues(profile, { [name]: to }), share };
}

function elasticity(base: number | null, figure: number | null, share: number): number | null {
  if (base === null || figure === null) return null;
  // Without the sign that a zero takes from a step down.
  return (figure / base - 1) / share + 0;
}
