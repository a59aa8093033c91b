/** The main table: one line per workload and parameters, implementations side by side. */
import type { Estimate } from '../stats/bootstrap.ts';
import { formatDigits, formatNs, formatPercent } from '../units.ts';
import { type Cell, type GridLine, gridWidth } from './grid.ts';
import { bytesNotes, isTopTier, tierNotes } from './notes.ts';
import { textWidth } from './plain-text.ts';
import type { Comparison, SummaryRow } from './summary.ts';
import { answeringImplementations, type WorkloadLine } from './workload-lines.ts';

interface Column {
  title: string;
  cell(line: WorkloadLine): Cell;
}

/** What the table says beyond the bare figures. */
interface Detail {
  bytes: boolean;
  ratioInterval: boolean;
  timeInterval: boolean;
  /** Implementations whose time over native's has a column. */
  overNative: readonly string[];
  noop: boolean;
  faster: boolean;
}

const BOTH = ['wasm', 'ts'];
const EVERYTHING: Detail = {
  bytes: true,
  ratioInterval: true,
  timeInterval: true,
  overNative: BOTH,
  noop: true,
  faster: true,
};
const BRIEF: Detail = { ...EVERYTHING, ratioInterval: false, timeInterval: false };
const FIGURES: Detail = { ...BRIEF, bytes: false, overNative: [] };

/** From the richest on: what does not fit the width is left out in this order. */
const DETAILS: readonly Detail[] = [
  EVERYTHING,
  { ...EVERYTHING, ratioInterval: false },
  BRIEF,
  { ...BRIEF, overNative: ['wasm'] },
  { ...BRIEF, bytes: false },
  { ...BRIEF, bytes: false, overNative: ['wasm'] },
];

/** Where no detail fits, labels are cut before columns go, but not below this. */
const SHORTEST_LABEL = 4;
const LAST_RESORTS: readonly Detail[] = [
  FIGURES,
  { ...FIGURES, noop: false },
  { ...FIGURES, noop: false, faster: false },
];

const LABEL_INDENT = '  ';
const MISSING: Cell = { text: '–', style: 'dim' };
const EMPTY: Cell = { text: '' };
/** Columns of `±1.2%`, so that the figures before it line up. */
const INTERVAL_WIDTH = 5;

/** The table in as much detail as `width` columns hold, and the footnotes that it needs. */
export function figureTable(
  lines: readonly WorkloadLine[],
  width: number,
): { grid: GridLine[]; notes: string[] } {
  const [detail, grid] =
    firstThatFits(lines, DETAILS, width) ??
    firstThatFits(lines, LAST_RESORTS, width, SHORTEST_LABEL) ??
    laidOut(lines, LAST_RESORTS.at(-1)!);
  return { grid, notes: [...tierNotes(lines), ...(detail.bytes ? bytesNotes(lines) : [])] };
}

type LaidOut = [detail: Detail, grid: GridLine[]];

function laidOut(lines: readonly WorkloadLine[], detail: Detail): LaidOut {
  return [detail, tableLines(lines, detail)];
}

/** @param cutLabels columns to which labels may be cut; whole ones unless given */
function firstThatFits(
  lines: readonly WorkloadLine[],
  details: readonly Detail[],
  width: number,
  cutLabels = Number.POSITIVE_INFINITY,
): LaidOut | undefined {
  const labelWidth = Math.max(0, ...lines.map(({ label }) => textWidth(label) + LABEL_INDENT.length));
  const cut = Math.max(0, labelWidth - cutLabels);
  return details.map((detail) => laidOut(lines, detail)).find(([, grid]) => gridWidth(grid) - cut <= width);
}

function tableLines(lines: readonly WorkloadLine[], detail: Detail): GridLine[] {
  const columns = tableColumns(lines, detail);
  const titles = columns.map(({ title }): Cell => ({ text: title, style: 'dim' }));
  const groups = [...Map.groupBy(lines, ({ heading }) => heading)].flatMap(
    ([heading, members]): GridLine[] => [
      { heading: { text: heading, style: 'bold' } },
      ...members.map((line) => ({ cells: columns.map((column) => column.cell(line)) })),
    ],
  );
  return [{ cells: titles }, ...groups];
}

function tableColumns(lines: readonly WorkloadLine[], detail: Detail): Column[] {
  const implementations = answeringImplementations(lines);
  const columns: Column[] = [{ title: '', cell: ({ label }) => ({ text: LABEL_INDENT + label }) }];
  for (const name of implementations) {
    columns.push({ title: name, cell: (line) => timeCell(line, name, detail) });
  }
  if (detail.noop && lines.some((line) => line.byImplementation.get('noop')?.available)) {
    columns.push({ title: 'noop', cell: noopCell });
  }
  if (
    detail.bytes &&
    lines.some((line) => implementations.some((name) => payloadPerSec(line, name) !== null))
  ) {
    columns.push({
      title: 'GB/s',
      cell: (line) => bytesCell(line, implementations),
    });
  }
  for (const name of detail.overNative) {
    if (lines.some(({ overNative }) => overNative.has(name))) {
      columns.push({ title: `${name}/native`, cell: (line) => overNativeCell(line, name) });
    }
  }
  if (detail.faster && lines.some((line) => line.comparison)) {
    const title = implementations.includes('native') ? 'wasm or ts' : 'faster';
    columns.push({ title, cell: (line) => fasterCell(line, detail) });
  }
  return columns;
}

/** `1.42 ns ±1.2%`, with a star in front where the tier was not the top one. */
function timeCell(line: WorkloadLine, implementation: string, detail: Detail): Cell {
  const row = line.byImplementation.get(implementation);
  if (!row?.nsPerOp) return MISSING;
  const star = starOf(row);
  const interval = detail.timeInterval ? ` ${formatInterval(row.nsPerOp).padStart(INTERVAL_WIDTH)}` : '';
  const cell: Cell = { text: `${star}${formatNs(row.nsPerOp.estimate)}${interval}` };
  if (star) return { ...cell, style: 'yellow' };
  return implementation === fasterSide(line.comparison) ? { ...cell, style: 'green' } : cell;
}

function noopCell(line: WorkloadLine): Cell {
  const row = line.byImplementation.get('noop');
  if (!row?.nsPerOp) return EMPTY;
  return { text: `${starOf(row)}${formatNs(row.nsPerOp.estimate)}`, style: 'dim' };
}

/** Leads to the footnote of `tierNotes`. */
function starOf(row: SummaryRow): string {
  return isTopTier(row) ? '' : '*';
}

/** Gigabytes of payload a second of each implementation: `12.3 | 9.80`. */
function bytesCell(line: WorkloadLine, implementations: readonly string[]): Cell {
  const rates = implementations.map((name) => payloadPerSec(line, name));
  if (rates.every((rate) => rate === null)) return EMPTY;
  return {
    text: rates
      .map((rate) => (rate === null ? MISSING.text : formatDigits(rate / 1e9)).padStart(4))
      .join(' | '),
  };
}

/** `1.27×`: how many times as long as native it took. */
function overNativeCell({ overNative }: WorkloadLine, implementation: string): Cell {
  const comparison = overNative.get(implementation);
  return comparison ? { text: `${formatDigits(comparison.ratio.estimate)}×` } : EMPTY;
}

/** `wasm 1.27× ±1.1%`, or that the interval leaves open which of the two it is. */
function fasterCell({ comparison }: WorkloadLine, detail: Detail): Cell {
  if (!comparison) return EMPTY;
  const { ratio } = comparison;
  const interval = detail.ratioInterval ? ` ${formatInterval(ratio).padStart(INTERVAL_WIDTH)}` : '';
  const faster = fasterSide(comparison);
  const factor = formatDigits(Math.max(ratio.estimate, 1 / ratio.estimate));
  // A factor that prints as 1 is no side's gain, however sure its sign is.
  if (!faster || Number(factor) === 1) return { text: `unclear${interval}`, style: 'dim' };
  return { text: `${faster} ${factor}×${interval}` };
}

/** The side whose time is below the other's over the whole interval. */
function fasterSide(comparison: Comparison | undefined): string | null {
  if (!comparison) return null;
  if (comparison.ratio.high < 1) return comparison.candidate.implementation;
  return comparison.ratio.low > 1 ? comparison.baseline.implementation : null;
}

/** Half the width of the interval, as a share of the estimate: `±1.2%`. */
export function formatInterval({ estimate, low, high }: Estimate): string {
  return `±${formatPercent((high - low) / 2 / estimate)}`;
}

function payloadPerSec(line: WorkloadLine, implementation: string): number | null {
  return line.byImplementation.get(implementation)?.bytesPerSec?.payload ?? null;
}
