/** Columns of text that line up. */
import { styleText } from 'node:util';
import { textWidth, truncate } from './plain-text.ts';

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red';

export interface Cell {
  text: string;
  style?: Style;
  /** Figures, which line up on the right, unless it says `left`. */
  align?: 'left';
}

/** A line across all columns. */
export interface HeadingLine {
  heading: Cell;
  note?: Cell;
}

/** A heading, or one cell for each column. */
export type GridLine = HeadingLine | { cells: Cell[] };

/** Puts a style around text, or leaves it alone where no colour is wanted. */
export type Paint = (cell: Cell) => string;

const GAP = '  ';

export function painter(color: boolean): Paint {
  // The caller has decided about colour; styleText would look at standard output once more.
  return ({ text, style }) =>
    color && style && text.trim() !== '' ? styleText(style, text, { validateStream: false }) : text;
}

/** Columns that the grid takes when nothing is cut. */
export function gridWidth(lines: readonly GridLine[]): number {
  return columnWidths(lines).reduce((sum, width) => sum + width + GAP.length, -GAP.length);
}

/** The room there is, and the column that gives way where it does not suffice. */
export interface Room {
  readonly width: number;
  readonly flexible: 'first' | 'last';
}

/** Lines of at most `width` columns. Names line up on the left, figures on the right. */
export function layGrid(lines: readonly GridLine[], { width, flexible }: Room, paint: Paint): string[] {
  const widths = columnWidths(lines);
  const flexibleIdx = flexible === 'first' ? 0 : widths.length - 1;
  const excess = Math.max(0, gridWidth(lines) - width);
  if (excess > 0) widths[flexibleIdx] = Math.max(1, widths[flexibleIdx]! - excess);
  return lines.map((line) => {
    const cells =
      'cells' in line ? line.cells.map((cell, i) => padded(cell, i, widths[i]!)) : headingCells(line, width);
    return cells.map(paint).join(GAP).trimEnd();
  });
}

function padded(cell: Cell, columnIdx: number, width: number): Cell {
  const text = truncate(cell.text, width);
  const padding = ' '.repeat(width - textWidth(text));
  return { ...cell, text: columnIdx === 0 || cell.align === 'left' ? text + padding : padding + text };
}

/** The heading, and its note where both fit. */
function headingCells({ heading, note }: HeadingLine, width: number): Cell[] {
  const cut = { ...heading, text: truncate(heading.text, width) };
  const fits = note && textWidth(cut.text) + GAP.length + textWidth(note.text) <= width;
  return fits ? [cut, note] : [cut];
}

function columnWidths(lines: readonly GridLine[]): number[] {
  const widths: number[] = [];
  for (const line of lines) {
    if (!('cells' in line)) continue;
    line.cells.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, textWidth(cell.text));
    });
  }
  return widths;
}

/** Nothing is cut: a cell that is cut says nothing. */
const ALL_ROOM = { width: Number.POSITIVE_INFINITY, flexible: 'first' } as const;

/** Lines of plain text. @param leftColumns as many line up on the left, figures behind them on the right */
export function layTexts(
  rows: readonly (readonly string[])[],
  leftColumns = Number.POSITIVE_INFINITY,
): string[] {
  const lines = rows.map((row) => ({
    cells: row.map((text, i): Cell => (i < leftColumns ? { text, align: 'left' } : { text })),
  }));
  return layGrid(lines, ALL_ROOM, ({ text }) => text);
}
