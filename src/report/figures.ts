/** The main table: one line per workload and parameters, implementations side by side. */

import type { Verdict } from '../stats/verdict.ts';
import { formatDigits, formatNs } from '../units.ts';
import { fitGrid, type Layouts, underHeadings } from './fit.ts';
import type { Cell, GridLine, Style } from './grid.ts';
import { bytesNotes, isTopTier, referenceNotes, tierNotes } from './notes.ts';
import type { Comparison } from './summary.ts';
import { bytesCell, EMPTY, paddedInterval, timeCell } from './times.ts';
import { signLegend, verdictSign, verdictStyle } from './verdict-text.ts';
import { answeringImplementations, type WorkloadLine } from './workload-lines.ts';

interface Column {
  title: string;
  cell(line: WorkloadLine): Cell;
}

/** What the table says beyond the bare figures. */
interface Detail {
  /** Payload alone, or traffic beside it where it differs. */
  bytes: 'both' | 'payload' | 'none';
  ratioInterval: boolean;
  timeInterval: boolean;
  /** Implementations whose time over native's has a column. */
  overNative: readonly string[];
  /** How verdicts over native are said. */
  verdicts: 'words' | 'signs' | 'none';
  noop: boolean;
  faster: boolean;
}

const EVERYTHING: Detail = {
  bytes: 'both',
  ratioInterval: true,
  timeInterval: true,
  overNative: ['wasm', 'ts'],
  verdicts: 'words',
  noop: true,
  faster: true,
};
const RICH: Detail = { ...EVERYTHING, bytes: 'payload', ratioInterval: false };
const BRIEF: Detail = { ...RICH, timeInterval: false, verdicts: 'signs' };
const FIGURES: Detail = { ...BRIEF, bytes: 'none', overNative: [] };

const LAYOUTS: Layouts<Detail> = {
  details: [
    EVERYTHING,
    { ...EVERYTHING, bytes: 'payload' },
    RICH,
    { ...RICH, verdicts: 'signs' },
    { ...RICH, timeInterval: false },
    BRIEF,
    { ...BRIEF, overNative: ['wasm'] },
    { ...BRIEF, bytes: 'none' },
    { ...BRIEF, bytes: 'none', overNative: ['wasm'] },
  ],
  lastResorts: [FIGURES, { ...FIGURES, noop: false }, { ...FIGURES, noop: false, faster: false }],
};

/** The table in as much detail as `width` columns hold, and the footnotes that it needs. */
export function figureTable(
  lines: readonly WorkloadLine[],
  width: number,
): { grid: GridLine[]; notes: string[] } {
  const { detail, grid } = fitGrid(LAYOUTS, (given) => tableLines(lines, given), width);
  const implementations = answeringImplementations(lines);
  const rows = lines.flatMap(({ heading, label, byImplementation }) =>
    [...byImplementation.values()].map((row) => ({ heading, label, row })),
  );
  return {
    grid,
    notes: [
      ...(detail.verdicts === 'signs' ? signNotes(lines, detail) : []),
      ...tierNotes(rows),
      ...bytesNotes(rows, implementations, detail.bytes !== 'none'),
      ...referenceNotes(rows, detail.noop),
    ],
  };
}

function tableLines(lines: readonly WorkloadLine[], detail: Detail): GridLine[] {
  const overNative = lines.flatMap((line) => [...line.overNative.values()]);
  const columns = tableColumns(lines, hasVerdict(overNative) ? detail : { ...detail, verdicts: 'none' });
  const titles = ['', ...columns.map(({ title }) => title)].map((text): Cell => ({ text, style: 'dim' }));
  return [{ cells: titles }, ...underHeadings(lines, (line) => columns.map((column) => column.cell(line)))];
}

function tableColumns(lines: readonly WorkloadLine[], detail: Detail): Column[] {
  const implementations = answeringImplementations(lines);
  const columns: Column[] = implementations.map((name) => ({
    title: name,
    cell: (line) => implementationCell(line, name, detail),
  }));
  if (detail.noop && lines.some((line) => line.byImplementation.get('noop')?.available)) {
    columns.push({ title: 'noop', cell: noopCell });
  }
  columns.push(...bytesColumns(lines, implementations, detail));
  for (const name of detail.overNative) {
    if (lines.some(({ overNative }) => overNative.has(name))) {
      columns.push(...ratioColumns(`${name}/native`, detail, ({ overNative }) => overNative.get(name)));
    }
  }
  if (detail.faster) columns.push(...fasterColumns(lines, detail));
  return columns;
}

/** Payload, and traffic where it is another figure somewhere. */
function bytesColumns(
  lines: readonly WorkloadLine[],
  implementations: readonly string[],
  { bytes }: Detail,
): Column[] {
  const rowsOf = (line: WorkloadLine) => implementations.map((name) => line.byImplementation.get(name));
  const rates = lines.flatMap(rowsOf).flatMap((row) => row?.bytesPerSec ?? []);
  const payload: Column = { title: 'GB/s', cell: (line) => bytesCell(rowsOf(line), 'payload') };
  const traffic: Column = { title: 'traffic GB/s', cell: (line) => bytesCell(rowsOf(line), 'traffic') };
  if (bytes === 'none' || rates.length === 0) return [];
  const hasTraffic = rates.some((rate) => rate.traffic !== null && rate.traffic !== rate.payload);
  return bytes === 'both' && hasTraffic ? [payload, traffic] : [payload];
}

/** One process alone has measured where there is none. */
function hasVerdict(comparisons: readonly Comparison[]): boolean {
  return comparisons.some(({ verdict }) => verdict !== null);
}

/** Who is faster, by verdict; without any verdict the bare ratio, which claims nothing. */
function fasterColumns(lines: readonly WorkloadLine[], detail: Detail): Column[] {
  const comparisons = lines.flatMap(({ comparison }) => comparison ?? []);
  if (comparisons.length === 0) return [];
  if (!hasVerdict(comparisons)) {
    return ratioColumns('wasm/ts', { ...detail, verdicts: 'none' }, ({ comparison }) => comparison);
  }
  return [{ title: 'wasm or ts', cell: ({ comparison }) => fasterCell(comparison, detail) }];
}

function implementationCell(line: WorkloadLine, implementation: string, detail: Detail): Cell {
  const cell = timeCell(line.byImplementation.get(implementation), { interval: detail.timeInterval });
  return cell.style === undefined && implementation === fasterSide(line.comparison)
    ? { ...cell, style: 'green' }
    : cell;
}

function noopCell(line: WorkloadLine): Cell {
  const row = line.byImplementation.get('noop');
  if (!row?.nsPerOp) return EMPTY;
  return { text: `${isTopTier(row) ? '' : '*'}${formatNs(row.nsPerOp.estimate)}`, style: 'dim' };
}

/** `1.27×  slower`: how many times as long as the baseline it took, and what may be said of that. */
function ratioColumns(
  title: string,
  { verdicts, ratioInterval }: Detail,
  comparisonOf: (line: WorkloadLine) => Comparison | undefined,
): Column[] {
  const ratio: Column = {
    title,
    cell: (line) => {
      const comparison = comparisonOf(line);
      if (!comparison) return EMPTY;
      const interval = ratioInterval ? paddedInterval(comparison.ratio) : '';
      const sign = verdicts === 'signs' ? ` ${verdictSign(comparison.verdict)}` : '';
      const text = `${formatDigits(comparison.ratio.estimate)}×${interval}${sign}`;
      return verdicts === 'signs' ? { text, ...referenceStyle(comparison.verdict) } : { text };
    },
  };
  const words: Column = {
    title: '',
    cell: (line) => {
      const verdict = comparisonOf(line)?.verdict ?? null;
      return { text: verdict ?? '', align: 'left', ...referenceStyle(verdict) };
    },
  };
  return verdicts === 'words' ? [ratio, words] : [ratio];
}

/** Slower than the reference is what is expected: the colour of alarm is left to comparisons of builds. */
function referenceStyle(verdict: Verdict | null): { style?: Style } {
  return verdict === 'slower' ? {} : verdictStyle(verdict);
}

/** `wasm 1.27×`, or that neither is faster, or that this is not known. */
function fasterCell(comparison: Comparison | undefined, detail: Detail): Cell {
  if (!comparison) return EMPTY;
  const { ratio, verdict } = comparison;
  const interval = detail.ratioInterval ? paddedInterval(ratio) : '';
  const faster = fasterSide(comparison);
  if (!faster) return { text: `${verdict ?? 'no verdict'}${interval}`, ...verdictStyle(verdict) };
  return { text: `${faster} ${formatDigits(Math.max(ratio.estimate, 1 / ratio.estimate))}×${interval}` };
}

/** The side whose time is below the other's by verdict. */
function fasterSide(comparison: Comparison | undefined): string | null {
  if (comparison?.verdict === 'faster') return comparison.candidate.implementation;
  return comparison?.verdict === 'slower' ? comparison.baseline.implementation : null;
}

function signNotes(lines: readonly WorkloadLine[], { overNative }: Detail): string[] {
  const shown = lines.flatMap((line) => overNative.flatMap((name) => line.overNative.get(name) ?? []));
  if (shown.length === 0) return [];
  const legend = signLegend(
    shown.map(({ verdict }) => verdict),
    shown[0]!.margin,
  );
  return legend === '' ? [] : [`over native: ${legend}`];
}
