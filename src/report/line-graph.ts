/** Lines over one axis as one SVG file: no script and no style sheet, so that it may be shown anywhere. */

import { extentOf } from '../stats/extent.ts';
import { escapeXml } from './export/junit.ts';
import { type Scale, scaleOf, tenths } from './html/scale.ts';
import { SERIES } from './palette.ts';
import { truncate } from './plain-text.ts';

export interface GraphPoint {
  readonly x: number;
  /** Above zero. */
  readonly y: number;
}

export interface GraphLine {
  readonly name: string;
  readonly points: readonly GraphPoint[];
}

/** Lines of one unit. */
export interface GraphPanel {
  readonly unit: string;
  readonly lines: readonly GraphLine[];
}

export interface LineGraph {
  readonly title: string;
  readonly panels: readonly GraphPanel[];
  /** What is varied, in words. */
  readonly along: string;
  /** A logarithmic one needs places above zero. */
  readonly axis: 'log' | 'linear';
  /** A place to be marked, and what it is. */
  readonly mark: { readonly x: number; readonly text: string };
  readonly format: (x: number) => string;
}

const WIDTH = 760;
const TOP = 44;
const PANEL = 260;
const PLOT = { left: 64, right: 500, top: 26, bottom: PANEL - 44 };
const LEGEND = PLOT.right + 16;
const LEGEND_ROW = 16;
const CHARACTER = 6.6;
const LABEL_GAP = 12;
const COLORS = SERIES.map(({ light }) => light);
/** Marks that differ in shape, so that lines are told apart without their colours. */
const MARKS = ['M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z', 'M-4-4h8v8h-8z', 'M0-5l5 9h-10z', 'M0-5l5 5l-5 5l-5-5z'];

/** Panels below each other, over the same places. */
export function lineGraph(graph: LineGraph): string {
  const heights = graph.panels.map(panelHeight);
  const bottoms = heights.map((_, i) => TOP + heights.slice(0, i + 1).reduce((sum, one) => sum + one, 0));
  const across = placesOf(graph);
  const height = bottoms.at(-1) ?? TOP;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="11" fill="#59636e">`,
    `<title>${escapeXml(graph.title)}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(8, 20, graph.title, ' font-size="13" fill="#1b1f24"'),
    ...graph.panels.flatMap((panel, i) => [
      `<g transform="translate(0 ${bottoms[i]! - heights[i]!})">`,
      ...panelMarkup(panel, graph, across),
      '</g>',
    ]),
    '</svg>\n',
  ].join('\n');
}

/** The legend may need more room than the drawing. */
function panelHeight({ lines }: GraphPanel): number {
  return Math.max(PANEL, PLOT.top + LEGEND_ROW * lines.length + LEGEND_ROW);
}

type Places = (x: number) => number;

function placesOf({ panels, axis }: LineGraph): Places {
  const place = axis === 'log' ? Math.log : (x: number) => x;
  const [least, most] = extentOf(
    panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(({ x }) => place(x)))),
  );
  const length = PLOT.right - PLOT.left;
  if (least === most) return () => PLOT.left + length / 2;
  return (x) => tenths(PLOT.left + (length * (place(x) - least)) / (most - least));
}

function panelMarkup({ unit, lines }: GraphPanel, graph: LineGraph, across: Places): string[] {
  const scale = scaleOf(
    lines.flatMap(({ points }) => points.map(({ y }) => y)),
    PLOT.bottom,
    PLOT.top,
  );
  if (scale === null) return [];
  return [
    text(PLOT.left - 8, 14, unit, ' text-anchor="end"'),
    ...figureAxis(scale),
    ...placeAxis(lines, graph, across),
    ...markMarkup(graph, across),
    ...lines.flatMap((line, i) => lineMarkup(line, i, { unit, scale, across, format: graph.format })),
  ];
}

function figureAxis({ at, ticks }: Scale): string[] {
  return ticks.flatMap(({ ns: value, stepNs: step }) => [
    `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${at(value)}" y2="${at(value)}" stroke="#d1d9e0"/>`,
    text(PLOT.left - 8, at(value) + 4, tickText(value, step), ' text-anchor="end"'),
  ]);
}

/** With the decimals that tell ticks apart. */
function tickText(value: number, step: number): string {
  return value.toFixed(Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))));
}

/** The places that lines have, each that fits beside the one before. */
function placeAxis(lines: readonly GraphLine[], { along, format }: LineGraph, across: Places): string[] {
  const places = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  let end = Number.NEGATIVE_INFINITY;
  const labels = places.flatMap((x) => {
    const [at, half] = [across(x), (format(x).length * CHARACTER) / 2];
    if (at - half < end + LABEL_GAP) return [];
    end = at + half;
    return [text(at, PLOT.bottom + 18, format(x), ' text-anchor="middle"')];
  });
  return [...labels, text(PLOT.right, PLOT.bottom + 36, along, ' text-anchor="end"')];
}

function markMarkup({ mark }: LineGraph, across: Places): string[] {
  const at = across(mark.x);
  return [
    `<line x1="${at}" x2="${at}" y1="${PLOT.top}" y2="${PLOT.bottom}" stroke="#59636e" stroke-dasharray="4 3"/>`,
    text(at, PLOT.top - 8, mark.text, ' text-anchor="middle"'),
  ];
}

interface Frame {
  readonly unit: string;
  readonly scale: Scale;
  readonly across: Places;
  readonly format: LineGraph['format'];
}

function lineMarkup(
  { name, points }: GraphLine,
  i: number,
  { unit, scale, across, format }: Frame,
): string[] {
  const color = COLORS[i % COLORS.length]!;
  const dash = i >= COLORS.length ? ' stroke-dasharray="5 3"' : '';
  const path = points.map(({ x, y }) => `${across(x)},${scale.at(y)}`).join(' ');
  const row = PLOT.top + LEGEND_ROW * i;
  const fits = Math.floor((WIDTH - LEGEND - 18) / CHARACTER);
  return [
    `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="1.5"${dash}/>`,
    ...points.map(({ x, y }) => {
      const title = escapeXml(`${name}, ${format(x)}: ${y.toFixed(1)} ${unit}`);
      return `<g transform="translate(${across(x)} ${scale.at(y)})"><title>${title}</title>${shape(i)}</g>`;
    }),
    `<g transform="translate(${LEGEND} ${row})">${shape(i)}</g>`,
    text(LEGEND + 10, row + 4, truncate(name, fits), ' fill="#1b1f24"'),
  ];
}

function shape(i: number): string {
  const color = COLORS[i % COLORS.length]!;
  const fill = i >= COLORS.length ? '#ffffff' : color;
  return `<path d="${MARKS[i % MARKS.length]!}" fill="${fill}" stroke="${color}"/>`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${tenths(x)}" y="${tenths(y)}"${attributes}>${escapeXml(content)}</text>`;
}
