/** A sweep as a person reads it: a table for each figure that moves. */
import { columnLines } from '../columns.ts';
import { parameterNamed } from '../profiles/parameters.ts';
import { fromBaseUnits } from '../profiles/unit-kinds.ts';
import { signed } from '../signed.ts';
import type { Sweep, SweepRow } from './sweep.ts';

const NONE = '–';
/** What one decimal of a percentage shows as something. */
const LEAST_SHOWN = 0.0005;

/** Ends with a line break. */
export function sweepText({ profile, parameter, values, quantities, rows }: Sweep): string {
  const { kind, meaning } = parameterNamed(parameter)!;
  const own = profile.values[parameter];
  const byQuantity = quantities.map((quantity) => rows.filter((row) => row.quantity === quantity));
  const missing = byQuantity.filter((members) => members.every(({ figure }) => figure === null));
  const still = byQuantity.filter((members) => !hasEffect(members) && !missing.includes(members));
  const sections = [
    [
      `Profile ${profile.name}, modelled. ${parameter}: ${meaning}.`,
      `${values.length} values; * is the profile's own, ${fromBaseUnits(own, kind)}.`,
    ],
    ...byQuantity.filter(hasEffect).map((members) => quantityLines(members, own)),
    ...namedLine('Without an effect on', still),
    ...namedLine('The profile has no such thing as', missing),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function namedLine(what: string, members: readonly (readonly SweepRow[])[]): string[][] {
  return members.length === 0 ? [] : [[`${what}: ${members.map(([row]) => row!.quantity).join(', ')}`]];
}

/** A figure that is there with some values alone has one too. */
function hasEffect(rows: readonly SweepRow[]): boolean {
  const figures = rows.flatMap(({ figure }) => (figure === null ? [] : [figure]));
  if (figures.length < rows.length) return figures.length > 0;
  return Math.max(...figures) / Math.min(...figures) - 1 >= LEAST_SHOWN;
}

function quantityLines(rows: readonly SweepRow[], own: number): string[] {
  const [{ quantity, figureUnit }] = rows as [SweepRow];
  const head = ['', figureUnit, 'change', 'elasticity'];
  const valueWidth = Math.max(...rows.map(({ valueText }) => valueText.length));
  const lines = columnLines(
    [
      head,
      ...rows.map(({ value, valueText, figure, change, elasticity }) => [
        `${value === own ? '*' : ' '} ${valueText.padStart(valueWidth)}`,
        figure === null ? NONE : figure.toFixed(1),
        change === null ? NONE : `${signed(100 * change, 1)}%`,
        elasticity === null ? NONE : signed(elasticity, 2),
      ]),
    ],
    1,
  );
  return [quantity, ...lines];
}
