/** Elasticities as a person reads them. */
import { columnLines } from '../columns.ts';
import type { ParameterName } from '../profiles/parameters.ts';
import { signed } from '../signed.ts';
import type { Elasticity } from './elasticities.ts';

const NONE = '–';
/** What two decimals show as something. */
const LEAST_SHOWN = 0.005;

/** Rows with an effect, the largest first. */
export function effects(rows: readonly Elasticity[]): Elasticity[] {
  const size = ({ up, down }: Elasticity) => Math.max(Math.abs(up ?? 0), Math.abs(down ?? 0));
  return rows.filter((row) => size(row) >= LEAST_SHOWN).toSorted((a, b) => size(b) - size(a));
}

/** Parameters that were moved and that no row has an effect of, in the order of the rows. */
export function withoutEffect(rows: readonly Elasticity[]): ParameterName[] {
  const without = new Set([...effects(rows).map(({ parameter }) => parameter), ...notMoved(rows)]);
  return namesOf(rows).filter((parameter) => !without.has(parameter));
}

/** Parameters of which nothing is known: there is no such step up, and none down. */
export function notMoved(rows: readonly Elasticity[]): ParameterName[] {
  const moved = new Set(
    rows.filter(({ up, down }) => up !== null || down !== null).map(({ parameter }) => parameter),
  );
  return namesOf(rows).filter((parameter) => !moved.has(parameter));
}

function namesOf(rows: readonly Elasticity[]): ParameterName[] {
  return [...new Set(rows.map(({ parameter }) => parameter))];
}

/** Rows with an effect, then the parameters without one, so that none is left out. Ends with a line break. */
export function elasticityText(rows: readonly Elasticity[]): string {
  const head = ['modelled; a parameter moved by 20%', '', 'up', 'down'];
  const shown = effects(rows).map(({ parameter, quantity, up, down }) => [
    parameter,
    quantity,
    text(up),
    text(down),
  ]);
  const rest = [
    ...namedLine('Without an effect on any', withoutEffect(rows)),
    ...namedLine('Not moved, being zero, at a bound, or too small a number', notMoved(rows)),
  ];
  return `${[...columnLines([head, ...shown], 2), ...rest].join('\n')}\n`;
}

function namedLine(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : ['', `${what}: ${names.join(', ')}`];
}

function text(elasticity: number | null): string {
  return elasticity === null ? NONE : signed(elasticity, 2);
}
