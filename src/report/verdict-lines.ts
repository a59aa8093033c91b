/** What the verdicts of a run come to, and what would decide those that are open. */
import { extentOf, mostOf } from '../stats/extent.ts';
import { forksToDecide } from '../stats/forks-needed.ts';
import { REASONS } from './comparisons.ts';
import type { Comparison, Summary } from './summary.ts';
import { formatMargin } from './verdict-text.ts';

/** More forks than anybody waits for; also the most that `--forks` takes. */
const MOST_FORKS = 1000;

/** What to know about the verdicts of `comparisons`, as sentences. Empty where nothing was compared. */
export function verdictNotes(comparisons: readonly Comparison[], summary: Summary): string[] {
  if (comparisons.length === 0) return [];
  const missing = comparisons.filter(({ verdict }) => verdict === null);
  const open = comparisons.filter(({ verdict }) => verdict === 'inconclusive');
  return [
    ...(missing.length < comparisons.length ? [marginNote(comparisons, summary)] : []),
    ...(missing.length > 0 ? [missingNote(missing.length, comparisons.length)] : []),
    ...openNotes(open),
  ];
}

/** `Within ±1% is the same; read at 97.5% to 99.6% confidence, since a run may look 4 times.` */
function marginNote(comparisons: readonly Comparison[], { settings }: Summary): string {
  const read = comparisons.flatMap(({ confidence }) => confidence ?? []);
  const [least, most] = extentOf(read).map((share) => percentText(share));
  const range = least === most ? least : `${least} to ${most}`;
  const looks = settings.looks?.length ?? 1;
  const why = looks > 1 ? `, since a run may look ${looks} times` : '';
  return `Within ${formatMargin(comparisons[0]!.margin)} is the same; read at ${range} confidence${why}.`;
}

/** `99.5%`. */
export function percentText(share: number): string {
  return `${Number((100 * share).toFixed(2))}%`;
}

function missingNote(missing: number, all: number): string {
  const which = missing === all ? 'None' : `None for ${missing} of ${all}`;
  return (
    `${which}: one process measured, and one process cannot tell its own luck from a difference. ` +
    'A larger --budget, with --forks above 1, gives more.'
  );
}

/** What each kind of open verdict would take. */
function openNotes(open: readonly Comparison[]): string[] {
  const heldBack = open.filter(({ reason }) => reason === REASONS.heldBack);
  const few = open.filter(({ reason }) => reason === REASONS.fewProcesses);
  const wide = open.filter((comparison) => !heldBack.includes(comparison) && !few.includes(comparison));
  const hopeful = wide.flatMap((comparison) => {
    const needed = forksFor(comparison);
    return needed === null ? [] : [{ needed, had: comparison.forkCount }];
  });
  const hopeless = wide.length - hopeful.length;
  return [
    ...(hopeful.length > 0 ? [hopefulNote(hopeful)] : []),
    ...(few.length > 0
      ? [
          `${few.length} inconclusive because ${REASONS.fewProcesses} are too often alike by chance; raise --budget ` +
            'and --forks.',
        ]
      : []),
    ...(hopeless > 0
      ? [
          `${hopeless} inconclusive, and ${MOST_FORKS} forks would not decide: too near the margin, or too noisy; ` +
            'another --margin might.',
        ]
      : []),
    ...(heldBack.length > 0
      ? [
          `${heldBack.length} inconclusive because chance alone shows as much in one of so many comparisons; raise ` +
            '--budget and --forks, or compare fewer workloads.',
        ]
      : []),
  ];
}

/** `2 inconclusive: about 30 forks instead of 8 would decide`: both numbers are the most of these comparisons. */
function hopefulNote(hopeful: readonly { readonly needed: number; readonly had: number }[]): string {
  const [needed, had] = [hopeful.map((one) => one.needed), hopeful.map((one) => one.had)];
  return (
    `${hopeful.length} inconclusive: about ${mostOf(needed)} forks instead of ${mostOf(had)} would decide; ` +
    'raise --budget and --forks.'
  );
}

function forksFor({ ratio, forkCount, margin, confidence }: Comparison): number | null {
  return confidence === null ? null : forksToDecide({ ratio, forkCount, margin, confidence }, MOST_FORKS);
}
