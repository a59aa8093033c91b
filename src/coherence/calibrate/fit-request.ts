/** What a fit is asked for, and what it refuses. */
import { UsageError } from '../../errors.ts';
import { type ParameterName, parameterNamed } from '../profiles/parameters.ts';
import type { ProfilePredict } from '../profiles/predict.ts';
import { type CoherenceProfile, requireProfileName } from '../profiles/profile.ts';
import { SPLIT } from '../validate/split.ts';

export interface FitRequest {
  /** Where the fit starts; what is not fitted stays as it is there. */
  readonly profile: CoherenceProfile;
  /** What the fitted profile is called. */
  readonly name: string;
  readonly parameters: readonly ParameterName[];
  readonly cells: readonly string[];
  readonly predict: ProfilePredict;
  readonly seed: number;
  /** Starts beside the profile's own values. */
  readonly randomStarts: number;
  /** Told after each evaluation of the model: how many there were, and the least cost of them. */
  readonly progress: (evaluations: number, leastCost: number) => void;
}

/** @throws UsageError where the request cannot be fitted: cells of another set above all */
export function checkRequest({ profile, name, parameters, cells }: FitRequest): void {
  requireProfileName(name, 'cannot fit');
  const foreign = cells.filter((cell) => !SPLIT.calibration.includes(cell));
  if (foreign.length > 0) {
    throw new UsageError(
      `cannot fit to ${foreign.join(', ')}: not in the calibration set; expected some of ${SPLIT.calibration.join(', ')}`,
    );
  }
  requireOnce('cell', cells);
  requireOnce('parameter', parameters);
  if (parameters.length > cells.length) {
    throw new UsageError(
      `cannot fit ${parameters.length} parameters to ${cells.length} cells: expected no more parameters than cells`,
    );
  }
  const unfit = parameters.find(
    (name) => parameterNamed(name)?.kind === 'flag' || !(profile.values[name] > 0),
  );
  if (unfit !== undefined) {
    throw new UsageError(`cannot fit ${unfit}: expected a parameter above zero that is no flag`);
  }
}

/** One at least, and none twice. */
function requireOnce(what: string, list: readonly string[]): void {
  if (list.length === 0) throw new UsageError(`cannot fit: no ${what} is given; expected one at least`);
  const twice = list.find((one, i) => list.indexOf(one) < i);
  if (twice !== undefined) {
    throw new UsageError(`cannot fit: ${what} ${twice} is given twice; expected it once`);
  }
}
