/** Box plots in the terminal, from the samples alone: how the processes of each arm lie beside those of others. */

import type { SamplesDocument } from '../results/samples.ts';
import { timesByFork } from '../stats/estimate.ts';
import { mostOf } from '../stats/extent.ts';
import { median, quantileOfSorted, sortedCopy } from '../stats/median.ts';
import { formatNs, formatTickNs } from '../units.ts';
import { type Axis, axisOf } from './axis.ts';
import { painter } from './grid.ts';
import { armNamer, rowPlaces } from './labels.ts';
import { type MeasuredArm, measuredArms } from './measured-arm.ts';
import { plainTexts, textWidth, truncate, wrap } from './plain-text.ts';

export interface PlotOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** `ascii` where the terminal does not show UTF-8. */
  readonly glyphs: keyof typeof GLYPHS;
}

interface Glyphs {
  /** From the least to the most, with its ends. */
  readonly whisker: string;
  readonly least: string;
  readonly most: string;
  /** Between the quartiles. */
  readonly box: string;
  readonly median: string;
  readonly axis: string;
  readonly tick: string;
}

const GLYPHS = {
  unicode: { whisker: '─', least: '├', most: '┤', box: '█', median: '│', axis: '─', tick: '┴' },
  ascii: { whisker: '-', least: '|', most: '|', box: '=', median: 'O', axis: '-', tick: '+' },
} as const satisfies Record<string, Glyphs>;

/** The texts of this file and of units, without what is not ASCII. */
const IN_ASCII: Record<string, string> = { µ: 'u', '…': '~' };

const CAPTION =
  'Time per operation. Of the medians of all forks: least, quartiles and most, with the median of them; of the rounds, ' +
  'where one process measured.';
const INDENT = '  ';
const GAP = '  ';
/** Columns of `84.6 ns`, with room for a larger figure. */
const FIGURE_WIDTH = 8;
/** A plot that is narrower than this gets the room of the figures beside it. */
const NARROW = 24;
const NARROWEST = 8;
/** Wider ones tell nothing more. */
const WIDEST = 100;
/** Names of arms take this share of a line at most. */
const NAME_SHARE = 0.4;

/** Least, quartiles and most, in nanoseconds per operation. */
type Five = readonly [least: number, q1: number, median: number, q3: number, most: number];

interface Frame {
  readonly glyphs: Glyphs;
  readonly nameWidth: number;
  readonly plotWidth: number;
  readonly hasFigures: boolean;
}

/**
 * A plot for each workload: a line for each arm, and the axis that they share. Ends with a line break; empty where
 * nothing was measured.
 */
export function renderPlot(samples: SamplesDocument, { color, width, glyphs }: PlotOptions): string {
  const plain = plainTexts({ series: samples.series, settings: samples.settings });
  const arms = measuredArms(plain.series).filter(({ implementation }) => implementation !== 'noop');
  if (arms.length === 0) return '';
  const named = ({ workload, params }: MeasuredArm) => ({ name: workload, params });
  const placeOf = rowPlaces(arms.map(named), plain.settings);
  const nameOf = armNamer(arms);
  const frame = frameOf(arms.map(nameOf), width, GLYPHS[glyphs]);
  const paint = painter(color);
  const plots = [...Map.groupBy(arms, (arm) => JSON.stringify(named(arm))).values()].map((members) => {
    const { heading, label } = placeOf(named(members[0]!));
    const title = truncate([heading, label].filter(Boolean).join(' '), width);
    return [paint({ text: title, style: 'bold' }), ...boxLines(members, nameOf, frame)];
  });
  const text = [wrap(CAPTION, width, ''), ...plots].map((lines) => lines.join('\n')).join('\n\n');
  return `${glyphs === 'ascii' ? text.replace(/[µ…]/gu, (char) => IN_ASCII[char]!) : text}\n`;
}

function frameOf(names: readonly string[], width: number, glyphs: Glyphs): Frame {
  const longest = mostOf(names.map(textWidth));
  const nameWidth = Math.min(longest, Math.max(1, Math.floor(width * NAME_SHARE)));
  const room = width - INDENT.length - nameWidth - GAP.length;
  const hasFigures = room - GAP.length - FIGURE_WIDTH >= NARROW;
  const plotWidth = hasFigures ? room - GAP.length - FIGURE_WIDTH : room;
  return { glyphs, nameWidth, plotWidth: Math.min(WIDEST, Math.max(NARROWEST, plotWidth)), hasFigures };
}

function boxLines(
  arms: readonly MeasuredArm[],
  nameOf: (arm: MeasuredArm) => string,
  frame: Frame,
): string[] {
  const fives = arms.map(fiveOf);
  const axis = axisOf(fives.flat(), frame.plotWidth);
  const margin = ' '.repeat(INDENT.length + frame.nameWidth + GAP.length);
  return [
    ...arms.map((arm, i) => {
      const name = truncate(nameOf(arm), frame.nameWidth);
      const padded = name + ' '.repeat(frame.nameWidth - textWidth(name));
      const figure = frame.hasFigures ? GAP + formatNs(fives[i]![2]).padStart(FIGURE_WIDTH) : '';
      return `${INDENT}${padded}${GAP}${boxOf(fives[i]!, axis, frame)}${figure}`.trimEnd();
    }),
    margin + axisLine(axis, frame),
    (margin + tickLabels(axis, frame)).trimEnd(),
  ];
}

/** Over the medians of forks; over the rounds where there is one fork. */
function fiveOf({ series }: MeasuredArm): Five {
  const forks = timesByFork(series);
  const sorted = sortedCopy(forks.length > 1 ? forks.map(median) : forks[0]!);
  const at = (p: number) => quantileOfSorted(sorted, p);
  return [at(0), at(0.25), at(0.5), at(0.75), at(1)];
}

/** `├──█│██───┤`, blanks around it. What falls into one column is drawn over by what matters more. */
function boxOf(five: Five, axis: Axis, { glyphs, plotWidth }: Frame): string {
  const [least, q1, middle, q3, most] = five.map((ns) => axis.columnOf(ns)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const cells = new Array<string>(plotWidth).fill(' ');
  cells.fill(glyphs.whisker, least, most + 1);
  cells[least] = glyphs.least;
  cells[most] = glyphs.most;
  cells.fill(glyphs.box, q1, q3 + 1);
  cells[middle] = glyphs.median;
  return cells.join('');
}

function axisLine({ columnOf, ticks }: Axis, { glyphs, plotWidth }: Frame): string {
  const cells = new Array<string>(plotWidth).fill(glyphs.axis);
  for (const { ns } of ticks) cells[columnOf(ns)] = glyphs.tick;
  return cells.join('');
}

/** Each label in the middle below its tick, as far as there is room. */
function tickLabels({ columnOf, ticks }: Axis, { plotWidth }: Frame): string {
  let line = '';
  for (const { ns, stepNs } of ticks) {
    const text = formatTickNs(ns, stepNs);
    const middle = columnOf(ns) - Math.floor(textWidth(text) / 2);
    const start = Math.max(0, Math.min(middle, plotWidth - textWidth(text)));
    if (line === '' || start > textWidth(line)) line = line.padEnd(start) + text;
  }
  return line;
}
