/** Lines over one axis, each with the marks and intervals that were measured. Drawn as SVG. */

import type { Estimate } from '../../stats/bootstrap.ts';
import { extentOf } from '../../stats/extent.ts';
import type { Verdict } from '../../stats/verdict.ts';
import { formatCount, formatNs, formatTickNs } from '../../units.ts';
import { type Html, html } from './escape.ts';
import { leftOutNote, MOST_LINES, MOST_POINTS } from './limits.ts';
import { type Scale, scaleOf, tenths } from './scale.ts';

export interface Point {
  readonly x: number;
  readonly timeNs: Estimate;
}

export interface Line {
  readonly name: string;
  /** What else the legend says of it. */
  readonly note?: Html;
  readonly points: readonly Point[];
}

export interface Chart {
  readonly title: string;
  readonly lines: readonly Line[];
  /** What is varied, in words. */
  readonly along: string;
  /** Sizes and numbers of agents grow by factors; runs and offsets do not. */
  readonly axis: 'log' | 'linear';
  /** Places where something happened. */
  readonly events?: readonly Event[];
  format(x: number): string;
  /** What stands below the legend. */
  readonly below?: Html;
}

interface Event {
  readonly x: number;
  readonly text: string;
  /** Its colour: that of a verdict. */
  readonly verdict: Verdict;
}

const WIDTH = 560;
const HEIGHT = 280;
const PLOT = { left: 62, right: WIDTH - 36, top: 26, bottom: HEIGHT - 40 };
/** Units that a character of a label takes on a phone, where it is largest, and those between two labels. */
const CHARACTER_UNITS = 8;
const LABEL_GAP = 12;
/** Marks that differ in shape, so that lines are told apart without their colours. */
const MARKS = ['M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z', 'M-4-4h8v8h-8z', 'M0-5l5 9h-10z', 'M0-5l5 5l-5 5l-5-5z'];
const COLORS = 8;

/** Nothing where no point has a place on the axes. */
export function chart({ title, lines, along, axis, events = [], format, below = html`` }: Chart): Html {
  const { lines: placed, note } = thinned(
    lines.slice(0, MOST_LINES).map((line) => ({
      ...line,
      points: line.points.filter(({ x, timeNs }) => (axis === 'linear' || x > 0) && timeNs.estimate > 0),
    })),
  );
  const points = placed.flatMap((line) => line.points);
  const times = scaleOf(
    points.flatMap(({ timeNs }) => [timeNs.estimate, timeNs.low, timeNs.high]),
    PLOT.bottom,
    PLOT.top,
  );
  if (times === null) return html``;
  const across = placesOf(
    points.map(({ x }) => x),
    axis,
  );
  return html`<figure class="chart"><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: time of an operation by ${along}">
${timeAxis(times)}${placeAxis(points, across, format)}<text x="${PLOT.right}" y="${HEIGHT - 4}" text-anchor="end">${along}</text>
${eventMarkup(events, across)}${placed.map((line, i) => lineMarkup(line, i, { times, across, format }))}</svg>
<ul class="legend">${placed.map(({ name, note }, i) => html`<li class="${seriesClass(i)}"><svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">${mark(i)}</svg>${name}${note === undefined ? null : html` <small>${note}</small>`}</li>`)}</ul>
${note}${leftOutNote(placed.length, lines.length, 'lines')}${below}</figure>
`;
}

/** Of more points than there is room for, one of so many: the line keeps its shape and both its ends. */
function thinned(lines: readonly Line[]): { readonly lines: readonly Line[]; readonly note: Html | null } {
  const total = lines.reduce((sum, { points }) => sum + points.length, 0);
  if (total <= MOST_POINTS) return { lines, note: null };
  const step = Math.ceil(total / MOST_POINTS);
  const isKept = (_: Point, i: number, { length }: readonly Point[]) => i % step === 0 || i === length - 1;
  const ordered = lines.map((line) => ({ ...line, points: line.points.toSorted((a, b) => a.x - b.x) }));
  return {
    lines: ordered.map((line) => ({ ...line, points: line.points.filter(isKept) })),
    note: html`<p class="note">One of ${step} points of each line, of ${formatCount(total)} in all.</p>
`,
  };
}

type Places = (x: number) => number;

function placesOf(values: readonly number[], axis: Chart['axis']): Places {
  const place = axis === 'log' ? Math.log : (x: number) => x;
  const [least, most] = extentOf(values);
  const length = PLOT.right - PLOT.left;
  if (least === most) return () => PLOT.left + length / 2;
  return (x) => tenths(PLOT.left + (length * (place(x) - place(least))) / (place(most) - place(least)));
}

function timeAxis({ at, ticks }: Scale): Html {
  return html`${ticks.map(
    ({ ns, stepNs }) =>
      html`<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${at(ns)}" y2="${at(ns)}"/><text x="${PLOT.left - 8}" y="${at(ns) + 4}" text-anchor="end">${formatTickNs(ns, stepNs)}</text>`,
  )}`;
}

/** The values that were measured, as far as there is room for them. */
function placeAxis(points: readonly Point[], across: Places, format: Chart['format']): Html {
  const values = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  return labels(
    values.map((x) => ({ at: across(x), text: format(x) })),
    PLOT.bottom + 18,
  );
}

/** Each that fits beside the one before, and inside the drawing. */
function labels(wanted: readonly { readonly at: number; readonly text: string }[], y: number): Html {
  let end = Number.NEGATIVE_INFINITY;
  const fitting = wanted.flatMap(({ at, text }) => {
    const half = (text.length * CHARACTER_UNITS) / 2;
    const x = Math.min(Math.max(at, half), WIDTH - half);
    if (x - half < end + LABEL_GAP) return [];
    end = x + half;
    return [html`<text x="${x}" y="${y}" text-anchor="middle">${text}</text>`];
  });
  return html`${fitting}`;
}

/** Lines from top to bottom; the texts stand above, where no mark is. */
function eventMarkup(events: readonly Event[], across: Places): Html {
  const placed = events.map((event) => ({ ...event, at: across(event.x) }));
  const lines = placed.map(
    ({ at, verdict }) =>
      html`<g class="event ${verdict}"><line x1="${at}" x2="${at}" y1="${PLOT.top}" y2="${PLOT.bottom}"/></g>`,
  );
  return html`${lines}${labels(placed, PLOT.top - 10)}`;
}

interface Frame {
  readonly times: Scale;
  readonly across: Places;
  readonly format: Chart['format'];
}

function lineMarkup({ name, points }: Line, i: number, { times, across, format }: Frame): Html {
  const ordered = points.toSorted((a, b) => a.x - b.x);
  const path = ordered.map(({ x, timeNs }) => `${across(x)},${times.at(timeNs.estimate)}`).join(' ');
  const marks = ordered.map(({ x, timeNs }) => {
    const at = across(x);
    const text = `${name}, ${format(x)}: ${formatNs(timeNs.estimate)} (${formatNs(timeNs.low)} to ${formatNs(timeNs.high)})`;
    return html`<line x1="${at}" x2="${at}" y1="${times.at(timeNs.low)}" y2="${times.at(timeNs.high)}"/><g class="mark" transform="translate(${at} ${times.at(timeNs.estimate)})" data-x="${x}" data-ns="${timeNs.estimate}"><title>${text}</title>${mark(i)}</g>`;
  });
  return html`<g class="${seriesClass(i)}"><polyline points="${path}"/>${marks}</g>
`;
}

function mark(i: number): Html {
  return html`<path d="${MARKS[i % MARKS.length]!}"/>`;
}

/** Lines beyond the number of colours are dashed. */
function seriesClass(i: number): string {
  return `series s${i % COLORS}${i >= COLORS ? ' dashed' : ''}`;
}
