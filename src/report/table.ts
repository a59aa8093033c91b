/** The summary as a person reads it at a glance. */
import { chosenStacks, phaseLines, stackGrid, stackLines, stackNotes } from './cost-lines.ts';
import { figureTable } from './figures.ts';
import { findingTable } from './findings.ts';
import { footerLines } from './footer.ts';
import { type Cell, type GridLine, gridWidth, layGrid, type Paint, painter } from './grid.ts';
import { growthGrid } from './growth-table.ts';
import { latencyTable } from './latency-lines.ts';
import { loadedLatencyGrid } from './loaded-latency.ts';
import { matrixGrid } from './matrix.ts';
import { plainTexts, textWidth, wrap } from './plain-text.ts';
import { sideTable } from './side-table.ts';
import { type Side, type SideKind, type SidePair, sideKinds, sidePairs } from './sides.ts';
import type { StackRow } from './stack.ts';
import type { Comparison, Summary, SummaryRow } from './summary.ts';
import { verdictCounts } from './verdict-text.ts';
import { workLines } from './work.ts';
import { workloadLines } from './workload-lines.ts';

export interface TableOptions {
  /** Whether to colour; the caller knows about terminals and NO_COLOR. */
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const INDENT = '  ';

/** Lines that belong together; sections are told apart by an empty line. */
type Section = string[];

/** What a report is about, and how it is to be laid out. */
interface Page {
  readonly summary: Summary;
  readonly width: number;
  readonly paint: Paint;
}

/** The tables, the comparisons of interest, and where it all comes from. Ends with a line break. */
export function renderSummary(summary: Summary, options: TableOptions): string {
  const page: Page = { summary: plainTexts(summary), width: options.width, paint: painter(options.color) };
  const kinds = sideKinds(page.summary);
  const sections = kinds.length > 0 ? sideSections(page, kinds) : mainSections(page);
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Of one build and runtime: implementations side by side. */
function mainSections(page: Page): Section[] {
  const { summary, width, paint } = page;
  const comparisons = summary.comparisons.filter(({ kind }) => kind === 'implementation');
  return [
    ...figureSections(page),
    layGrid(findingTable(summary, width), { width, flexible: 'first' }, paint),
    matrixSection(page),
    growthSection(page),
    loadSection(page),
    ...latencySections(page),
    ...costSections(page),
    footerLines(summary, { sides: [], comparisons }, width),
  ];
}

/** Of several builds or runtimes: those against each other. Implementations against each other are in the document. */
function sideSections(page: Page, kinds: readonly SideKind[]): Section[] {
  const { summary, width } = page;
  const pairs = kinds.flatMap((kind) => sidePairs(summary, kind));
  return [
    ...pairs.flatMap((pair) => pairSections(pair, page)),
    workLines(summary.work, summary.settings).flatMap((line) => wrap(line, width)),
    unavailableNotes(summary).flatMap((note) => wrap(note, width)),
    ...latencySections(page),
    ...costSections(page),
    footerLines(summary, { sides: namedSides(pairs), comparisons: pairs.flatMap(comparisonsOf) }, width),
  ];
}

function pairSections(pair: SidePair, page: Page): Section[] {
  const { width, paint } = page;
  const { grid, notes } = sideTable(pair, width);
  const counts = verdictCounts(comparisonsOf(pair).map(({ verdict }) => verdict));
  return [
    layGrid(grid, { width, flexible: 'first' }, paint),
    countLines(counts, page),
    notes.flatMap((note) => wrap(note, width)),
  ];
}

/** `1 slower, 40 same`, in colour where it is one line. */
function countLines(counts: readonly Cell[], { width, paint }: Page): Section {
  const text = counts.map((cell) => cell.text).join(', ');
  if (text === '') return [];
  return textWidth(text) <= width ? [counts.map(paint).join(', ')] : wrap(text, width);
}

function comparisonsOf({ lines }: SidePair): Comparison[] {
  return lines.flatMap(({ comparison }) => comparison ?? []);
}

/** Sides whose title is a letter: what it stands for goes below the table. */
function namedSides(pairs: readonly SidePair[]): Side[] {
  const sides = pairs.flatMap(({ baseline, candidate }) => [baseline, candidate]);
  const byTitle = new Map(sides.map((side) => [side.title, side]));
  return [...byTitle.values()].filter(({ title, names }) => names.some((name) => name !== title));
}

function figureSections({ summary, width, paint }: Page): Section[] {
  if (!summary.workloads.some((row) => row.available)) {
    return [['Nothing was measured.'], unavailableNotes(summary).flatMap((note) => wrap(note, width))];
  }
  return tableSections(figureTable(workloadLines(summary), width), unavailableNotes(summary), {
    summary,
    width,
    paint,
  });
}

function latencySections(page: Page): Section[] {
  return tableSections(latencyTable(page.summary, page.width), [], page);
}

function matrixSection({ summary, width, paint }: Page): Section {
  const lines = layGrid(matrixGrid(summary), { width, flexible: 'first' }, paint);
  return lines.length === 0 ? [] : [paint({ text: 'Pairs of processors', style: 'bold' }), ...lines];
}

function growthSection({ summary, width, paint }: Page): Section {
  const lines = layGrid(growthGrid(summary, width), { width, flexible: 'first' }, paint);
  const how =
    'time of an operation, of all agents together. Knee: of footprints the last one before the largest step, and its ' +
    'factor; of agents where more of them do no more, and how much more than the first these do';
  return lines.length === 0 ? [] : [paint({ text: 'Growth', style: 'bold' }), ...wrap(how, width), ...lines];
}

function loadSection({ summary, width, paint }: Page): Section {
  const lines = layGrid(loadedLatencyGrid(summary, width), { width, flexible: 'first' }, paint);
  const how =
    'percentiles of one operation, by probes that start on schedule: one that is late counts from when it was to start';
  return lines.length === 0
    ? []
    : [paint({ text: 'Latency under load', style: 'bold' }), ...wrap(how, width), ...lines];
}

/** What happens once in each process, and what the time of rows is made of, where that was measured. */
function costSections(page: Page): Section[] {
  const { summary, width } = page;
  const stacks = chosenStacks(summary.stacks);
  const left = summary.stacks.length - stacks.length;
  const { lines, notes } = stackBlock(stacks, page);
  const more = left > 0 ? [`What ${left} more times are made of is in the output of --json.`] : [];
  return [
    titled('Start of a process', linesBelow(phaseLines(summary.phases), width), page),
    titled('What the time is made of', lines, page),
    [...notes, ...more].flatMap((note) => wrap(note, width)),
  ];
}

function titled(title: string, lines: readonly string[], { paint }: Page): Section {
  return lines.length === 0 ? [] : [paint({ text: title, style: 'bold' }), ...lines];
}

/** A table where there is room for all of it, a line of text a row where there is not. */
function stackBlock(
  stacks: readonly StackRow[],
  { summary, width, paint }: Page,
): { lines: string[]; notes: string[] } {
  if (stacks.length === 0) return { lines: [], notes: [] };
  const grid = stackGrid(stacks, summary.settings);
  if (gridWidth(grid) > width) {
    return { lines: linesBelow(stackLines(stacks, summary.settings), width), notes: [] };
  }
  return { lines: layGrid(grid, { width, flexible: 'first' }, paint), notes: stackNotes(stacks) };
}

/** Lines below a title, each with its own continuation further in. */
function linesBelow(lines: readonly string[], width: number): string[] {
  return lines.flatMap((line) => wrap(line, width - INDENT.length).map((part) => INDENT + part));
}

function tableSections(
  { grid, notes }: { grid: GridLine[]; notes: string[] },
  more: readonly string[],
  { width, paint }: Page,
): Section[] {
  return [
    layGrid(grid, { width, flexible: 'first' }, paint),
    [...notes, ...more].flatMap((note) => wrap(note, width)),
  ];
}

/** `– native is not available: no C compiler was found`, once for all workloads that it is true of. */
function unavailableNotes(summary: Summary): string[] {
  const describe = ({ implementation, reason }: SummaryRow) =>
    `– ${implementation} is not available: ${reason}`;
  return [...new Set(summary.workloads.filter((row) => !row.available).map(describe))];
}
