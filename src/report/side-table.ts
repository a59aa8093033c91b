/** The table of builds or runtimes against each other: a line a workload and implementation, and its verdict. */
import { fitGrid, type Layouts, underHeadings } from './fit.ts';
import type { Cell, GridLine } from './grid.ts';
import { bytesNotes, ELSEWHERE, tierNotes } from './notes.ts';
import type { SideLine, SidePair } from './sides.ts';
import { bytesCell, EMPTY, timeCell } from './times.ts';
import {
  formatRatio,
  formatRatioInterval,
  signLegend,
  verdictCell,
  verdictSign,
  verdictStyle,
} from './verdict-text.ts';

/** What a line says beyond times and their ratio. */
interface Detail {
  bytes: boolean;
  timeInterval: boolean;
  ratioInterval: boolean;
  verdicts: 'words' | 'signs';
  times: boolean;
}

const EVERYTHING: Detail = {
  bytes: true,
  timeInterval: true,
  ratioInterval: true,
  verdicts: 'words',
  times: true,
};
const PLAIN: Detail = { ...EVERYTHING, bytes: false, timeInterval: false, ratioInterval: false };

const LAYOUTS: Layouts<Detail> = {
  details: [
    EVERYTHING,
    { ...EVERYTHING, bytes: false },
    { ...EVERYTHING, bytes: false, timeInterval: false },
    PLAIN,
  ],
  lastResorts: [PLAIN, { ...PLAIN, verdicts: 'signs' }, { ...PLAIN, verdicts: 'signs', times: false }],
};

interface Column {
  title: string;
  cell(line: SideLine): Cell;
}

/** The table in as much detail as `width` columns hold, and the footnotes that it needs. */
export function sideTable(pair: SidePair, width: number): { grid: GridLine[]; notes: string[] } {
  const { detail, grid } = fitGrid(LAYOUTS, (given) => tableLines(pair, given), width);
  const { baseline, candidate, lines } = pair;
  const rows = lines.flatMap(({ heading, label, baseline: a, candidate: b }) =>
    [a, b].flatMap((row) => (row ? [{ heading, label, row }] : [])),
  );
  return {
    grid,
    notes: [
      ...(detail.verdicts === 'signs' ? signNotes(lines) : []),
      ...(detail.times ? [] : [`times: ${ELSEWHERE}`]),
      ...tierNotes(rows),
      ...bytesNotes(rows, [baseline.title, candidate.title], detail.bytes),
    ],
  };
}

function tableLines(pair: SidePair, detail: Detail): GridLine[] {
  const columns = tableColumns(pair, detail);
  const titles = ['', ...columns.map(({ title }) => title)].map((text): Cell => ({ text, style: 'dim' }));
  return [
    { cells: titles },
    ...underHeadings(pair.lines, (line) => columns.map((column) => column.cell(line))),
  ];
}

function tableColumns({ baseline, candidate, lines }: SidePair, detail: Detail): Column[] {
  const implementations = new Set(lines.map(({ implementation }) => implementation));
  const columns: Column[] = [];
  if (implementations.size > 1) {
    columns.push({ title: '', cell: ({ implementation }) => ({ text: implementation, align: 'left' }) });
  }
  if (detail.times) {
    const interval = { interval: detail.timeInterval };
    columns.push({ title: baseline.title, cell: (line) => timeCell(line.baseline, interval) });
    columns.push({ title: candidate.title, cell: (line) => timeCell(line.candidate, interval) });
  }
  const sidesOf = (line: SideLine) => [line.baseline, line.candidate];
  if (detail.bytes && lines.flatMap(sidesOf).some((row) => row?.bytesPerSec)) {
    columns.push({ title: 'GB/s', cell: (line) => bytesCell(sidesOf(line), 'payload') });
  }
  return [...columns, ...ratioColumns(`${candidate.title}/${baseline.title}`, detail)];
}

function ratioColumns(title: string, { ratioInterval, verdicts }: Detail): Column[] {
  const sign = (line: SideLine) =>
    verdicts === 'signs' ? ` ${verdictSign(line.comparison?.verdict ?? null)}` : '';
  const columns: Column[] = [
    {
      // Of long names the ratio says nothing that the two columns before it do not.
      title: title.length <= SHORT_TITLE ? title : 'ratio',
      cell: (line) =>
        line.comparison
          ? {
              text: formatRatio(line.comparison.ratio.estimate) + sign(line),
              ...(verdicts === 'signs' ? verdictStyle(line.comparison.verdict) : {}),
            }
          : EMPTY,
    },
  ];
  if (ratioInterval) {
    columns.push({
      title: '95%',
      cell: ({ comparison }) => (comparison ? { text: formatRatioInterval(comparison.ratio) } : EMPTY),
    });
  }
  if (verdicts === 'words') {
    columns.push({ title: '', cell: ({ comparison }) => verdictCell(comparison?.verdict ?? null) });
  }
  return columns;
}

const SHORT_TITLE = 5;

function signNotes(lines: readonly SideLine[]): string[] {
  const shown = lines.flatMap(({ comparison }) => comparison ?? []);
  if (shown.length === 0) return [];
  const legend = signLegend(
    shown.map(({ verdict }) => verdict),
    shown[0]!.margin,
  );
  return legend === '' ? [] : [legend];
}
