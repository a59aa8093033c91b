/**
 * An index beside a history, so that a question about one workload need not read years. It is derived: it may be
 * deleted, is made anew when the history is not the one that it was made of, and where it cannot be made, the
 * history itself is read.
 */
import { rmSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { entryKey, type HistoryEntry, type HistoryFile, readHistory } from './history.ts';
import { openDatabase } from './sqlite.ts';

/** Of the tables below. Another one makes the index stale. */
const VERSION = 1;
const BUSY_TIMEOUT_MS = 2000;
/** SQLITE_ERROR, as for tables of another shape, SQLITE_CORRUPT and SQLITE_NOTADB. */
const BROKEN = [1, 11, 26];

const TABLES = `
  CREATE TABLE IF NOT EXISTS state (stamp TEXT NOT NULL, problems TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS entry (
    position INTEGER PRIMARY KEY, run TEXT NOT NULL, workload TEXT NOT NULL, entry TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS entry_run ON entry (run);
  CREATE INDEX IF NOT EXISTS entry_workload ON entry (workload);
`;

/** Which entries are asked for; all of them unless given. */
export interface HistoryQuery {
  readonly runs?: readonly string[];
  readonly workloads?: readonly string[];
}

export function indexPath(historyPath: string): string {
  return `${historyPath}.sqlite`;
}

/** As `readHistory`, with the entries of a query alone. */
export function queryHistory(path: string, query: HistoryQuery = {}): HistoryFile {
  return withIndex(path, (database) => selected(database, query)) ?? filtered(readHistory(path), query);
}

/** Names of all workloads that the history knows, in the order of their first entry. */
export function historyWorkloads(path: string): string[] {
  const indexed = withIndex(path, (database) =>
    database
      .prepare('SELECT workload FROM entry GROUP BY workload ORDER BY MIN(position)')
      .all()
      .map(({ workload }) => String(workload)),
  );
  return indexed ?? [...new Set([...readHistory(path).entries.values()].map(({ workload }) => workload))];
}

/**
 * What `ask` makes of an index that is up to date; null where there can be none. An error of the history itself is the
 * caller's.
 */
function withIndex<T>(path: string, ask: (database: DatabaseSync) => T): T | null {
  // Of a history that cannot be read, the reason; and a device or pipe has no index.
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) return null;
  try {
    return askIndex(path, ask);
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    // A broken index is made anew, once; one that is locked, or cannot be written, is left alone.
    if (!BROKEN.includes(error.errcode) || !removed(path)) return null;
  }
  try {
    return askIndex(path, ask);
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    return null;
  }
}

/** @throws an error of SQLite's where the index is in the way */
function askIndex<T>(path: string, ask: (database: DatabaseSync) => T): T | null {
  const database = openDatabase(indexPath(path));
  if (!database) return null;
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec(TABLES);
    const stamp = stampOf(path);
    const state = database.prepare('SELECT stamp FROM state').get();
    if (state?.stamp !== stamp) rebuild(database, readHistory(path), stamp);
    return ask(database);
  } finally {
    database.close();
  }
}

function isSqliteError(error: unknown): error is Error & { errcode: number } {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

function removed(path: string): boolean {
  try {
    rmSync(indexPath(path));
    return true;
  } catch {
    return false;
  }
}

/** Changes with the file: a line appended, an edit, another file in its place. */
function stampOf(path: string): string {
  const { size, mtimeNs, ino } = statSync(path, { bigint: true });
  return JSON.stringify([VERSION, String(size), String(mtimeNs), String(ino)]);
}

function rebuild(database: DatabaseSync, { entries, problems }: HistoryFile, stamp: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec('DELETE FROM entry; DELETE FROM state');
    const insert = database.prepare('INSERT INTO entry (run, workload, entry) VALUES (?, ?, ?)');
    for (const entry of entries.values()) insert.run(entry.run, entry.workload, JSON.stringify(entry));
    database
      .prepare('INSERT INTO state (stamp, problems) VALUES (?, ?)')
      .run(stamp, JSON.stringify(problems));
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function selected(database: DatabaseSync, { runs, workloads }: HistoryQuery): HistoryFile {
  const isIn = (column: string, values: readonly string[] | undefined) =>
    values ? `${column} IN (SELECT value FROM json_each(?))` : '1';
  const rows = database
    .prepare(
      `SELECT entry FROM entry WHERE ${isIn('run', runs)} AND ${isIn('workload', workloads)} ORDER BY position`,
    )
    .all(
      ...[runs, workloads].filter((values) => values !== undefined).map((values) => JSON.stringify(values)),
    );
  const entries = rows.map((row) => JSON.parse(String(row.entry)) as HistoryEntry);
  const state = database.prepare('SELECT problems FROM state').get();
  return {
    entries: new Map(entries.map((entry) => [entryKey(entry), entry])),
    problems: JSON.parse(String(state?.problems)) as string[],
  };
}

function filtered({ entries, problems }: HistoryFile, { runs, workloads }: HistoryQuery): HistoryFile {
  const kept = [...entries].filter(
    ([, { run, workload }]) => (runs?.includes(run) ?? true) && (workloads?.includes(workload) ?? true),
  );
  return { entries: new Map(kept), problems };
}
