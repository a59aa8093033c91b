/** What a parameter does to figures: the model with one value of it after another. */
import { UsageError } from '../../errors.ts';
import { unitOf } from '../predict/cells.ts';
import { withValues } from '../profiles/changed.ts';
import { type ParameterName, parameterNamed } from '../profiles/parameters.ts';
import type { ProfilePredict } from '../profiles/predict.ts';
import type { CoherenceProfile } from '../profiles/profile.ts';
import { fromBaseUnits } from '../profiles/unit-kinds.ts';
import { waysFault } from '../profiles/ways.ts';
import type { CellUnit } from '../published/cell.ts';

export interface SweepRequest {
  readonly profile: CoherenceProfile;
  readonly parameter: ParameterName;
  /** In base units, ascending, what the profile has among them. */
  readonly values: readonly number[];
  readonly quantities: readonly string[];
}

export interface SweepRow {
  readonly evidence: 'modelled';
  readonly quantity: string;
  /** Of the parameter, in base units, and as text with its unit. */
  readonly value: number;
  readonly valueText: string;
  /** Null where the model has no such figure with this value. */
  readonly figure: number | null;
  readonly figureUnit: CellUnit;
  /** Of the figure, as a share of what it is with the profile's own value. */
  readonly change: number | null;
  /**
   * Relative change of the figure over that of the parameter, between the values next to this one: the slope of
   * logarithms. Null for flags and zero, which have none.
   */
  readonly elasticity: number | null;
}

export interface Sweep extends SweepRequest {
  /** By quantity, then by value. */
  readonly rows: readonly SweepRow[];
}

/** @throws UsageError where the profile cannot be with one of the values */
export async function sweep(request: SweepRequest, predict: ProfilePredict): Promise<Sweep> {
  const { values, quantities } = request;
  const profiles = values.map((value) => changedProfile(request, value));
  const figures: (readonly (number | null)[])[] = [];
  for (const profile of profiles) figures.push(await predict(profile, quantities));
  const rows = quantities.flatMap((quantity, i) =>
    quantityRows(
      { ...request, quantity },
      figures.map((list) => list[i]!),
    ),
  );
  return { ...request, rows };
}

function changedProfile({ profile, parameter }: SweepRequest, value: number): CoherenceProfile {
  const changed = withValues(profile, { [parameter]: value });
  const fault = waysFault(changed.values);
  if (fault === null) return changed;
  const given = fromBaseUnits(value, parameterNamed(parameter)!.kind);
  throw new UsageError(`cannot sweep ${parameter} to ${given}: ${fault.message}`);
}

function quantityRows(
  { profile, parameter, values, quantity }: SweepRequest & { readonly quantity: string },
  figures: readonly (number | null)[],
): SweepRow[] {
  const { kind } = parameterNamed(parameter)!;
  const own = figures[values.indexOf(profile.values[parameter])]!;
  return values.map((value, i) => ({
    evidence: 'modelled',
    quantity,
    value,
    valueText: fromBaseUnits(value, kind),
    figure: figures[i]!,
    figureUnit: unitOf(quantity),
    change: figures[i] === null || own === null ? null : figures[i]! / own - 1,
    elasticity: kind === 'flag' ? null : slopeAt(values, figures, i),
  }));
}

/** From the value before to the one behind; at either end, from or to the end itself. */
function slopeAt(values: readonly number[], figures: readonly (number | null)[], i: number): number | null {
  const [before, behind] = [Math.max(0, i - 1), Math.min(values.length - 1, i + 1)];
  const [low, high] = [figures[before]!, figures[behind]!];
  if (before === behind || values[before] === 0 || low === null || high === null) return null;
  // Without the sign that a zero takes from rounding.
  return Math.log(high / low) / Math.log(values[behind]! / values[before]!) + 0;
}
