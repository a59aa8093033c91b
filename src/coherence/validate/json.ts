/** The table for programs. A row has one figure or range, and says whether it was published or modelled. */
import type { Evidence } from '../../types.ts';
import type { ValidationRow } from './rows.ts';
import type { ValidationTable } from './table.ts';

export interface EvidenceRow {
  readonly evidence: Extract<Evidence, 'modelled' | 'published'>;
  readonly cell: string;
  readonly set: string;
  readonly unit: string;
}

/** Plain data for `JSON.stringify`. Shares and errors are fractions of one; what is not modelled is null. */
export function validationJson({ profile, split, rows, sets, orders, directions }: ValidationTable) {
  return {
    profile,
    split,
    rows: rows.flatMap(evidenceRows),
    // What follows compares one kind of evidence with the other.
    sets: sets.map((set) => ({ evidence: 'modelled', against: 'published', ...set })),
    orders: orders.map((order) => ({ evidence: 'modelled', against: 'published', ...order })),
    directions: directions.map(({ against: other, basis, modelled, verdict, id, is }) => ({
      evidence: 'modelled',
      against: basis,
      id,
      is,
      than: other,
      modelled: modelled === null ? null : Math.sign(modelled - 1),
      verdict,
    })),
  };
}

/** The published row of a cell, then the modelled one, which is there with null where there is no figure. */
function evidenceRows(row: ValidationRow): EvidenceRow[] {
  const { id: cell, set, unit, published, modelled, error, bound, verdict } = row;
  const common = { cell, set, unit };
  const publishedRow = { evidence: 'published' as const, ...common, ...published };
  const modelledRow = { evidence: 'modelled' as const, ...common, value: modelled, error, bound, verdict };
  return [publishedRow, modelledRow];
}
