/** A calibration as a person reads it. */
import type { Calibration, Limits, VerdictCounts } from '../results/calibration.ts';
import { formatCount } from '../units.ts';
import { type Cell, type GridLine, layGrid, painter } from './grid.ts';
import { machineText } from './machine-text.ts';
import { plainText } from './plain-text.ts';
import { formatGivenMargin } from './verdict-text.ts';

/** Ends with a line break. */
export function renderCalibration(
  calibration: Calibration,
  { color, width }: { color: boolean; width: number },
): string {
  const { overall, families, settings, machine, atMargin, atFloor } = calibration;
  const paint = painter(color);
  const limits = [
    titles(['', 'comparisons', 'noise floor', 'of two runs', 'smallest effect']),
    limitsLine('all workloads', overall),
    ...Object.entries(families).map(([family, own]) => limitsLine(plainText(family), own)),
  ];
  const verdicts = [
    titles(['margin', 'same', 'inconclusive', 'false', 'at most', 'runs with any']),
    ...[atMargin, atFloor].map(verdictsLine),
  ];
  const facts = [machineText(machine), machine.runtime].filter(Boolean);
  return `${[
    ...layGrid(limits, { width, flexible: 'first' }, paint),
    '',
    ...layGrid(verdicts, { width, flexible: 'first' }, paint),
    '',
    `floor     the smallest margin at which 95% of identical arms come out the same, with up to ${settings.looks.at(-1)} forks`,
    'effect    the smallest slowdown that is found with probability 90%, taken alone, at the wider of margin and floor',
    'at most   95% upper bound of the share of false verdicts',
    `machine   ${plainText(facts.join(', '))}`,
    ...(calibration.interrupted
      ? ['note      interrupted: the figures rest on what was measured until then']
      : []),
  ].join('\n')}\n`;
}

function titles(texts: readonly string[]): GridLine {
  return { cells: texts.map((text): Cell => ({ text, style: 'dim' })) };
}

function limitsLine(name: string, limits: Limits): GridLine {
  const { comparisons, noiseFloor, noiseFloorApart, smallestEffect } = limits;
  const apart = noiseFloorApart === null ? '–' : formatMarginUp(noiseFloorApart);
  const figures = [
    formatCount(comparisons),
    formatMarginUp(noiseFloor),
    apart,
    formatMarginUp(smallestEffect),
  ];
  return { cells: [name, ...figures].map((text): Cell => ({ text })) };
}

function verdictsLine(counts: VerdictCounts): GridLine {
  const { margin, same, inconclusive, faster, slower, falseShareBound, suiteRuns, suiteRunsWithFalse } =
    counts;
  const cells = [
    formatGivenMargin(margin),
    formatCount(same),
    formatCount(inconclusive),
    formatCount(faster + slower),
    formatMarginUp(falseShareBound),
    `${suiteRunsWithFalse} of ${suiteRuns}`,
  ];
  return { cells: cells.map((text): Cell => ({ text })) };
}

/** What was measured, as one would give it to `--margin`: never rounded below what it is. */
export function formatMarginUp(share: number): string {
  return `${Number((Math.ceil(share * 1000 - 1e-9) / 10).toFixed(1))}%`;
}
