/** SQLite as Node brings it. */
import type { DatabaseSync } from 'node:sqlite';

/**
 * Opens the database at `path`, or returns null where this Node has no SQLite. Node 22 and 24 warn that the module
 * is experimental when it is first loaded; that is for developers and not for users.
 */
export function openDatabase(path: string): DatabaseSync | null {
  const { emitWarning } = process;
  process.emitWarning = (() => {}) as typeof emitWarning;
  try {
    const sqlite = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite') | undefined;
    return sqlite ? new sqlite.DatabaseSync(path) : null;
  } finally {
    process.emitWarning = emitWarning;
  }
}
