/** Plain text in columns. */

const GAP = '  ';

/** Lines of cells two blanks apart. @param leftColumns as many line up on the left, figures behind them on the right */
export function columnLines(rows: readonly (readonly string[])[], leftColumns: number): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((text, i) => {
      widths[i] = Math.max(widths[i] ?? 0, text.length);
    });
  }
  return rows.map((row) =>
    row
      .map((text, i) => (i < leftColumns ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
      .join(GAP)
      .trimEnd(),
  );
}
