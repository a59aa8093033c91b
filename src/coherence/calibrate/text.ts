/** A fit as a person reads it: how far figures are off, and what was moved. */
import { columnLines } from '../columns.ts';
import { parameterNamed } from '../profiles/parameters.ts';
import type { CoherenceProfile } from '../profiles/profile.ts';
import { fromBaseUnits } from '../profiles/unit-kinds.ts';
import { middleOf } from '../published/cell.ts';
import { publishedCell } from '../published/cells.ts';
import { signed } from '../signed.ts';
import { SPLIT_SHA256 } from '../validate/split-hash.ts';
import type { Fit } from './fit.ts';
import { FITTED } from './fitted.ts';

/** Ends with a line break. */
export function fitText(fit: Fit, from: CoherenceProfile): string {
  const { errors, costBefore, cost, evaluations, idle } = fit;
  const sections = [
    [`Profile ${from.name}, fitted to the calibration set of split ${SPLIT_SHA256.slice(0, 12)}.`],
    columnLines(
      [['modelled over published, less one', 'published', 'before', 'after'], ...errors.map(errorTexts)],
      1,
    ),
    columnLines([['parameter', 'before', 'after'], ...movedTexts(fit, from)], 1),
    [
      `Sum of squares of logarithms ${costBefore.toExponential(2)} before, ${cost.toExponential(2)} after ${evaluations} evaluations.`,
      ...(idle.length === 0 ? [] : [`As they were, because no figure hangs on them: ${idle.join(', ')}`]),
    ],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function errorTexts({ cell, before, error }: Fit['errors'][number]): string[] {
  const published = publishedCell(cell);
  return [
    cell,
    `${middleOf(published).toFixed(1)} ${published.unit.padEnd(4)}`,
    `${signed(100 * before, 2)}%`,
    `${signed(100 * error, 2)}%`,
  ];
}

function movedTexts({ profile }: Fit, from: CoherenceProfile): string[][] {
  return FITTED.map(({ parameter }) => {
    const { kind } = parameterNamed(parameter)!;
    return [parameter, ...[from, profile].map(({ values }) => fromBaseUnits(values[parameter], kind))];
  });
}
