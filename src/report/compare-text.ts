/** A comparison of two saved results as a person reads it: what changed, what is not known, and the rest in a line. */
import { formatNs } from '../units.ts';
import type { CompareSummary, SavedComparison } from './compare.ts';
import { exclusionTexts } from './exclusions.ts';
import { type Cell, type GridLine, layGrid, type Paint, painter } from './grid.ts';
import { armNamer, paramsLabel } from './labels.ts';
import { plainTexts, wrap } from './plain-text.ts';
import { armOfRow } from './summary.ts';
import type { TableOptions } from './table.ts';
import { formatMargin, formatRatio, formatRatioInterval, verdictCell } from './verdict-text.ts';
import { workLines } from './work.ts';

/** Arms that are named before the others are only counted. */
const NAMED_ARMS = 3;
const MISSING = 'A gate counts what the candidate lacks as inconclusive.';
const CAVEAT =
  'The two files were measured one after the other, so each ratio also holds whatever else differed between the two ' +
  'times: neighbours, clock, temperature. To keep that out, interleave both builds in one run: barometer ab A B';

/** Ends with a line break. */
export function renderComparison(summary: CompareSummary, { color, width }: TableOptions): string {
  const plain = plainTexts(summary);
  const paint = painter(color);
  const sections = [
    wrap(sidesText(plain), width),
    changedLines(plain, width, paint),
    workLines(plain.work, plain.settings).flatMap((line) => wrap(line, width)),
    undecidedLines(plain, width, paint),
    wrap(restText(plain), width),
    notes(plain).flatMap((note) => wrap(note, width)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** `old.json (2026-11-22, barometer 0.1.0 1f2e) to new.json (…): below 1 is faster` */
function sidesText({ baseline, candidate, comparisons }: CompareSummary): string {
  const describe = (side: 'baseline' | 'candidate', { source, createdAt }: CompareSummary['baseline']) => {
    const builds = [...new Set(comparisons.map((one) => one[side].build))];
    return `${source} (${createdAt.slice(0, 10)}, ${builds.length === 1 ? builds[0] : `${builds.length} builds`})`;
  };
  return `${describe('baseline', baseline)} to ${describe('candidate', candidate)}`;
}

function changedLines(summary: CompareSummary, width: number, paint: Paint): string[] {
  const changed = summary.comparisons.filter(({ verdict }) => verdict === 'slower' || verdict === 'faster');
  const title = `beyond ${formatMargin(summary.margin)}`;
  if (changed.length === 0) return [`Nothing is known to have changed ${title}.`];
  // What got slower comes first, the most of it on top.
  const ordered = changed.toSorted((a, b) => b.ratio.estimate - a.ratio.estimate);
  return section({ text: `Changed ${title}`, style: 'bold' }, ordered, summary, width, paint);
}

function undecidedLines(summary: CompareSummary, width: number, paint: Paint): string[] {
  const undecided = summary.comparisons.filter(({ verdict }) => verdict === 'inconclusive');
  if (undecided.length === 0) return [];
  const reasons = [...new Set(undecided.map(({ reason }) => reason).filter((reason) => reason !== null))];
  const more = undecided.some(({ reason }) => reason === null)
    ? ['The interval reaches over the margin: more forks make it narrower (--forks, --budget).']
    : [];
  return [
    ...section({ text: 'Not decided', style: 'bold' }, undecided, summary, width, paint),
    ...[...more, ...reasons.map((reason) => `${reason![0]!.toUpperCase()}${reason!.slice(1)}.`)].flatMap(
      (note) => wrap(note, width),
    ),
  ];
}

function section(
  heading: Cell,
  comparisons: readonly SavedComparison[],
  summary: CompareSummary,
  width: number,
  paint: Paint,
): string[] {
  const times = timesBySide(summary);
  const nameOf = armNamer(summary.comparisons.map(({ candidate }) => candidate));
  const lines: GridLine[] = comparisons.map((comparison) => ({
    cells: comparisonCells(comparison, nameOf(comparison.candidate), summary, times),
  }));
  return layGrid([{ heading }, ...lines], { width, flexible: 'first' }, paint);
}

type Times = ReadonlyMap<string, number>;

/** Nanoseconds per operation of each row, by its file, conditions and arm. */
function timesBySide({ workloads }: CompareSummary): Times {
  return new Map(
    workloads.map(({ name, source, conditions, nsPerOp, ...row }) => {
      return [rowKey(source, conditions, { ...row, workload: name }), nsPerOp!.estimate];
    }),
  );
}

function rowKey(
  source: string,
  conditions: SavedComparison['conditions'],
  { workload, params, implementation, runtime, build }: SavedComparison['baseline'],
): string {
  return JSON.stringify([source, conditions, workload, params, implementation, runtime, build]);
}

/** `  config-read/batch 4 B, header  wasm  1.42 ns  1.63 ns  1.148×  1.131 to 1.166  slower` */
function comparisonCells(
  comparison: SavedComparison,
  name: string,
  summary: CompareSummary,
  times: Times,
): Cell[] {
  const { baseline, candidate, ratio, verdict, conditions } = comparison;
  const time = ({ source }: { source: string }, arm: SavedComparison['baseline']) =>
    formatNs(times.get(rowKey(source, conditions, arm))!);
  const label = [candidate.workload, paramsLabel(candidate.params, summary.settings)];
  const machines = new Set(summary.comparisons.map((one) => JSON.stringify(one.conditions)));
  return [
    { text: `  ${label.filter(Boolean).join(' ')}` },
    { text: name, align: 'left' },
    { text: time(summary.baseline, baseline) },
    { text: time(summary.candidate, candidate) },
    { text: formatRatio(ratio.estimate) },
    { text: formatRatioInterval(ratio) },
    verdictCell(verdict),
    ...(machines.size > 1
      ? [
          {
            text: Object.values(conditions)
              .filter((fact) => fact !== null)
              .join(' '),
            align: 'left' as const,
          },
        ]
      : []),
  ];
}

/** `The other 63 of 75 are the same within ±1%.` */
function restText({ comparisons, margin }: CompareSummary): string {
  const same = comparisons.filter(({ verdict }) => verdict === 'same').length;
  const all = same === comparisons.length ? 'All' : String(same);
  return `${all} of ${comparisons.length} are the same within ${formatMargin(margin)}.`;
}

function notes(summary: CompareSummary): string[] {
  const differing = summary.comparisons.filter(({ sameAnswers }) => sameAnswers === false).length;
  const machines = new Set(summary.lone.map(({ source }) => source));
  return [
    ...(differing > 0
      ? [
          `Answers differ in ${differing}: there, both sides did not do the same work (another seed, or another behaviour).`,
        ]
      : []),
    ...loneText(summary, summary.baseline.source).map((text) => `${text} ${MISSING}`),
    ...loneText(summary, summary.candidate.source),
    ...[summary.baseline.source, summary.candidate.source].flatMap((source) => excludedText(summary, source)),
    ...(summary.commonRuns.length > 0
      ? ['Both files hold the same run: what is of it was compared with itself.']
      : []),
    ...[...machines].map(
      (source) =>
        `Some runs of ${source} are of a machine or device that the other file lacks; they were left out.`,
    ),
    CAVEAT,
  ];
}

/** `Only in old.json: region-copy 4 KiB wasm, … and 12 more.` */
function loneText({ unmatched, workloads, settings }: CompareSummary, source: string): string[] {
  const arms = unmatched.filter((arm) => arm.source === source);
  if (arms.length === 0) return [];
  const nameOf = armNamer(workloads.filter((row) => row.source === source).map(armOfRow));
  const names = arms
    .slice(0, NAMED_ARMS)
    .map((arm) => [arm.workload, paramsLabel(arm.params, settings), nameOf(arm)].filter(Boolean).join(' '));
  const more = arms.length > names.length ? ` and ${arms.length - names.length} more` : '';
  return [`Only in ${source}: ${names.join('; ')}${more}.`];
}

/** `Left out of old.json: 1 fork of region-copy 4 KiB: ended by SIGKILL.` */
function excludedText({ excluded, settings }: CompareSummary, source: string): string[] {
  const own = excluded.filter((exclusion) => exclusion.source === source);
  return exclusionTexts(own, settings).map((text) => `Left out of ${source}: ${text}.`);
}
