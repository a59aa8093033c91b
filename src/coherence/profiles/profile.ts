/** A profile of coherent memory as data: what every parameter is, and how anybody knows. */
import { UsageError } from '../../errors.ts';
import { PARAMETERS, type ParameterName, type ParameterValues } from './parameters.ts';
import { fromBaseUnits } from './unit-kinds.ts';

/**
 * How a value is known. `published`: printed or drawn by its source. `calibrated`: worked out from published cells,
 * which are then no test of it. `assumed`: neither.
 */
export const VALUE_CLASSES = ['published', 'calibrated', 'assumed'] as const;
export type ValueClass = (typeof VALUE_CLASSES)[number];

export interface Provenance {
  readonly class: ValueClass;
  /** Plain text on one line. */
  readonly source: string;
}

export interface CoherenceProfile {
  readonly name: string;
  readonly values: ParameterValues;
  readonly provenance: Readonly<Record<ParameterName, Provenance>>;
  /** SHA-256 of the split that it was fitted to, or null where no fit made it. */
  readonly split: string | null;
}

/** How the source of a parameter begins that a fit wrote. A profile with such a one says which split it was. */
export const FITTED_TO = 'fitted to ';

export const PROFILE_FORMAT = 'barometer/coherence-profile/1';

const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/** @param at what to say in front, such as where the name was given. Throws UsageError where it can be none. */
export function requireProfileName(name: string, at: string): void {
  if (NAME.test(name)) return;
  throw new UsageError(
    `${at}: ${JSON.stringify(name.slice(0, 80))} as the name of a profile; expected one word of lower-case letters, ` +
      'digits, dots and dashes, 64 at most',
  );
}

/** The profile as text that `parseCoherenceProfile` reads to the same profile. Comments of a file are not kept. */
export function formatCoherenceProfile({ name, values, provenance, split }: CoherenceProfile): string {
  const rows = PARAMETERS.map((spec) => [spec.name, fromBaseUnits(values[spec.name], spec.kind)] as const);
  const nameWidth = Math.max(...rows.map(([parameter]) => parameter.length));
  const valueWidth = Math.max(...rows.map(([, value]) => value.length));
  const lines = rows.map(([parameter, value]) => {
    const { class: valueClass, source } = provenance[parameter];
    return `${parameter.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${valueClass.padEnd(10)}  ${source}`;
  });
  const splitLines = split === null ? [] : [`split ${split}`];
  return `${[`${PROFILE_FORMAT} ${name}`, ...splitLines, ...lines].join('\n')}\n`;
}
