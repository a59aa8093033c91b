/** The table as a person reads it. Each figure stands in a column that says whether it was published or modelled. */
import { columnLines } from '../columns.ts';
import type { RowBound, ValidationRow } from './rows.ts';
import { SET_NAMES } from './split.ts';
import type { DirectionRow, OrderRow, SetSummary, ValidationTable } from './table.ts';

const NONE = '–';

/** Ends with a line break. */
export function validationText(table: ValidationTable): string {
  const sections = [
    [`Profile ${table.profile}, modelled, against published figures. Split ${table.split.slice(0, 12)}.`],
    ...cellSections(table.rows),
    ['Sets', ...setLines(table.sets)],
    [
      "Order (Kendall's tau of pairs whose published figures differ by more than 10%)",
      ...orderLines(table.orders),
    ],
    ['Direction (no percentage is claimed)', ...directionLines(table.directions)],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** One layout for all sets, so that their columns stand below each other. */
function cellSections(rows: readonly ValidationRow[]): string[][] {
  const head = ['', '', 'published', 'modelled', 'error', 'bound', 'verdict'];
  const [headLine, ...lines] = columnLines([head, ...rows.map(cellTexts)], 2);
  return SET_NAMES.map((set) => [set, headLine!, ...lines.filter((_, i) => rows[i]!.set === set)]);
}

function cellTexts(row: ValidationRow): string[] {
  const { id, unit, published, modelled, error, bound, verdict } = row;
  const { low, high, kind, source } = published;
  return [
    id,
    `${source}, ${kind}`,
    `${rangeText(low, high)} ${unit.padEnd(4)}`,
    modelled === null ? NONE : `${modelled.toFixed(1)} ${unit.padEnd(4)}`,
    error === null ? NONE : signedPercent(error),
    boundText(bound),
    verdict,
  ];
}

function rangeText(low: number, high: number): string {
  return low === high ? low.toFixed(1) : `${low.toFixed(1)} to ${high.toFixed(1)}`;
}

/** `+0.9%`, `-2.6%`: the sign is always there. */
function signedPercent(share: number): string {
  return `${share < 0 ? '-' : '+'}${percent(Math.abs(share))}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

function boundText(bound: RowBound): string {
  if (bound === null) return NONE;
  return bound.kind === 'share' ? `±${percent(bound.share)}` : rangeText(bound.low, bound.high);
}

function setLines(sets: readonly SetSummary[]): string[] {
  const head = ['', 'modelled', 'median |error|', 'bound', 'verdict'];
  const rows = sets.map(({ set, cells, modelled, medianError, bound, verdict }) => [
    set,
    `${modelled} of ${cells}`,
    medianError === null ? NONE : percent(medianError),
    bound === null ? NONE : percent(bound),
    verdict,
  ]);
  return columnLines([head, ...rows], 1);
}

function orderLines(orders: readonly OrderRow[]): string[] {
  const head = ['', 'modelled', 'pairs', 'ties', 'tau', 'verdict'];
  const rows = orders.map(({ group, cells, modelled, compared, ties, tau, verdict }) => [
    group,
    `${modelled} of ${cells}`,
    `${compared}`,
    `${ties}`,
    tau === null ? NONE : tau.toFixed(2),
    verdict,
  ]);
  return columnLines([head, ...rows], 1);
}

/** Signs only: how much less or more is not claimed. */
function directionLines(directions: readonly DirectionRow[]): string[] {
  const head = ['', '', 'basis', 'modelled', 'verdict'];
  const rows = directions.map(({ id, against, is, basis, modelled, verdict }) => [
    id,
    `${is} than ${against}`,
    basis,
    modelled === null ? NONE : signText(modelled),
    verdict,
  ]);
  return columnLines([head, ...rows], 2);
}

function signText(ratio: number): string {
  if (ratio === 1) return 'equal';
  return ratio < 1 ? 'less' : 'more';
}
