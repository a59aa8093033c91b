/** The main table: one line per workload and parameters, implementations side by side. */
import type { Estimate } from '../stats/bootstrap.ts';
import { formatDigits, formatNs, formatPercent } from '../units.ts';
import { type Cell, type GridLine, gridWidth } from './grid.ts';
import { bytesNotes, isTopTier, tierNotes } from './notes.ts';
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
}

/** From the richest on: what does not fit the width is left out in this order. */
const DETAILS: readonly Detail[] = [
  { bytes: true, ratioInterval: true, timeInterval: true },
  { bytes: true, ratioInterval: false, timeInterval: true },
  { bytes: true, ratioInterval: false, timeInterval: false },
  { bytes: false, ratioInterval: false, timeInterval: false },
];

const MISSING: Cell = { text: '–', style: 'dim' };
const EMPTY: Cell = { text: '' };
/** Columns of `±1.2%`, so that the figures before it line up. */
const INTERVAL_WIDTH = 5;

/** The table in as much detail as `width` columns hold, and the footnotes that it needs. */
export function figureTable(
  lines: readonly WorkloadLine[],
  width: number,
): { grid: GridLine[]; notes: string[] } {
  const tables = DETAILS.map((detail) => ({
    grid: tableLines(lines, detail),
    notes: [...tierNotes(lines), ...(detail.bytes ? bytesNotes(lines) : [])],
  }));
  return tables.find(({ grid }) => gridWidth(grid) <= width) ?? tables.at(-1)!;
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
  const columns: Column[] = [{ title: '', cell: ({ label }) => ({ text: `  ${label}` }) }];
  for (const name of implementations) {
    columns.push({ title: name, cell: (line) => timeCell(line, name, detail) });
  }
  if (lines.some((line) => line.byImplementation.get('noop')?.available)) {
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
  if (lines.some((line) => line.comparison)) {
    columns.push({ title: 'faster', cell: (line) => fasterCell(line, detail) });
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
