/**
 * What was measured, over the years: `barometer/history/1`, one JSON object a line for each run and arm. Lines are
 * appended and never changed. Of several lines of one run and arm the last one counts, as when a run was added before it
 * had ended. No line is added that knows less than the one before.
 */
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { schemaFault, UsageError } from '../errors.ts';
import { armKey } from './samples.ts';
import { createFolder, explain } from './store.ts';
import { textLines } from './text-lines.ts';

export const HISTORY_SCHEMA = 'barometer/history/1';
const LINE_START = `{"schema":"${HISTORY_SCHEMA}",`;
const FAMILY = /^barometer\/history\/\d+$/;

const fact = z.union([z.string(), z.number(), z.null()]);
const positive = z.number().positive();
export const entrySchema = z.looseObject({
  schema: z.literal(HISTORY_SCHEMA),
  run: z.string().min(1),
  createdAt: z.iso.datetime(),
  workload: z.string().min(1),
  params: z.record(z.string(), z.union([z.number(), z.string()])),
  implementation: z.string().min(1),
  runtime: z.string().min(1),
  build: z.string().min(1),
  /** Version of the source, where the run knew it. */
  commit: z.string().nullable(),
  evidence: z.enum(['measured', 'modelled', 'published']),
  tier: z.string(),
  nsPerOp: z.object({ estimate: positive, low: positive, high: positive }),
  forkCount: z.int().positive(),
  roundCount: z.int().positive(),
  /** Machine and device. Entries under other conditions are another series. */
  conditions: z.record(z.string(), fact),
});

export type HistoryEntry = z.infer<z.ZodObject<(typeof entrySchema)['shape'], z.core.$strip>>;

export interface HistoryFile {
  /** By `entryKey`, in the order of the file. */
  readonly entries: Map<string, HistoryEntry>;
  /** Lines that were cut off, and left out. */
  readonly problems: string[];
}

/** Equal for lines about the same run and arm. */
export function entryKey(entry: HistoryEntry): string {
  return JSON.stringify([entry.run, entry.evidence, armKey(entry)]);
}

/** Whether an entry rests on more than another one of the same run and arm: as the whole of a run does over its half. */
export function isFurther(entry: HistoryEntry, other: HistoryEntry): boolean {
  // One order, rounds before forks: two files cannot replace each other again and again.
  return entry.roundCount !== other.roundCount
    ? entry.roundCount > other.roundCount
    : entry.forkCount > other.forkCount;
}

/**
 * Reads the history at `path`. A line that a crash cut off is left out and named; anything else that is no entry makes
 * the file one of somebody else.
 * @throws UsageError for a foreign or newer file, and for one that cannot be read
 */
export function readHistory(path: string): HistoryFile {
  const entries = new Map<string, HistoryEntry>();
  const problems: string[] = [];
  let number = 0;
  try {
    for (const line of textLines(path)) {
      number++;
      if (line === '') continue;
      const entry = parseLine(line, `${path}:${number}`);
      if (entry) entries.set(entryKey(entry), entry);
      else problems.push(`${path}:${number}: cut off while it was written, and left out; add its run again`);
    }
  } catch (error) {
    throw readFailure(path, error);
  }
  return { entries, problems };
}

/** Null for a line that was cut off. */
function parseLine(line: string, place: string): HistoryEntry | null {
  const value = parseJson(line);
  if (value === undefined) {
    const isOurs = line.startsWith(LINE_START) || LINE_START.startsWith(line);
    if (isOurs) return null;
    throw new UsageError(
      `${place}: not a line of ${HISTORY_SCHEMA}; expected a file made by: barometer history add`,
    );
  }
  const found = (value as { schema?: unknown } | null)?.schema;
  if (typeof found === 'string' && found !== HISTORY_SCHEMA && FAMILY.test(found)) {
    throw new UsageError(
      `${place}: its schema is ${JSON.stringify(found)}; read it with the version of barometer that wrote it`,
    );
  }
  const result = entrySchema.safeParse(value);
  if (result.success) return value as HistoryEntry;
  throw new UsageError(
    `${place}: not a line of ${HISTORY_SCHEMA}: ${schemaFault(result.error, 'the line')}; ` +
      'expected a file made by: barometer history add',
  );
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function readFailure(path: string, error: unknown): unknown {
  if (error instanceof UsageError) return error;
  const { code, reason } = explain(error);
  const advice = code === 'ENOENT' ? '; barometer history add RESULTS starts one' : '';
  return new UsageError(`${path}: ${reason}; expected a history${advice}`);
}

/**
 * Appends `entries` in one write, creating file and folder. A line that a crash left without its end is ended first,
 * so that it spoils no other.
 * @throws UsageError where that cannot be done
 */
export function appendHistory(path: string, entries: readonly HistoryEntry[]): void {
  try {
    createFolder(dirname(path));
    const file = openSync(path, 'a+');
    try {
      const lines = entries.map((entry) => `${formatEntry(entry)}\n`).join('');
      writeAll(file, Buffer.from(endsInLine(file) ? lines : `\n${lines}`));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new UsageError(
      `could not add to the history ${path}: ${explain(error).reason}. Choose another with --file FILE`,
    );
  }
}

/** The schema comes first: by it a line is known that was cut off. */
function formatEntry({ schema, ...entry }: HistoryEntry): string {
  return JSON.stringify({ schema, ...entry });
}

function endsInLine(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 0x0a);
}

function writeAll(file: number, bytes: Buffer): void {
  let offset = 0;
  while (offset < bytes.length) offset += writeSync(file, bytes, offset);
}
