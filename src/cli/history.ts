/** `barometer history add|show`: results of many runs in one file that only grows. */
import { existsSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { TimesCollector } from '../report/arm-times.ts';
import { historyEntries } from '../report/history-entries.ts';
import { historySeries } from '../report/history-series.ts';
import { renderHistory, renderSeries } from '../report/history-text.ts';
import { jsonText } from '../report/json-text.ts';
import { plainText } from '../report/plain-text.ts';
import { appendHistory, entryKey, type HistoryEntry, isFurther } from '../results/history.ts';
import { HISTORY_SERIES_SCHEMA } from '../results/history-document.ts';
import { historyWorkloads, queryHistory } from '../results/history-index.ts';
import { readSamples } from '../results/read-samples.ts';
import { formatCount } from '../units.ts';
import { selectNames } from '../workload/catalog.ts';

export interface HistoryFlags {
  readonly file: string;
  readonly json?: boolean;
}

export interface HistoryIo {
  readonly stdout: { write(text: string): unknown };
  /** For people: what was left out. */
  readonly warn: (message: string) => void;
  readonly color: boolean;
  readonly width: number;
}

/** Messages of one kind before the others are only counted. */
const SHOWN_PROBLEMS = 3;

/**
 * Adds what `paths` hold, one line for each run and arm. What is there already, or further than what is added, stays:
 * a copy of a run that was made before its end takes nothing back.
 * @throws UsageError for bad input, and where the history cannot be written
 */
export function historyAdd(paths: readonly string[], flags: HistoryFlags, { stdout, warn }: HistoryIo): void {
  const measured = new Map<string, HistoryEntry>();
  for (const path of paths) {
    const { head, sink } = readSamples(path, () => new TimesCollector());
    const entries = historyEntries(head, sink);
    if (entries.length === 0) {
      throw new UsageError(
        `${path}: nothing was measured to its end in it; expected a run that was not ended at once`,
      );
    }
    for (const entry of entries) keepFurther(measured, entry);
  }
  const runs = [...new Set([...measured.values()].map(({ run }) => run))];
  const known = existsSync(flags.file) ? queryHistory(flags.file, { runs }) : null;
  reportProblems(known?.problems ?? [], warn);
  const fresh = [...measured].filter(([key, entry]) => {
    const old = known?.entries.get(key);
    return old === undefined || isFurther(entry, old);
  });
  if (fresh.length > 0) {
    appendHistory(
      flags.file,
      fresh.map(([, entry]) => entry),
    );
  }
  const replaced = fresh.filter(([key]) => known?.entries.has(key)).length;
  const counts = { added: fresh.length - replaced, replaced, known: measured.size - fresh.length };
  stdout.write(flags.json ? jsonText({ file: flags.file, ...counts }) : addedText(counts, flags.file));
}

function keepFurther(measured: Map<string, HistoryEntry>, entry: HistoryEntry): void {
  const key = entryKey(entry);
  const other = measured.get(key);
  if (other === undefined || isFurther(entry, other)) measured.set(key, entry);
}

function addedText(
  { added, replaced, known }: Record<'added' | 'replaced' | 'known', number>,
  file: string,
): string {
  const parts = [
    `${counted(added, 'arm')} added`,
    ...(replaced > 0 ? [`${formatCount(replaced)} measured further, which replace what was there`] : []),
    ...(known > 0 ? [`${formatCount(known)} there already`] : []),
  ];
  return `${plainText(`${file}: ${parts.join(', ')}`)}\n`;
}

/**
 * Prints a line for each series of the history, or all points of those that the patterns name.
 * @throws UsageError for a history that is none, and for a pattern that names nothing
 */
export function historyShow(patterns: readonly string[], flags: HistoryFlags, io: HistoryIo): void {
  const advice = '`barometer history show` without a name shows them all';
  const workloads =
    patterns.length > 0 ? [...selectNames(historyWorkloads(flags.file), patterns, advice)] : undefined;
  const { entries, problems } = queryHistory(flags.file, workloads ? { workloads } : {});
  reportProblems(problems, io.warn);
  const series = historySeries(entries.values());
  if (flags.json) {
    io.stdout.write(jsonText({ schema: HISTORY_SERIES_SCHEMA, file: flags.file, series }));
  } else if (series.length === 0) {
    io.stdout.write(`${plainText(flags.file)} is empty; barometer history add RESULTS adds to it\n`);
  } else {
    io.stdout.write(workloads ? renderSeries(series, io) : renderHistory(series, io));
  }
}

function reportProblems(problems: readonly string[], warn: (message: string) => void): void {
  for (const problem of problems.slice(0, SHOWN_PROBLEMS)) warn(problem);
  if (problems.length > SHOWN_PROBLEMS) warn(`and ${problems.length - SHOWN_PROBLEMS} more such lines`);
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
