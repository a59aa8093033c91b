/** Which values of a parameter a sweep tries, in base units. */
import { UsageError } from '../../errors.ts';
import { nearestValue } from '../profiles/changed.ts';
import type { ParameterName, ParameterSpec } from '../profiles/parameters.ts';
import { parseValue } from '../profiles/parse.ts';
import { fromBaseUnits, type UnitKind, unitNames } from '../profiles/unit-kinds.ts';

/** Kinds that are numbers of things, which people write without a unit. */
const NUMBERS: readonly UnitKind[] = ['count', 'lines', 'flag'];

const DIGITS = 4;

export interface Range {
  readonly from: number;
  readonly to: number;
  /** Two at least. */
  readonly points: number;
}

/**
 * A value as a profile has it, with or without a blank before its unit: `100ns`, `1.5 MiB`, `72`.
 * @param option where it was given, for messages
 * @throws UsageError that says what was given and what was expected
 */
export function parseSweptValue(option: string, spec: ParameterSpec, text: string): number {
  const [, value = '', unit = ''] = /^\s*([+-]?[\d.]*)\s*(.*?)\s*$/.exec(text) ?? [];
  // What is no number at all is named as a whole.
  if (!/\d/.test(value)) return parseValue(option, spec, { value: text.trim(), unit });
  const isNumber = unit === '' && NUMBERS.includes(spec.kind);
  return parseValue(option, spec, { value, unit: isNumber ? unitNames(spec.kind)[0]! : unit });
}

/** From half of what a profile has to twice that, as far as the parameter goes. @throws UsageError for half of nothing */
export function halfToTwice(spec: Spec, own: number): Omit<Range, 'points'> {
  if (own > 0) return { from: nearestValue(spec.name, own / 2), to: nearestValue(spec.name, own * 2) };
  throw new UsageError(
    `${spec.name} is ${fromBaseUnits(own, spec.kind)} in the profile, of which there is no half and no double; expected ` +
      '--from and --to, or --values',
  );
}

type Spec = ParameterSpec & { readonly name: ParameterName };

/**
 * Each the same factor above the one before; the same step, where the first is zero. What lies between the ends, and is not
 * what the profile has, is rounded to digits that a person can read.
 */
export function spaced(spec: Spec, { from, to, points }: Range, own: number): number[] {
  return Array.from({ length: points }, (_, i) => {
    const share = i / (points - 1);
    const value = nearestValue(spec.name, from === 0 ? to * share : from * (to / from) ** share);
    const isExact = i === 0 || i === points - 1 || value === own;
    return isExact ? value : nearestValue(spec.name, Number(value.toPrecision(DIGITS)));
  });
}

/** What is tried: each once, ascending, and what the profile has among them. */
export function withOwn(values: readonly number[], own: number): number[] {
  return [...new Set([...values, own])].sort((a, b) => a - b);
}
