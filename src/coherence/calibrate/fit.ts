/**
 * Fits parameters of a profile to published cells, those of the calibration set only.
 *
 * What is minimised is the sum over cells of ln(modelled / published)^2, so that twice and half are equally wrong
 * and nanoseconds weigh as much as bytes a second. Variables are logarithms of parameters, from a quarter to four times
 * their value in the profile that it starts from, and within the range that a parameter has. It starts there and from
 * as many random points between as asked for, and keeps the best. The seed decides about all of it: same profile, cells,
 * parameters, model and seed, same text. Where a fit begins that leads nowhere better, its values stay as they are, so that
 * a profile that was fitted is fitted to itself.
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
import { type Bounds, type LeastSquares, type Minimum, minimise, sumOfSquares } from './least-squares.ts';

/** Modelled over published, less one: of the profile that a fit started from, and of the fitted one. */
export interface CellError {
  readonly cell: string;
  readonly before: number;
  readonly error: number;
}

export interface Fit {
  readonly profile: CoherenceProfile;
  /** The profile as the file that it is to be. */
  readonly text: string;
  readonly errors: readonly CellError[];
  /** Sums of squares of logarithms: of the profile that it started from, and of the fitted one. */
  readonly costBefore: number;
  readonly cost: number;
  /** Parameters that no cell hangs on: these are as they were. */
  readonly idle: readonly ParameterName[];
  /** How often the model was asked. */
  readonly evaluations: number;
}

const REACH = Math.log(4);
/** About 5 %: enough that a few dozen lines in flight are another number. */
const PROBE = 0.05;
const MAX_STEPS = 60;
/** What a figure does to the cost that is off by a third of a per cent: less is chasing what whole numbers round. */
const LEAST_GAIN = 1e-5;
/** Residuals that a probe moves by less hang on something else: rounding. */
const LEAST_EFFECT = 1e-6;

/** @throws UsageError where the request cannot be fitted: cells of another set above all */
export async function fitProfile(request: FitRequest): Promise<Fit> {
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
  const problem: LeastSquares = {
    residuals: (x: readonly number[]) => model.residuals(x),
    bounds,
    probe: probeFrom,
    maxSteps: MAX_STEPS,
    leastGain: LEAST_GAIN,
  };
  const before = await model.residuals(own);
  let best: Minimum = { x: own, cost: sumOfSquares(before) };
  for (const start of starts) best = better(best, await minimise(problem, start));
  return fitOf(request, { problem, best, model, before });
}

/** The first of two that are equally good. */
function better(a: Minimum, b: Minimum): Minimum {
  return b.cost < a.cost - LEAST_GAIN ? b : a;
}

/** So far that another whole number comes of it. */
function probeFrom(value: number): number {
  return Math.max(PROBE, Math.log1p(Math.exp(-value)));
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
  #leastCost = Number.POSITIVE_INFINITY;

  constructor(request: FitRequest) {
    this.#request = request;
    this.#published = request.cells.map((cell) => middleOf(publishedCell(cell)));
  }

  profileAt(x: readonly number[]): CoherenceProfile {
    const { profile, parameters } = this.#request;
    const values = parameters.map((name, i) => [name, nearestValue(name, Math.exp(x[i]!))] as const);
    return withValues(profile, Object.fromEntries(values));
  }

  async residuals(x: readonly number[]): Promise<number[]> {
    const { cells, predict, progress } = this.#request;
    const figures = await predict(this.profileAt(x), cells);
    const list = cells.map((cell, i) => Math.log(requireFigure(cell, figures[i]) / this.#published[i]!));
    this.evaluations++;
    this.#leastCost = Math.min(this.#leastCost, sumOfSquares(list));
    progress(this.evaluations, this.#leastCost);
    return list;
  }
}

function requireFigure(cell: string, figure: number | null | undefined): number {
  if (figure === null || figure === undefined) {
    throw new UsageError(`cannot fit to ${cell}: the model has no figure for it; leave it out of the cells`);
  }
  if (figure > 0 && Number.isFinite(figure)) return figure;
  throw new RangeError(`a model gives ${figure} for ${cell}: expected a finite figure above zero`);
}

interface Found {
  readonly problem: LeastSquares;
  readonly best: Minimum;
  readonly model: FittedModel;
  /** Residuals of the profile that the fit started from. */
  readonly before: readonly number[];
}

async function fitOf(request: FitRequest, { problem, best, model, before }: Found): Promise<Fit> {
  const { parameters, cells, name, seed } = request;
  const residuals = await problem.residuals(best.x);
  const moved: string[][] = [];
  for (const i of parameters.keys()) {
    const indexes = await movedCells(problem, { x: best.x, residuals }, i);
    moved.push(indexes.map((at) => cells[at]!));
  }
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
    errors: cells.map((cell, i) => ({
      cell,
      before: Math.exp(before[i]!) - 1,
      error: Math.exp(residuals[i]!) - 1,
    })),
    costBefore: sumOfSquares(before),
    cost: best.cost,
    idle,
    evaluations: model.evaluations,
  };
}

/** Indexes of cells that change where one variable does. */
async function movedCells(
  { residuals }: LeastSquares,
  at: { x: readonly number[]; residuals: readonly number[] },
  variableIdx: number,
): Promise<number[]> {
  const value = at.x[variableIdx]!;
  const there = (move: number) => residuals(at.x.with(variableIdx, value + move));
  const sides = [await there(probeFrom(value)), await there(-probeFrom(value))];
  const isMoved = (i: number) => sides.some((side) => Math.abs(side[i]! - at.residuals[i]!) > LEAST_EFFECT);
  return [...at.residuals.keys()].filter(isMoved);
}

function fittedTo(cells: readonly string[], seed: number): Provenance {
  return { class: 'calibrated', source: `${FITTED_TO}${cells.join(', ')}; seed ${seed}` };
}
