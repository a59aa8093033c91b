/** The whole of what a model is held to: cells, sets, order and direction. */
import { median } from '../../stats/median.ts';
import { middleOf } from '../published/cell.ts';
import { publishedCell } from '../published/cells.ts';
import { DIRECTIONS, type Direction } from './directions.ts';
import { type OrderAgreement, orderAgreement } from './order.ts';
import { checkedPredict, type Predict, type ValidationRow, type Verdict, validationRows } from './rows.ts';
import { ORDER_GROUPS, SET_BOUNDS, SET_NAMES, type SetName, TIE_SHARE } from './split.ts';
import { SPLIT_SHA256 } from './split-hash.ts';

export interface SetSummary {
  readonly set: SetName;
  readonly cells: number;
  /** Cells that the model gives a figure for. */
  readonly modelled: number;
  /** Median of the sizes of errors, as a share; null where there is none. */
  readonly medianError: number | null;
  readonly bound: number | null;
  /** `within` needs all cells of the set: a figure that is not modelled cannot be one. */
  readonly verdict: Exclude<Verdict, 'fitted'>;
}

export interface OrderRow extends OrderAgreement {
  readonly group: string;
  readonly cells: number;
  readonly modelled: number;
  readonly verdict: 'within' | 'missed' | 'not modelled';
}

export interface DirectionRow extends Direction {
  /** Figure of `id` over the one it is held against; null where nobody published both. */
  readonly published: number | null;
  readonly modelled: number | null;
  readonly verdict: 'within' | 'missed' | 'not modelled';
}

export interface ValidationTable {
  readonly profile: string;
  readonly split: string;
  readonly rows: readonly ValidationRow[];
  readonly sets: readonly SetSummary[];
  readonly orders: readonly OrderRow[];
  readonly directions: readonly DirectionRow[];
}

/** @param profile name of the profile that the model runs with */
export function validate(profile: string, predict: Predict): ValidationTable {
  const checked = checkedPredict(predict);
  const rows = validationRows(checked);
  return {
    profile,
    split: SPLIT_SHA256,
    rows,
    sets: SET_NAMES.map((set) => setSummary(set, rows)),
    orders: Object.entries(ORDER_GROUPS).map(([group, ids]) => orderRow(group, ids, checked)),
    directions: DIRECTIONS.map((direction) => directionRow(direction, checked)),
  };
}

function setSummary(set: SetName, allRows: readonly ValidationRow[]): SetSummary {
  const rows = allRows.filter((row) => row.set === set);
  const modelled = rows.filter((row) => row.modelled !== null).length;
  const errors = rows.flatMap(({ error }) => (error === null ? [] : [Math.abs(error)]));
  const medianError = errors.length === 0 ? null : median(errors);
  const bound = SET_BOUNDS[set].median;
  const summary = { set, cells: rows.length, modelled, medianError, bound };
  return { ...summary, verdict: setVerdict(summary) };
}

function setVerdict({
  cells,
  modelled,
  medianError,
  bound,
}: Omit<SetSummary, 'verdict'>): SetSummary['verdict'] {
  if (modelled === 0) return 'not modelled';
  if (bound === null || medianError === null) return 'no bound';
  if (medianError > bound) return 'missed';
  return modelled === cells ? 'within' : 'not modelled';
}

function orderRow(group: string, ids: readonly string[], predict: Predict): OrderRow {
  const figures = ids.flatMap((id) => {
    const modelled = predict(id);
    return modelled === null ? [] : [{ published: middleOf(publishedCell(id)), modelled }];
  });
  const agreement = orderAgreement(figures, TIE_SHARE);
  const isComplete = figures.length === ids.length;
  const { tau } = agreement;
  const wrong = tau !== null && tau < 1 ? 'missed' : 'not modelled';
  return {
    group,
    cells: ids.length,
    modelled: figures.length,
    ...agreement,
    verdict: isComplete && tau === 1 ? 'within' : wrong,
  };
}

function directionRow(direction: Direction, predict: Predict): DirectionRow {
  const { id, against, is, basis } = direction;
  const published =
    basis === 'published' ? middleOf(publishedCell(id)) / middleOf(publishedCell(against)) : null;
  const [figure, other] = [predict(id), predict(against)];
  if (figure === null || other === null) {
    return { ...direction, published, modelled: null, verdict: 'not modelled' };
  }
  const isRight = is === 'less' ? figure < other : figure > other;
  return { ...direction, published, modelled: figure / other, verdict: isRight ? 'within' : 'missed' };
}
