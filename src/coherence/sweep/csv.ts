/** Tables of the modelled mode as CSV after RFC 4180: a line each row, with units in columns of their own. */
import { parameterNamed } from '../profiles/parameters.ts';
import { unitNames } from '../profiles/unit-kinds.ts';
import type { Elasticity } from '../sensitivity/elasticities.ts';
import type { Sweep } from './sweep.ts';

type Field = string | number | null;

/** Values in the base unit of the parameter; changes as fractions of one. */
export function sweepCsv({ profile, parameter, rows }: Sweep): string {
  const valueUnit = unitNames(parameterNamed(parameter)!.kind)[0]!;
  return csv([
    [
      'evidence',
      'profile',
      'parameter',
      'value',
      'valueUnit',
      'quantity',
      'figure',
      'figureUnit',
      'change',
      'elasticity',
    ],
    ...rows.map(({ evidence, value, quantity, figure, figureUnit, change, elasticity }) => [
      evidence,
      profile.name,
      parameter,
      value,
      valueUnit,
      quantity,
      figure,
      figureUnit,
      change,
      elasticity,
    ]),
  ]);
}

export function elasticityCsv(profile: string, rows: readonly Elasticity[]): string {
  return csv([
    ['evidence', 'profile', 'parameter', 'quantity', 'up', 'down'],
    ...rows.map(({ parameter, quantity, up, down }) => ['modelled', profile, parameter, quantity, up, down]),
  ]);
}

/** Names of profiles, parameters and quantities have neither commas nor quotes, and begin with a letter or a digit. */
function csv(lines: readonly (readonly Field[])[]): string {
  return lines.map((fields) => `${fields.map((field) => field ?? '').join(',')}\r\n`).join('');
}
