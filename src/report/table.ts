/** The summary as a person reads it at a glance. */
import { figureTable } from './figures.ts';
import { findingLines } from './findings.ts';
import { layGrid, type Paint, painter } from './grid.ts';
import { plainText, plainTexts, wrap } from './plain-text.ts';
import type { Summary, SummaryRow } from './summary.ts';
import { workloadLines } from './workload-lines.ts';

export interface TableOptions {
  /** Whether to colour; the caller knows about terminals and NO_COLOR. */
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Where the samples were saved; left out when they were not. */
  readonly savedPath?: string | null;
}

/** Columns of the names in the footer, gap included. */
const FOOTER_INDENT = 10;

/** The table, the comparisons of interest, and where it all comes from. Ends with a line break. */
export function renderSummary(summary: Summary, options: TableOptions): string {
  const plain = plainTexts(summary);
  const paint = painter(options.color);
  const sections = [
    ...figureSections(plain, options.width, paint),
    layGrid(findingLines(plain), { width: options.width, flexible: 'last' }, paint),
    footerLines(plain, options.savedPath ?? null).flatMap((line) =>
      wrap(line, options.width, ' '.repeat(FOOTER_INDENT)),
    ),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function figureSections(summary: Summary, width: number, paint: Paint): string[][] {
  if (!summary.workloads.some((row) => row.available)) {
    return [['Nothing was measured.'], unavailableNotes(summary).flatMap((note) => wrap(note, width))];
  }
  const { grid, notes } = figureTable(workloadLines(summary), width);
  return [
    layGrid(grid, { width, flexible: 'first' }, paint),
    [...notes, ...unavailableNotes(summary)].flatMap((note) => wrap(note, width)),
  ];
}

/** `– native is not available: no C compiler was found`, once for all workloads that it is true of. */
function unavailableNotes(summary: Summary): string[] {
  const describe = ({ implementation, reason }: SummaryRow) =>
    `– ${implementation} is not available: ${reason}`;
  return [...new Set(summary.workloads.filter((row) => !row.available).map(describe))];
}

/** Machine, runtime, run and file; then what the intervals do and do not say. */
function footerLines(summary: Summary, savedPath: string | null): string[] {
  const { settings, workloads, confidence } = summary;
  const measured = workloads.filter((row) => row.available);
  const facts: [name: string, value: string][] = [
    ['machine', machineText(summary)],
    ['runtime', [...new Set(measured.map((row) => row.runtime))].join(', ')],
    ['run', `${deviceText(settings)}seed ${settings.seed}${roundsText(measured)}`],
    ['saved', plainText(savedPath ?? '')],
  ];
  return [
    ...facts.filter(([, value]) => value !== '').map(([name, value]) => name.padEnd(FOOTER_INDENT) + value),
    ...(measured.length > 0 ? ['interval'.padEnd(FOOTER_INDENT) + caveat(measured, confidence)] : []),
  ];
}

function deviceText({ device, policy }: Summary['settings']): string {
  return device === null ? '' : `${device}, policy ${policy}, `;
}

function caveat(measured: readonly SummaryRow[], confidence: number): string {
  const share = `± is half of the ${Number((confidence * 100).toFixed(2))}% interval`;
  const most = Math.max(...measured.map(({ forkCount }) => forkCount));
  return most > 1
    ? `${share} over fresh processes, up to ${most} for each figure.`
    : `${share} of the median within one process. Fresh processes differ by a few percent more, so there is no verdict yet.`;
}

function machineText({ fingerprint }: Summary): string {
  const { cpuModel, coreCount, kernel } = fingerprint;
  const cores = coreCount === undefined || coreCount === null ? null : `${coreCount} cores`;
  return [cpuModel, cores, kernel]
    .filter((part) => part !== undefined && part !== null && part !== '')
    .join(', ');
}

function roundsText(measured: readonly SummaryRow[]): string {
  if (measured.length === 0) return '';
  const counts = measured.map((row) => row.roundCount);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return `, ${fewest === most ? fewest : `${fewest} to ${most}`} rounds`;
}
