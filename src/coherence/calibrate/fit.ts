/**
 * Fits parameters of a profile to published cells, those of the calibration set only.
 *
 * What is minimised is the sum over cells of ln(modelled / published)^2, so that twice and half are equally wrong
 * and nanoseconds weigh as much as bytes a second. Variables are logarithms of parameters, from a quarter to four times
 * their value in the profile that it starts from, and within the range that a parameter has. It starts there and from
 * as many random points between as asked for, and keeps the best. The seed decides about all of it: same profile, cells,
 * parameters, model and seed, same text.
 */
import { UsageError } from '../../errors.ts';
import { Random } from '../../random.ts';
import { nearestValue, withValues } from '../profiles/changed.ts';
import { type ParameterName, parameterNamed } from '../profiles/parameters.ts';
import {
  type CoherenceProfile,
  FITTED_TO,
  formatCoherenceProfile,
  type Provenance,
} from '../profiles/profile.ts';
import { middleOf } from '../published/cell.ts';
import { publishedCell } from '../published/cells.ts';
import { SPLIT_SHA256 } from '../validate/split-hash.ts';
import { checkRequest, type FitRequest } from './fit-request.ts';
import { type Bounds, type LeastSquares, type Minimum, minimise } from './least-squares.ts';

export interface Fit {
  readonly profile: CoherenceProfile;
  /** The profile as the file that it is to be. */
  readonly text: string;
  /** By cell, modelled over published less one. */
  readonly errors: readonly { readonly cell: string; readonly error: number }[];
  /** Parameters that no cell hangs on: these are as they were. */
  readonly idle: readonly ParameterName[];
  /** How often the model was asked. */
  readonly evaluations: number;
}

const REACH = Math.log(4);
/** About 5 %: enough that a few dozen lines in flight are another number. */
const PROBE = 0.05;
const MAX_STEPS = 60;
/** Residuals that a probe moves by less hang on something else: rounding. */
const LEAST_EFFECT = 1e-6;

/** @throws UsageError where the request cannot be fitted: cells of another set above all */
export function fitProfile(request: FitRequest): Fit {
  checkRequest(request);
  const { parameters, seed, randomStarts } = request;
  const model = new FittedModel(request);
  const own = parameters.map((name) => Math.log(request.profile.values[name]));
  const bounds = parameters.map((name, i) => boundsOf(name, own[i]!));
  const random = new Random(seed).fork('fit');
  const starts = [
    own,
    ...Array.from({ length: randomStarts }, () => bounds.map((one) => between(one, random))),
  ];
  const problem = {
    residuals: (x: readonly number[]) => model.residuals(x),
    bounds,
    probe: PROBE,
    maxSteps: MAX_STEPS,
  };
  const best = starts.map((start) => minimise(problem, start)).reduce(better);
  return fitOf(request, { problem, best, model });
}

/** The first of two that are equally good. */
function better(a: Minimum, b: Minimum): Minimum {
  return b.cost < a.cost ? b : a;
}

function boundsOf(name: ParameterName, own: number): Bounds {
  const { min, max } = parameterNamed(name)!;
  return {
    low: Math.max(own - REACH, Math.log(Math.max(min, 1))),
    high: Math.min(own + REACH, Math.log(max)),
  };
}

function between({ low, high }: Bounds, random: Random): number {
  return low + (high - low) * random.float();
}

/** Residuals of logarithms of parameters, by running the model. */
class FittedModel {
  readonly #request: FitRequest;
  readonly #published: readonly number[];
  evaluations = 0;

  constructor(request: FitRequest) {
    this.#request = request;
    this.#published = request.cells.map((cell) => middleOf(publishedCell(cell)));
  }

  profileAt(x: readonly number[]): CoherenceProfile {
    const { profile, parameters } = this.#request;
    const values = parameters.map((name, i) => [name, nearestValue(name, Math.exp(x[i]!))] as const);
    return withValues(profile, Object.fromEntries(values));
  }

  residuals(x: readonly number[]): number[] {
    const { cells, predict } = this.#request;
    this.evaluations++;
    const figures = predict(this.profileAt(x), cells);
    return cells.map((cell, i) => Math.log(requireFigure(cell, figures[i]) / this.#published[i]!));
  }
}

function requireFigure(cell: string, figure: number | null | undefined): number {
  if (figure === null || figure === undefined) {
    throw new UsageError(`cannot fit to ${cell}: the model has no figure for it; leave it out of the cells`);
  }
  if (figure > 0 && Number.isFinite(figure)) return figure;
  throw new RangeError(`a model gives ${figure} for ${cell}: expected a finite figure above zero`);
}

function fitOf(
  request: FitRequest,
  { problem, best, model }: { problem: LeastSquares; best: Minimum; model: FittedModel },
): Fit {
  const { parameters, cells, name, seed } = request;
  const residuals = problem.residuals(best.x);
  const moved = parameters.map((_, i) =>
    movedCells(problem, { x: best.x, residuals }, i).map((at) => cells[at]!),
  );
  const idle = parameters.filter((_, i) => moved[i]!.length === 0);
  const fitted = model.profileAt(best.x);
  const provenance = { ...fitted.provenance };
  parameters.forEach((parameter, i) => {
    if (!idle.includes(parameter)) provenance[parameter] = fittedTo(moved[i]!, seed);
  });
  const unmoved = Object.fromEntries(idle.map((parameter) => [parameter, request.profile.values[parameter]]));
  const profile = { ...withValues(fitted, unmoved), name, provenance, split: SPLIT_SHA256 };
  return {
    profile,
    text: formatCoherenceProfile(profile),
    errors: cells.map((cell, i) => ({ cell, error: Math.exp(residuals[i]!) - 1 })),
    idle,
    evaluations: model.evaluations,
  };
}

/** Indexes of cells that change where one variable does. */
function movedCells(
  { residuals }: LeastSquares,
  at: { x: readonly number[]; residuals: readonly number[] },
  variableIdx: number,
): number[] {
  const sides = [PROBE, -PROBE].map((move) => residuals(at.x.with(variableIdx, at.x[variableIdx]! + move)));
  const isMoved = (i: number) => sides.some((side) => Math.abs(side[i]! - at.residuals[i]!) > LEAST_EFFECT);
  return [...at.residuals.keys()].filter(isMoved);
}

function fittedTo(cells: readonly string[], seed: number): Provenance {
  return { class: 'calibrated', source: `${FITTED_TO}${cells.join(', ')}; seed ${seed}` };
}
