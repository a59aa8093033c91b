/** Samples on disk. A file is either there as a whole or not at all, whenever the process was killed. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BarometerError, UsageError } from '../errors.ts';
import { parseSamples } from './parse-samples.ts';
import type { SamplesDocument } from './samples.ts';

/** Samples could not be saved. They are still in memory: print them, then end with `exitCode`. */
export class SaveError extends BarometerError {
  readonly path: string;
  /** Error code of the operating system, such as `EACCES`; empty where there is none. */
  readonly code: string;

  constructor(path: string, cause: unknown) {
    const { code, reason } = explain(cause);
    super(`could not save the samples to ${path}: ${reason}. Choose another place with --out FILE`);
    this.path = path;
    this.code = code;
    this.cause = cause;
  }
}

/**
 * Saves `samples` at `path`, creating its folder. Synchronous on purpose: nothing may run between two
 * measurements while the disk is busy, and a save cannot overtake another.
 *
 * @throws SaveError with the path, the cause, and what to do
 */
export function saveSamples(path: string, samples: SamplesDocument): void {
  try {
    saveText(path, formatSamples(samples));
  } catch (cause) {
    throw new SaveError(path, cause);
  }
}

/** Saves `text` whole or not at all, creating its folder. Throws what the file system says. */
export function saveText(path: string, text: string): void {
  createFolder(dirname(path));
  const target = resolveTarget(path);
  if (target.replaceable) replaceFile(target.path, text);
  else writeFileSync(target.path, text);
}

/** Level by level: Node's own recursive mkdir never returns where a parent refuses children without being missing, as in /proc. */
export function createFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) createFolder(dirname(path));
  mkdirSync(path);
}

/**
 * Reads and checks the samples at `path`.
 * @throws UsageError when there is no such file, or it holds anything else than whole samples
 */
export function loadSamples(path: string): SamplesDocument {
  return parseSamples(readJson(path), path);
}

/**
 * Where a run that starts at `now` saves its samples: `results/2026-11-22T15-30-12.json` (UTC, and no colons,
 * which Windows refuses), or with a number behind it when that file is there already.
 */
export function resultsPath(now: Date, folder = 'results'): string {
  const stem = now.toISOString().slice(0, 19).replaceAll(':', '-');
  let path = join(folder, `${stem}.json`);
  for (let n = 2; existsSync(path); n++) path = join(folder, `${stem}-${n}.json`);
  return path;
}

/** JSON with one series a line: compact, and still readable and comparable line by line. */
export function formatSamples(samples: SamplesDocument): string {
  const fields = Object.entries(samples).map(([name, value]) => {
    const text = Array.isArray(value) ? formatLines(value) : JSON.stringify(value);
    return `  ${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}

function formatLines(items: readonly unknown[]): string {
  if (items.length === 0) return '[]';
  return `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
}

/** A link is followed, so that the file behind it is replaced, and not the link. */
function resolveTarget(path: string): { path: string; replaceable: boolean } {
  if (!existsSync(path)) return { path, replaceable: true };
  const stat = statSync(path);
  // A device such as /dev/null is written to; a rename would put a file in its place.
  return { path: realpathSync(path), replaceable: stat.isFile() };
}

/** Writes beside `path`, on the same file system, and puts the whole file in place in one step: rename(2). */
export function replaceFile(path: string, text: string): void {
  const temporary = join(dirname(path), `.barometer-${process.pid}.tmp`);
  try {
    const file = openSync(temporary, 'w');
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw cause;
  }
}

/**
 * @param expected what the file is to be, where that is not samples alone
 * @throws UsageError where there is no such file, or no JSON in it
 */
export function readJson(path: string, expected?: string): unknown {
  return parseJson(readText(path, expected), path, expected);
}

function readText(path: string, expected?: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code, reason } = explain(cause);
    const advice = code === 'ENOENT' ? '; barometer run saves one in results/' : '';
    throw new UsageError(`${path}: ${reason}; expected ${expected ?? `a file of samples${advice}`}`);
  }
}

function parseJson(text: string, path: string, expected?: string): unknown {
  try {
    // Editors on Windows put a byte order mark in front, which JSON does not allow.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const isCutOff = text.trimStart().startsWith('{') && failsAtEnd(text, error as SyntaxError);
    const found = text.trim() === '' ? 'it is empty' : isCutOff ? 'it is cut off' : 'it is not JSON';
    const samples = `a file of samples as saved by: barometer run --out ${basename(path)}`;
    throw new UsageError(`${path}: ${found}; expected ${expected ?? samples}`);
  }
}

/** Whether more text might have been JSON, by V8's message. */
function failsAtEnd(text: string, { message }: SyntaxError): boolean {
  const position = /at position (\d+)/.exec(message)?.[1];
  return /end of JSON input|Unterminated string/.test(message) || Number(position) >= text.trimEnd().length;
}

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file or folder',
  ENAMETOOLONG: 'the name is too long',
};

/** The cause in words, with the code that one can search for. */
export function explain(cause: unknown): { code: string; reason: string } {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const words = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return { code, reason: code in REASONS ? `${words} (${code})` : words };
}
