/** What watched traffic found, as a person reads it. */
import { formatCount } from '../../units.ts';
import { columnLines } from '../columns.ts';
import type { CoverageRow, WatchedBugRow, WatchedRow } from './report.ts';

export function watchedLines(watched: readonly WatchedRow[]): string[] {
  if (watched.length === 0) return [];
  const head = ['', 'accesses', 'events', 'checks', 'violations', 'trace', ''];
  const rows = watched.map(({ setting, accesses, events, checks, violations, traceHash, repeats }) => [
    setting,
    accesses === null ? '–' : formatCount(accesses),
    formatCount(events),
    formatCount(Object.values(checks).reduce((sum, count) => sum + count, 0)),
    `${violations}`,
    traceHash ?? '–',
    repeats ? 'the same unwatched' : traceHash === null ? '' : 'NOT THE SAME UNWATCHED',
  ]);
  return [
    ...columnLines([head, ...rows], 1),
    ...watched.flatMap(({ violation, story }) =>
      violation === null ? [] : [violation, ...story.map((line) => `  ${line}`)],
    ),
  ];
}

export function coverageLines(coverage: readonly CoverageRow[]): string[] {
  const rows = coverage.map(({ table, pairs, seen }) => [table, `${seen} of ${pairs}`]);
  return [
    ...columnLines(rows, 1),
    ...coverage.flatMap(({ outOfReach }) =>
      outOfReach.map(({ pair, reason }) => `out of reach: ${pair}: ${reason}`),
    ),
    ...coverage.flatMap(({ unseen }) => unseen.map((pair) => `not seen: ${pair}`)),
  ];
}

export function watchedBugLines(bugs: readonly WatchedBugRow[]): string[] {
  if (bugs.length === 0) return [];
  const rows = bugs.map(({ bug, caughtBy, events, notDone }) => {
    if (caughtBy !== null) return [bug, `caught: ${caughtBy}`, `after ${formatCount(events)} events`];
    return notDone === null ? [bug, 'NOT CAUGHT', ''] : [bug, 'not done', notDone];
  });
  const caught = bugs.filter(({ caughtBy }) => caughtBy !== null).length;
  return [...columnLines(rows, 3), `${caught} of ${bugs.length} caught`];
}
