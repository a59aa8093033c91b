/** Samples from outside: checked before anyone relies on them. */
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { factsCheck } from './facts-check.ts';
import { RoundRegister } from './round-register.ts';
import {
  headSchema,
  MAX_DURATION_NS,
  MIN_DURATION_NS,
  RECORD_LISTS,
  SAMPLES_SCHEMA,
  type SampleSeries,
  type SamplesDocument,
  seriesSchema,
} from './samples.ts';

const SAMPLES_FAMILY = /^barometer\/samples\/\d+$/;

/**
 * Checks what was read from outside. Fields that this version does not know are kept.
 *
 * @param source where it came from, for messages: a path
 * @throws UsageError that says what was found, what was expected, and what to do
 */
export function parseSamples(value: unknown, source: string): SamplesDocument {
  expectSamplesSchema(value, source);
  const result = headSchema.safeParse(value);
  if (!result.success) throw invalid(source, result.error.issues[0]!);
  // The check changes nothing, so what was read is what was checked.
  const samples = value as SamplesDocument;
  const rounds = new RoundRegister();
  const isSeries = seriesCheck();
  for (const [i, series] of samples.series.entries()) {
    if (!isSeries(series)) throw invalid(source, issueOf(series, i));
    expectNewRounds(rounds, series, source);
  }
  expectKnownRuns(samples, source);
  return samples;
}

/**
 * A check whether values are valid series. It says what the schema says, without a verdict on each of some million
 * numbers from a library that words one for every field.
 */
export function seriesCheck(): (value: unknown) => value is SampleSeries {
  const hasFacts = factsCheck();
  return (value): value is SampleSeries => hasFacts(value) && hasColumns(value);
}

function hasColumns(value: unknown): boolean {
  const { round, durationNs, operations } = value as Record<string, unknown>;
  return (
    isColumn(round, (n) => Number.isSafeInteger(n) && n >= 0) &&
    isColumn(durationNs, (ns) => ns >= MIN_DURATION_NS && ns <= MAX_DURATION_NS) &&
    isColumn(operations, (n) => Number.isSafeInteger(n) && n > 0) &&
    round.length > 0 &&
    round.length === durationNs.length &&
    round.length === operations.length
  );
}

function isColumn(value: unknown, isValid: (entry: number) => boolean): value is number[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number' && isValid(entry));
}

/** What the schema says of a series that `isSeries` refuses. */
function issueOf(series: unknown, index: number): z.core.$ZodIssue {
  const { error } = seriesSchema.safeParse(series);
  const issue = error!.issues[0]!;
  return { ...issue, path: ['series', index, ...issue.path] };
}

function invalid(source: string, { path, message }: z.core.$ZodIssue): UsageError {
  return new UsageError(
    `${source}: not a valid ${SAMPLES_SCHEMA} document: ${z.core.toDotPath(path)}: ${message}. ` +
      'The file was edited or damaged; restore it or measure again with: barometer run',
  );
}

/** Tells a foreign or newer file apart before it is blamed for its details. */
function expectSamplesSchema(value: unknown, source: string): void {
  const found = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (found === SAMPLES_SCHEMA) return;
  const expected = `expected a file of samples (${SAMPLES_SCHEMA}) as saved by: barometer run --out FILE`;
  if (typeof found !== 'string')
    throw new UsageError(`${source}: no "schema" of barometer's in it; ${expected}`);
  const advice = SAMPLES_FAMILY.test(found)
    ? `written by another version of barometer; read it with that one, or `
    : '';
  throw new UsageError(`${source}: its schema is ${JSON.stringify(found)}; ${advice}${expected}`);
}

/** A round that counts twice would make an interval too narrow. */
export function expectNewRounds(rounds: RoundRegister, series: SampleSeries, source: string): void {
  const twice = rounds.add(series, source);
  if (!twice) return;
  const { workload, implementation, fork, block } = series;
  throw new UsageError(
    `${source}: round ${twice.round} of fork ${fork}, block ${block} of ${workload} (${implementation}) ` +
      'is there twice: expected each round once',
  );
}

/**
 * Every record belongs to one run: the one that it names, or the only one.
 * @throws UsageError that names the run and the record
 */
export function expectKnownRuns(samples: SamplesDocument, source: string): void {
  const ids = samples.runs?.map(({ id }) => id) ?? [];
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined)
    throw new UsageError(`${source}: run ${JSON.stringify(twice)} is there twice: expected each run once`);
  const known = new Set(ids);
  for (const list of RECORD_LISTS) {
    for (const [i, record] of (samples[list] ?? []).entries()) {
      if (record.run === undefined ? ids.length <= 1 : known.has(record.run)) continue;
      const found = record.run === undefined ? 'names no run' : `names run ${JSON.stringify(record.run)}`;
      throw new UsageError(
        `${source}: ${list}[${i}] ${found}; expected one of "runs": ${ids.map((id) => JSON.stringify(id)).join(', ') || 'there is none'}`,
      );
    }
  }
}
