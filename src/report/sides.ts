/** What is held against each other in a run of several builds or runtimes: its sides, and the lines of their tables. */
import { armKey } from '../results/samples.ts';
import { buildName, type RowPlace, rowPlaces } from './labels.ts';
import { textWidth } from './plain-text.ts';
import { armOfRow, type Comparison, type Summary, type SummaryRow } from './summary.ts';

export type SideKind = 'build' | 'runtime';
const SIDE_KINDS: readonly SideKind[] = ['build', 'runtime'];

export interface Side {
  /** What stands above its column. */
  title: string;
  /** All that is known of it; more than one build where implementations are built differently. */
  names: string[];
}

/** One workload and implementation, on the baseline's side and on the candidate's. */
export interface SideLine extends RowPlace {
  implementation: string;
  baseline: SummaryRow | undefined;
  candidate: SummaryRow | undefined;
  comparison: Comparison | undefined;
}

/** A candidate over the baseline. */
export interface SidePair {
  baseline: Side;
  candidate: Side;
  /** As measured. */
  lines: SideLine[];
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Names that are longer stand below the table, and a letter for them above it. */
const LONGEST_TITLE = 16;

/** The kinds of sides that `summary` has comparisons of. */
export function sideKinds({ comparisons }: Summary): SideKind[] {
  return SIDE_KINDS.filter((kind) => comparisons.some((one) => one.kind === kind));
}

/** Each other side over the first. */
export function sidePairs(summary: Summary, kind: SideKind): SidePair[] {
  const rows = summary.workloads.filter(
    ({ available, implementation }) => available && implementation !== 'noop',
  );
  const bySide = Map.groupBy(rows, (row) => sideKey(row[kind]));
  const sides = namedSides([...bySide], kind);
  const comparisons = new Map(
    summary.comparisons.filter((one) => one.kind === kind).map((one) => [armKey(one.candidate), one]),
  );
  const placeOf = rowPlaces(rows, summary.settings);
  const [baseline, ...candidates] = sides;
  return candidates.map((candidate) => {
    const members = [...bySide.get(baseline!.key)!, ...bySide.get(candidate.key)!];
    const lines = [...Map.groupBy(members, (row) => lineKey(row, kind)).values()].map((both): SideLine => {
      const on = (key: string) => both.find((row) => sideKey(row[kind]) === key);
      const own = on(candidate.key);
      const comparison = own && comparisons.get(armKey(armOfRow(own)));
      return {
        ...placeOf(both[0]!),
        implementation: both[0]!.implementation,
        baseline: on(baseline!.key),
        candidate: own,
        comparison:
          comparison && sideKey(comparison.baseline[kind]) === baseline!.key ? comparison : undefined,
      };
    });
    return { baseline: baseline!.side, candidate: candidate.side, lines };
  });
}

interface KeyedSide {
  key: string;
  side: Side;
}

function namedSides(bySide: readonly [key: string, rows: SummaryRow[]][], kind: SideKind): KeyedSide[] {
  const areShort = bySide.every(([key]) => textWidth(key) <= LONGEST_TITLE);
  return bySide.map(([key, rows], i) => {
    const names = [...new Set(rows.map((row) => buildName(row[kind]).name))];
    return { key, side: { title: areShort ? key : letterOf(i), names } };
  });
}

/** The letter of a build that has one, or all of the name. */
function sideKey(name: string): string {
  return buildName(name).letter ?? name;
}

/** A to Z, then A2: columns of a table that nobody will make by hand, but merged files can. */
function letterOf(index: number): string {
  const round = Math.floor(index / LETTERS.length);
  return LETTERS[index % LETTERS.length]! + (round > 0 ? round + 1 : '');
}

/** Equal for rows that differ in their side alone. */
function lineKey(row: SummaryRow, kind: SideKind): string {
  return armKey({ ...armOfRow(row), [kind]: '' });
}
