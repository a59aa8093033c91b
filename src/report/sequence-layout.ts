/** Where everything of a sequence diagram lies. Rows are as far apart, however long they last. */
import { wrap } from './plain-text.ts';
import type { Lifeline, MessageRow, Part, SequenceDiagram, SequenceRow, WorkRow } from './sequence.ts';
import {
  BAR,
  type Columns,
  columnsOf,
  headUnits,
  LOOP,
  MARGIN,
  stateUnits,
  textGap,
  WAY_UNITS,
  workTimes,
} from './sequence-columns.ts';
import { FONT_UNITS, type Label, type Role, textUnits } from './sequence-labels.ts';

/** A rectangle. Of a series, or in the colour of its kind. */
export interface Rect {
  readonly kind: 'group' | 'head' | 'bar' | 'state' | 'part';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly series?: number;
}

export interface Path {
  readonly kind: 'lifeline' | 'end' | 'arrow';
  /** As `d` of SVG. */
  readonly path: string;
  readonly series?: number;
  readonly isDashed?: boolean;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Behind everything else. */
  readonly grounds: readonly Rect[];
  readonly rects: readonly Rect[];
  readonly paths: readonly Path[];
  readonly labels: readonly Label[];
}

interface Drawing {
  readonly columns: Columns;
  readonly grounds: Rect[];
  readonly rects: Rect[];
  readonly paths: Path[];
  readonly labels: Label[];
  /** First and last place of each lifeline where something reaches it. */
  readonly touched: { top: number; bottom: number }[];
}

const TITLE_Y = 40;
const GROUP_UNITS = 34;
const HEADS_Y = 116;
const HEAD_HEIGHT = 44;
const ROWS_Y = HEADS_Y + HEAD_HEIGHT + 40;
const ROW_UNITS = 58;
const END_UNITS = 34;
/** How far below its begin a message ends, and from where to where in its row a loop goes. */
const SLOPE = 9;
const TAIL = 24;
const LOOP_UNITS = [18, 42] as const;
const STATE_HEIGHT = 18;
const PART_HEIGHT = 22;
const LEGEND_UNITS = 20;

export function placed(diagram: SequenceDiagram): Layout {
  const columns = columnsOf(diagram);
  const drawing: Drawing = {
    columns,
    grounds: [],
    rects: [],
    paths: [],
    labels: [],
    touched: columns.at.map(() => ({ top: Number.POSITIVE_INFINITY, bottom: 0 })),
  };
  say(drawing, diagram.title, 'title', MARGIN, TITLE_Y);
  say(drawing, diagram.subtitle, 'subtitle', MARGIN, TITLE_Y + 22);
  for (const [i, lifeline] of diagram.lifelines.entries()) placeHead(drawing, lifeline, columns.at[i]!);
  let y = ROWS_Y;
  for (const row of diagram.rows) {
    placeRow(drawing, row, y);
    y += row.kind === 'end' ? END_UNITS : ROW_UNITS;
  }
  const bottom = y + 8;
  placeGroups(drawing, diagram.lifelines, bottom);
  const lifelines = columns.at.map((x): Path => {
    return { kind: 'lifeline', path: `M${x} ${HEADS_Y + HEAD_HEIGHT}V${bottom - 10}` };
  });
  const bars = columns.at.flatMap((x, i) => barOf(x, drawing.touched[i]!));
  const height = placeNotes(drawing, diagram.notes, placeSum(drawing, diagram.sum, bottom + 44));
  return {
    width: columns.width,
    height,
    grounds: drawing.grounds,
    rects: [...bars, ...drawing.rects],
    paths: [...lifelines, ...drawing.paths],
    labels: drawing.labels,
  };
}

function say(
  { labels }: Drawing,
  text: string,
  role: Role,
  x: number,
  y: number,
  anchor: Label['anchor'] = 'start',
): void {
  if (text !== '') labels.push({ text, role, x, y, anchor });
}

/** A ground for neighbours that belong together. Between two of them is the way from one to the other. */
function placeGroups(drawing: Drawing, lifelines: readonly Lifeline[], bottom: number): void {
  const { at, width } = drawing.columns;
  const y = HEADS_Y - GROUP_UNITS;
  let left = MARGIN;
  for (const [i, { group }] of lifelines.entries()) {
    const next = lifelines[i + 1];
    if (next?.group === group) continue;
    const middle = next === undefined ? 0 : (at[i]! + at[i + 1]!) / 2;
    const right = next === undefined ? width - MARGIN : middle - WAY_UNITS / 2;
    drawing.grounds.push({ kind: 'group', x: left, y, width: right - left, height: bottom - y });
    say(drawing, group, 'name', left + 12, y + 18);
    if (next === undefined) return;
    say(drawing, 'link', 'small', middle, y + 18, 'middle');
    left = middle + WAY_UNITS / 2;
  }
}

function placeHead(drawing: Drawing, lifeline: Lifeline, x: number): void {
  const width = headUnits(lifeline);
  drawing.rects.push({ kind: 'head', x: x - width / 2, y: HEADS_Y, width, height: HEAD_HEIGHT });
  say(drawing, lifeline.name, 'name', x, HEADS_Y + 19, 'middle');
  say(drawing, lifeline.what, 'small', x, HEADS_Y + 35, 'middle');
  placeState(drawing, lifeline.state, x, HEADS_Y + HEAD_HEIGHT + 20);
}

/** A state in its frame, around the middle. */
function placeState(drawing: Drawing, text: string, x: number, y: number): void {
  if (text === '') return;
  const width = stateUnits(text);
  drawing.rects.push({
    kind: 'state',
    x: x - width / 2,
    y: y - STATE_HEIGHT / 2,
    width,
    height: STATE_HEIGHT,
  });
  say(drawing, text, 'state', x, y + 4, 'middle');
}

/** @param side -1 left of a lifeline, 1 right of it */
function placeChange(drawing: Drawing, text: string, x: number, y: number, side: number): void {
  placeState(drawing, text, x + side * (BAR + 8 + stateUnits(text) / 2), y);
}

function placeRow(drawing: Drawing, row: SequenceRow, y: number): void {
  if (row.kind === 'message') placeMessage(drawing, row, y);
  else if (row.kind === 'work') placeWork(drawing, row, y);
  else {
    const { width } = drawing.columns;
    drawing.paths.push({ kind: 'end', path: `M${MARGIN + 12} ${y + 20}H${width - MARGIN - 12}` });
    say(drawing, row.text, 'small', middleOf(drawing, row.gap), y + 15, 'middle');
  }
}

/** Between a lifeline and the one before it. */
function middleOf({ columns: { at } }: Drawing, lifeline: number): number {
  return (at[lifeline - 1]! + at[lifeline]!) / 2;
}

function touch({ touched }: Drawing, lifeline: number, y: number): void {
  const one = touched[lifeline]!;
  one.top = Math.min(one.top, y);
  one.bottom = Math.max(one.bottom, y);
}

function barOf(x: number, { top, bottom }: { readonly top: number; readonly bottom: number }): Rect[] {
  return bottom <= top ? [] : [{ kind: 'bar', x: x - BAR, y: top, width: 2 * BAR, height: bottom - top }];
}

function placeMessage(drawing: Drawing, row: MessageRow, y: number): void {
  const [tail, head] = [drawing.columns.at[row.from]!, drawing.columns.at[row.to]!];
  const side = Math.sign(head - tail);
  const [tailY, headY] = [y + TAIL, y + TAIL + SLOPE];
  touch(drawing, row.from, tailY);
  touch(drawing, row.to, headY);
  const [fromX, toX] = [tail + side * BAR, head - side * BAR];
  const { series, isBeside } = row;
  drawing.paths.push({
    kind: 'arrow',
    path: `M${fromX} ${tailY}L${toX} ${headY}`,
    series,
    isDashed: isBeside,
  });
  const middle = middleOf(drawing, textGap(row));
  const [atTail, atHead] = side > 0 ? (['start', 'end'] as const) : (['end', 'start'] as const);
  say(drawing, row.begin, 'small', fromX + 8 * side, tailY - 5, atTail);
  say(drawing, row.end, 'small', toX - 10 * side, headY - 7, atHead);
  const lineY = tailY + (SLOPE * (middle - tail)) / (head - tail);
  say(drawing, row.name, 'name', middle, lineY - 8, 'middle');
  say(drawing, row.note, 'small', middle, lineY + 15, 'middle');
  placeChange(drawing, row.changeFrom, tail, tailY, -side);
  placeChange(drawing, row.changeTo, head, headY, side);
}

function placeWork(drawing: Drawing, row: WorkRow, y: number): void {
  const { at, isNext, series, isBeside } = row;
  const x = drawing.columns.at[at]! + BAR;
  const [top, bottom] = [y + LOOP_UNITS[0], y + LOOP_UNITS[1]];
  touch(drawing, at, top);
  touch(drawing, at, bottom);
  placeChange(drawing, row.change, drawing.columns.at[at]!, bottom, -1);
  if (!isNext) {
    const path = `M${x} ${top}H${x + LOOP - 6}q6 0 6 6V${bottom - 6}q0 6 -6 6H${x}`;
    drawing.paths.push({ kind: 'arrow', path, series, isDashed: isBeside });
    say(drawing, row.name, 'name', x + LOOP + 10, top + 8);
    say(drawing, workTimes(row), 'small', x + LOOP + 10, top + 24);
    return;
  }
  const next = drawing.columns.at[at + 1]!;
  touch(drawing, at + 1, top);
  touch(drawing, at + 1, bottom);
  drawing.paths.push({ kind: 'arrow', path: `M${x} ${top}H${next - BAR}`, series, isDashed: isBeside });
  drawing.paths.push({ kind: 'arrow', path: `M${next - BAR} ${bottom}H${x}`, series, isDashed: isBeside });
  const middle = (x + next) / 2;
  say(drawing, row.begin, 'small', x + 8, top - 5);
  say(drawing, row.end, 'small', x + 8, bottom - 5);
  say(drawing, row.name, 'name', middle, top - 5, 'middle');
  say(drawing, row.note, 'small', middle, bottom - 5, 'middle');
}

/** Returns where it ends. */
function placeSum(drawing: Drawing, { title, parts }: SequenceDiagram['sum'], y: number): number {
  const room = drawing.columns.width - 2 * MARGIN;
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  say(drawing, title, 'name', MARGIN, y);
  let x = MARGIN;
  for (const { value, series } of parts) {
    const width = (room * value) / total;
    drawing.rects.push({ kind: 'part', x, y: y + 12, width, height: PART_HEIGHT, series });
    x += width;
  }
  return placeLegend(drawing, parts, y + 12 + PART_HEIGHT + 20);
}

function placeLegend(drawing: Drawing, parts: readonly Part[], from: number): number {
  const right = drawing.columns.width - MARGIN;
  let [x, y] = [MARGIN, from];
  for (const { name, text, series } of parts) {
    const label = `${name} ${text}`;
    const width = 16 + textUnits(label, 'small') + 18;
    if (x > MARGIN && x + width > right) [x, y] = [MARGIN, y + LEGEND_UNITS];
    drawing.rects.push({ kind: 'part', x, y: y - 9, width: 10, height: 10, series });
    say(drawing, label, 'small', x + 16, y);
    x += width;
  }
  return y;
}

/** Returns how high all of it is. */
function placeNotes(drawing: Drawing, notes: readonly string[], from: number): number {
  const columns = Math.floor((drawing.columns.width - 2 * MARGIN) / textUnits('m', 'small'));
  let y = from + 14;
  for (const line of notes.flatMap((note) => wrap(note, columns, ''))) {
    y += FONT_UNITS.small + 6;
    say(drawing, line, 'small', MARGIN, y);
  }
  return Math.ceil(y + 24);
}
