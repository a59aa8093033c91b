/** Published cells against what a model gives: one row for each cell of the split, none left out. */
import { type CellUnit, type FigureKind, middleOf, type PublishedCell } from '../published/cell.ts';
import { publishedCell, publishedRange, quantityOf } from '../published/cells.ts';
import type { SourceKey } from '../published/sources.ts';
import { SET_BOUNDS, SET_NAMES, type SetName, SPLIT } from './split.ts';

/**
 * What a model gives for a quantity, in the unit of its published cell (nanoseconds or 10^9 bytes a second), above zero;
 * null where it has no such figure. Asked once for each quantity, by the id of a cell without its `@SOURCE`.
 */
export type Predict = (quantity: string) => number | null;

/** `fitted` instead of `within` where the model was fitted to the cell. */
export type Verdict = 'within' | 'missed' | 'fitted' | 'no bound' | 'not modelled';

/** What a prediction is held to: a share of the published figure, the range of all labs, or nothing. */
export type RowBound =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'range'; readonly low: number; readonly high: number }
  | null;

export interface ValidationRow {
  readonly id: string;
  readonly set: SetName;
  readonly unit: CellUnit;
  readonly published: {
    readonly low: number;
    readonly high: number;
    readonly kind: FigureKind;
    readonly source: SourceKey;
  };
  readonly modelled: number | null;
  /** Signed, as a share of the middle of the published range; null where no percentage is claimed. */
  readonly error: number | null;
  readonly bound: RowBound;
  readonly verdict: Verdict;
}

/** @param predict from `checkedPredict` */
export function validationRows(predict: Predict): ValidationRow[] {
  return SET_NAMES.flatMap((set) => SPLIT[set].map((id) => validationRow(publishedCell(id), set, predict)));
}

function validationRow(cell: PublishedCell, set: SetName, predict: Predict): ValidationRow {
  const { id, unit, low, high, kind, source } = cell;
  const modelled = set === 'peer (not modelled)' ? null : predict(quantityOf(id));
  const middle = middleOf(cell);
  const error = modelled === null || set === 'direction only' ? null : (modelled - middle) / middle;
  const bound = boundOf(id, set);
  const verdict = modelled === null ? 'not modelled' : verdictOf({ modelled, error, bound }, set);
  return { id, set, unit, published: { low, high, kind, source }, modelled, error, bound, verdict };
}

/** A range that only one figure spans bounds nothing. */
function boundOf(id: string, set: SetName): RowBound {
  if (set === 'other labs') {
    const { low, high } = publishedRange(quantityOf(id))!;
    return low === high ? null : { kind: 'range', low, high };
  }
  const share = SET_BOUNDS[set].each;
  return share === null ? null : { kind: 'share', share };
}

function verdictOf(
  { modelled, error, bound }: { modelled: number; error: number | null; bound: RowBound },
  set: SetName,
): Verdict {
  if (bound === null || error === null) return 'no bound';
  const isWithin =
    bound.kind === 'share' ? Math.abs(error) <= bound.share : modelled >= bound.low && modelled <= bound.high;
  if (!isWithin) return 'missed';
  return set === 'calibration' ? 'fitted' : 'within';
}

/** Asks once for each quantity. Throws RangeError for a figure that is none: not finite, zero or below. */
export function checkedPredict(predict: Predict): Predict {
  const known = new Map<string, number | null>();
  return (quantity) => {
    const earlier = known.get(quantity);
    if (earlier !== undefined) return earlier;
    const figure = predict(quantity);
    if (figure !== null && !(figure > 0 && Number.isFinite(figure))) {
      throw new RangeError(
        `a model gives ${figure} for ${quantity}: expected a finite figure above zero, or null`,
      );
    }
    known.set(quantity, figure);
    return figure;
  };
}
