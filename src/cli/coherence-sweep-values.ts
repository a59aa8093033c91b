/** Which parameter is swept through which values, as options say it. */
import {
  PARAMETERS,
  type ParameterName,
  type ParameterSpec,
  parameterNamed,
} from '../coherence/profiles/parameters.ts';
import { fromBaseUnits } from '../coherence/profiles/unit-kinds.ts';
import { halfToTwice, parseSweptValue, spaced, withOwn } from '../coherence/sweep/values.ts';
import { UsageError } from '../errors.ts';
import { parseCount } from '../units.ts';
import { nearestName } from '../workload/catalog.ts';

export interface ValueFlags {
  readonly from?: string;
  readonly to?: string;
  readonly points?: string;
  readonly values?: string;
}

type Parameter = ParameterSpec & { readonly name: ParameterName };

const USUAL_POINTS = '9';
/** Each takes as long as the figures. */
const MOST_POINTS = 1000;

/** @throws UsageError for a name that is none, with the nearest one */
export function parameterOf(name: string): Parameter {
  const spec = parameterNamed(name);
  if (spec !== undefined) return spec;
  const names = PARAMETERS.map((one) => one.name);
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '.' : `; did you mean "${nearest}"?`;
  throw new UsageError(
    `no parameter ${JSON.stringify(name)}${hint} \`barometer coherence profile\` prints them all; figures come behind it`,
  );
}

/** Base units, ascending, with what the profile has among them. @throws UsageError */
export function valuesOf(spec: Parameter, own: number, flags: ValueFlags): number[] {
  const given = (['from', 'to', 'points'] as const).filter((option) => flags[option] !== undefined);
  if (given.length > 0 && flags.values !== undefined) {
    throw new UsageError(`--${given[0]} and --values were both given; expected one of them`);
  }
  if (flags.values !== undefined) return withOthers(listed(spec, flags.values), { spec, own });
  if (spec.kind !== 'flag') return withOwn(between(spec, own, flags), own);
  if (given.length === 0) return [0, 1];
  throw new UsageError(
    `--${given[0]}: ${spec.name} is a flag, which is swept through 0 and 1; leave --${given[0]} out`,
  );
}

/** @throws UsageError where there is nothing to compare the profile with */
function withOthers(
  values: readonly number[],
  { spec, own }: { readonly spec: Parameter; readonly own: number },
): number[] {
  const all = withOwn(values, own);
  if (all.length > 1) return all;
  throw new UsageError(
    `--values: ${fromBaseUnits(own, spec.kind)} is what the profile has for ${spec.name}; expected another value`,
  );
}

function listed(spec: Parameter, text: string): number[] {
  const values = text.split(',');
  if (values.length > MOST_POINTS) {
    throw new UsageError(`--values: ${values.length} of them; expected ${MOST_POINTS} at most`);
  }
  return values.map((value) => parseSweptValue('--values', spec, value));
}

function between(spec: Parameter, own: number, flags: ValueFlags): number[] {
  const points = parseCount(flags.points ?? USUAL_POINTS, '--points', { min: 2, max: MOST_POINTS });
  const [from, to] = (['from', 'to'] as const).map((end) => {
    const text = flags[end];
    return text === undefined ? halfToTwice(spec, own)[end] : parseSweptValue(`--${end}`, spec, text);
  }) as [number, number];
  if (from < to) return spaced(spec, { from, to, points }, own);
  const [low, high] = [from, to].map((value) => fromBaseUnits(value, spec.kind));
  throw new UsageError(`${spec.name} from ${low} to ${high}: expected --from below --to`);
}
