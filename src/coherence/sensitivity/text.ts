/** Elasticities as a person reads them. */
import { columnLines } from '../columns.ts';
import type { Elasticity } from './elasticities.ts';

const NONE = '–';
/** What two decimals show as something. */
const LEAST_SHOWN = 0.005;

/** Rows with an effect, then the parameters without one, so that none is left out. Ends with a line break. */
export function elasticityText(rows: readonly Elasticity[]): string {
  const shown = rows.filter(hasEffect);
  const quiet = [...new Set(rows.map(({ parameter }) => parameter))].filter(
    (parameter) => !shown.some((row) => row.parameter === parameter),
  );
  const head = ['modelled; a parameter moved by 20%', '', 'up', 'down'];
  const lines = columnLines(
    [head, ...shown.map(({ parameter, quantity, up, down }) => [parameter, quantity, text(up), text(down)])],
    2,
  );
  const rest = quiet.length === 0 ? [] : ['', `Without an effect on any: ${quiet.join(', ')}`];
  return `${[...lines, ...rest].join('\n')}\n`;
}

function hasEffect({ up, down }: Elasticity): boolean {
  return [up, down].some((value) => value !== null && Math.abs(value) >= LEAST_SHOWN);
}

function text(elasticity: number | null): string {
  if (elasticity === null) return NONE;
  return `${elasticity < 0 ? '-' : '+'}${Math.abs(elasticity).toFixed(2)}`;
}
