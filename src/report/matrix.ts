/** Patterns of two agents on each pair of processors: a square of figures. */
import { formatBytesPerSec, formatDigits, formatNs } from '../units.ts';
import type { Cell, GridLine } from './grid.ts';
import { armNamer, fullLabel } from './labels.ts';
import { isRoundTrip } from './sharing.ts';
import { armOfRow, type Summary, type SummaryRow } from './summary.ts';

/** Figures of one workload and arm, by pair of processors. */
export interface PairMatrix {
  readonly title: string;
  readonly rows: readonly SummaryRow[];
  /** Numbers, ascending. */
  readonly processors: readonly string[];
  readonly byPair: ReadonlyMap<string, SummaryRow>;
}

const PAIR = /^\d{1,6}-\d{1,6}$/;
/** A square of more has no reader. */
const MOST_PROCESSORS = 256;

/** None where no row is of a pair of processors. */
export function pairMatrices({ workloads, settings }: Summary): PairMatrix[] {
  const rows = workloads.filter(({ params }) => PAIR.test(String(params.processors)));
  const nameOf = armNamer(rows.map(armOfRow));
  const titleOf = (row: SummaryRow) => {
    const { processors: _, agents: __, ...params } = row.params;
    return `${fullLabel(row.name, params, settings)}, ${nameOf(armOfRow(row))}`;
  };
  return [...Map.groupBy(rows, titleOf)]
    .map(([title, members]) => ({ title, rows: members, ...pairsOf(members) }))
    .filter(({ processors }) => processors.length <= MOST_PROCESSORS);
}

function pairsOf(rows: readonly SummaryRow[]): Pick<PairMatrix, 'processors' | 'byPair'> {
  const byPair = new Map(rows.map((row) => [String(row.params.processors), row]));
  const processors = [...new Set([...byPair.keys()].flatMap((pair) => pair.split('-')))];
  return { processors: processors.sort((a, b) => Number(a) - Number(b)), byPair };
}

/** A square for each workload and arm; empty where no row is of a pair of processors. */
export function matrixGrid(summary: Summary): GridLine[] {
  return pairMatrices(summary).flatMap(square);
}

function square({ title, rows, processors, byPair }: PairMatrix): GridLine[] {
  const titles = ['', ...processors.map((processor) => `CPU ${processor}`)];
  return [
    {
      heading: { text: title, style: 'bold' },
      note: { text: unitOf(rows.find(({ available }) => available) ?? rows[0]!), style: 'dim' },
    },
    { cells: titles.map((text): Cell => ({ text, style: 'dim' })) },
    ...processors.map((first) => ({
      cells: [
        { text: `  CPU ${first}` },
        ...processors.map((second) => figureCell(first, second, byPair.get(`${first}-${second}`))),
      ],
    })),
  ];
}

function unitOf(row: SummaryRow): string {
  if (row.bytesPerSec?.payload) return 'first agent in the line, second in the column';
  return isRoundTrip(row) ? 'one way | round trip' : 'an operation';
}

function figureCell(first: string, second: string, row: SummaryRow | undefined): Cell {
  if (first === second) return { text: '·', style: 'dim' };
  if (!row?.nsPerOp) return { text: '–', style: 'dim' };
  const { nsPerOp, bytesPerSec } = row;
  if (bytesPerSec?.payload) return { text: formatBytesPerSec(bytesPerSec.payload) };
  if (!isRoundTrip(row)) return { text: formatNs(nsPerOp.estimate) };
  return { text: `${formatDigits(nsPerOp.estimate / 2)} | ${formatNs(nsPerOp.estimate)}` };
}
