/** How much of a table a terminal has room for. */
import { mostOf } from '../stats/extent.ts';
import { type Cell, type GridLine, gridWidth } from './grid.ts';
import { textWidth } from './plain-text.ts';

/** Layouts of one table, from the richest on. */
export interface Layouts<Detail> {
  /** Those in which no label is cut. */
  readonly details: readonly Detail[];
  /** What to give up where none of these fits; labels are cut before columns go. The last one is taken as it is. */
  readonly lastResorts: readonly Detail[];
}

export interface Fitted<Detail> {
  readonly detail: Detail;
  readonly grid: GridLine[];
}

/** Labels are cut before columns go, but not below this: what is left has to tell lines apart. */
const SHORTEST_LABEL = 14;

/** The first layout that `width` columns hold. The first column is the one that may be cut. */
export function fitGrid<Detail>(
  { details, lastResorts }: Layouts<Detail>,
  lay: (detail: Detail) => GridLine[],
  width: number,
): Fitted<Detail> {
  for (const detail of details) {
    const grid = lay(detail);
    if (gridWidth(grid) <= width) return { detail, grid };
  }
  for (const detail of lastResorts) {
    const grid = lay(detail);
    const cut = Math.max(0, labelWidth(grid) - SHORTEST_LABEL);
    if (gridWidth(grid) - cut <= width) return { detail, grid };
  }
  const detail = lastResorts.at(-1)!;
  return { detail, grid: lay(detail) };
}

function labelWidth(grid: readonly GridLine[]): number {
  return mostOf(
    grid.map((line) => ('cells' in line ? textWidth(line.cells[0]!.text) : 0)),
    0,
  );
}

/** Columns that labels stand in below their heading. */
const LABEL_INDENT = '  ';

/** The cell of a label below its heading. */
export function labelCell(label: string): Cell {
  return { text: LABEL_INDENT + label };
}

/**
 * The lines of each heading below it. A heading whose lines have no label of their own is the label; a label that
 * several lines share stands once.
 * @param cellsOf all cells of a line but the first
 */
export function underHeadings<Line extends { heading: string; label: string }>(
  lines: readonly Line[],
  cellsOf: (line: Line) => Cell[],
): GridLine[] {
  return [...Map.groupBy(lines, ({ heading }) => heading)].flatMap(([text, members]): GridLine[] => {
    const heading: Cell = { text, style: 'bold' };
    const isAlone = members.every(({ label }) => label === '');
    const first = (label: string): Cell => (isAlone ? heading : labelCell(label));
    const below = members.map((line, i) => {
      const isRepeated = line.label === members[i - 1]?.label;
      return { cells: [isRepeated ? { text: '' } : first(line.label), ...cellsOf(line)] };
    });
    return isAlone ? below : [{ heading }, ...below];
  });
}
