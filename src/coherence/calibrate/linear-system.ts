/** Small dense systems of linear equations. */

/**
 * x with `matrix` x = `right`, by Gaussian elimination with the largest pivot of each column; null where the matrix is
 * singular. G. H. Golub and C. F. Van Loan, "Matrix Computations", 4th edition, 2013, section 3.4.
 *
 * @param matrix n rows of n finite numbers, left as they are
 */
export function solveLinear(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): number[] | null {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    const pivotIdx = largestBelow(rows, column);
    [rows[column], rows[pivotIdx]] = [rows[pivotIdx]!, rows[column]!];
    const pivotRow = rows[column]!;
    const pivot = pivotRow[column]!;
    if (pivot === 0) return null;
    for (const row of rows.slice(column + 1)) {
      const factor = row[column]! / pivot;
      for (let i = column; i <= n; i++) row[i]! -= factor * pivotRow[i]!;
    }
  }
  return backSubstitute(rows);
}

function largestBelow(rows: readonly (readonly number[])[], column: number): number {
  let largest = column;
  for (let i = column + 1; i < rows.length; i++) {
    if (Math.abs(rows[i]![column]!) > Math.abs(rows[largest]![column]!)) largest = i;
  }
  return largest;
}

/** @param rows upper triangle, with the right side behind it */
function backSubstitute(rows: readonly (readonly number[])[]): number[] {
  const n = rows.length;
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let rest = rows[i]![n]!;
    for (let j = i + 1; j < n; j++) rest -= rows[i]![j]! * x[j]!;
    x[i] = rest / rows[i]![i]!;
  }
  return x;
}
