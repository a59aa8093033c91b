/** Workload modules as files: what can be said of one without running any of it. */
import { createHash } from 'node:crypto';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { basename, extname, isAbsolute } from 'node:path';
import { UsageError } from '../errors.ts';

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];
const TYPESCRIPT_EXTENSIONS = ['.ts', '.mts'];
const DIGEST_DIGITS = 12;

/**
 * Whether an argument means a file. Names and patterns of workloads hold slashes too (`config-read/*`), but they end
 * in no extension of a script and begin with no dot.
 */
export function isModuleArgument(argument: string): boolean {
  return /^\.{1,2}[/\\]/.test(argument) || isAbsolute(argument) || /\.[cm]?[jt]sx?$/i.test(argument);
}

/** Whether Node has to strip types from the file before it can run. */
export function isTypeScript(path: string): boolean {
  return TYPESCRIPT_EXTENSIONS.includes(extname(path));
}

/**
 * Looks at the file and does not run it.
 * @throws UsageError where there is no such file, or none that could be a module
 */
export function expectModuleFile(path: string): void {
  const expected = `expected a module with one of the extensions ${EXTENSIONS.join(', ')} that exports functions`;
  const found = statOf(path, expected);
  if (found.isDirectory()) throw new UsageError(`${path}: is a folder; ${expected}`);
  if (!found.isFile()) throw new UsageError(`${path}: is not a regular file; ${expected}`);
  if (!EXTENSIONS.includes(extname(path))) {
    throw new UsageError(`${path}: the extension is "${extname(path)}"; ${expected}`);
  }
}

function statOf(path: string, expected: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : `cannot be opened (${code})`;
    throw new UsageError(`${path}: ${reason}; ${expected}`);
  }
}

/**
 * Which version of a module was measured: its name and the digest of its text. What it imports is not in it.
 * @throws UsageError where the file cannot be read
 */
export function moduleBuild(path: string): string {
  expectModuleFile(path);
  try {
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
    return `${basename(path)} ${digest.slice(0, DIGEST_DIGITS)}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${path}: cannot be read (${code}); expected a file that this user may read`);
  }
}
