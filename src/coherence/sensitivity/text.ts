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

/** Parameters that no row has an effect of, in the order of the rows. */
export function withoutEffect(rows: readonly Elasticity[]): ParameterName[] {
  const moving = new Set(effects(rows).map(({ parameter }) => parameter));
  return [...new Set(rows.map(({ parameter }) => parameter))].filter((parameter) => !moving.has(parameter));
}

/** Rows with an effect, then the parameters without one, so that none is left out. Ends with a line break. */
export function elasticityText(rows: readonly Elasticity[]): string {
  const [shown, quiet] = [effects(rows), withoutEffect(rows)];
  const head = ['modelled; a parameter moved by 20%', '', 'up', 'down'];
  const lines = columnLines(
    [head, ...shown.map(({ parameter, quantity, up, down }) => [parameter, quantity, text(up), text(down)])],
    2,
  );
  const rest = quiet.length === 0 ? [] : ['', `Without an effect on any: ${quiet.join(', ')}`];
  return `${[...lines, ...rest].join('\n')}\n`;
}

function text(elasticity: number | null): string {
  return elasticity === null ? NONE : signed(elasticity, 2);
}
