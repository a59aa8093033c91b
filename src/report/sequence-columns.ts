/** Where the lifelines of a sequence diagram stand: as far apart as the texts between them need. */

import type { Lifeline, MessageRow, SequenceDiagram, SequenceRow, WorkRow } from './sequence.ts';
import { textUnits } from './sequence-labels.ts';

export interface Columns {
  readonly at: readonly number[];
  readonly width: number;
}

/** Room on either side of all, and around a text. */
export const MARGIN = 28;
const PAD = 14;
/** Half of the bar on a lifeline, and how far a loop of a lifeline to itself goes out. */
export const BAR = 5;
export const LOOP = 26;
const LEAST_WIDTH = 880;
/** Of the way between two groups, which stands for itself. */
export const WAY_UNITS = 40;

export function headUnits({ name, what }: Lifeline): number {
  return Math.max(textUnits(name, 'name'), textUnits(what, 'small')) + 2 * PAD;
}

/** Of a state in its frame. */
export function stateUnits(text: string): number {
  return text === '' ? 0 : textUnits(text, 'state') + 12;
}

/**
 * Distances from the left edge to the first lifeline, from each to the next, and from the last to the right edge, which
 * stand as so many needs before they are met.
 */
export function columnsOf({ lifelines, rows }: SequenceDiagram): Columns {
  const heads = lifelines.map((one) => headUnits(one) / 2);
  const gaps = [...heads, 0].map((half, i) => half + (heads[i - 1] ?? 0) + PAD);
  for (const [i, { group }] of lifelines.entries())
    if (i > 0 && lifelines[i - 1]!.group !== group) gaps[i]! += WAY_UNITS + PAD;
  const widen = (gap: number, units: number) => {
    gaps[gap] = Math.max(gaps[gap]!, units);
  };
  for (const row of rows) for (const [gap, units] of needsOf(row)) widen(gap, units);
  spread(gaps);
  let at = MARGIN;
  const all = gaps.map((gap) => {
    at += gap;
    return Math.round(at);
  });
  return { at: all.slice(0, -1), width: all.at(-1)! + MARGIN };
}

/** A narrow picture is widened between its lifelines. */
function spread(gaps: number[]): void {
  const missing = LEAST_WIDTH - 2 * MARGIN - gaps.reduce((sum, gap) => sum + gap, 0);
  const between = gaps.length - 2;
  if (missing > 0 && between > 0) for (let i = 1; i <= between; i++) gaps[i]! += missing / between;
}

/** What a row asks of single gaps: the i-th is that before the i-th lifeline. */
function needsOf(row: SequenceRow): (readonly [gap: number, units: number])[] {
  if (row.kind === 'end') return [];
  if (row.kind === 'work') {
    const { at, change } = row;
    return [
      [at, stateUnits(change) + 2 * PAD],
      [at + 1, workUnits(row)],
    ];
  }
  // States stand behind either end, times before it.
  const isRight = row.to > row.from;
  return [
    [Math.min(row.from, row.to) + 1, textUnits(isRight ? row.begin : row.end, 'small') + 3 * PAD],
    [textGap(row), messageUnits(row)],
    [isRight ? row.from : row.from + 1, stateUnits(row.changeFrom) + 2 * PAD],
    [isRight ? row.to + 1 : row.to, stateUnits(row.changeTo) + 2 * PAD],
  ];
}

/** Of the gaps that a message passes, where its texts stand: that on the right, so that they meet no lifeline. */
export function textGap({ from, to }: MessageRow): number {
  return Math.max(from, to);
}

function messageUnits({ name, note, begin, end }: MessageRow): number {
  const above = textUnits(begin, 'small') + textUnits(name, 'name') + textUnits(end, 'small') + 4 * PAD;
  return Math.max(above, textUnits(note, 'small') + 2 * PAD);
}

function workUnits(row: WorkRow): number {
  const { name, note, begin, end, isNext } = row;
  const time = Math.max(textUnits(begin, 'small'), textUnits(end, 'small'));
  if (isNext) return 2 * time + Math.max(textUnits(name, 'name'), textUnits(note, 'small')) + 4 * PAD;
  return LOOP + 2 * PAD + Math.max(textUnits(name, 'name'), textUnits(workTimes(row), 'small'));
}

/** What stands under the name of what a lifeline does by itself. */
export function workTimes({ note, begin, end }: WorkRow): string {
  return begin === end ? `at ${begin}` : `${note}, ${begin} to ${end}`;
}
