/**
 * Trials of barometer's own verdicts: one line of NDJSON for each run of an experiment, so that a long experiment can
 * be made in pieces.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';

export const TRIAL_SCHEMA = 'barometer/trial/1';
/** How every line begins. */
const HEAD = `{"schema":"${TRIAL_SCHEMA}"`;

const estimate = z.object({ estimate: z.number(), low: z.number(), high: z.number() });

const comparisonSchema = z.object({
  kind: z.string(),
  workload: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  candidate: z.string(),
  baseline: z.string(),
  ratio: estimate,
  verdict: z.enum(['faster', 'slower', 'same', 'inconclusive']).nullable(),
  forkCount: z.int().nonnegative(),
  /** Whether tinybench's users would have called the two different, by the rounds of the first fork, and of all. */
  tinybench: z
    .object({
      fork: z.object({ welch: z.boolean(), apart: z.boolean() }),
      all: z.object({ welch: z.boolean(), apart: z.boolean() }),
    })
    .nullable(),
});

const trialSchema = z.object({
  schema: z.literal(TRIAL_SCHEMA),
  experiment: z.string(),
  /** What sets apart lines of one experiment that must not be counted together: `hog`, `3%`. */
  variant: z.string(),
  createdAt: z.iso.datetime(),
  seed: z.int().nonnegative(),
  margin: z.number().positive(),
  looks: z.array(z.int().positive()).min(1),
  /** Wall time of the whole run, starts of processes included. */
  durationMs: z.number().positive(),
  comparisons: z.array(comparisonSchema),
});

export type Trial = z.infer<typeof trialSchema>;
export type TrialComparison = Trial['comparisons'][number];

/** Appends in one write. The folder is made where it is missing. */
export function appendTrial(path: string, trial: Trial): void {
  mkdirSync(dirname(path), { recursive: true });
  // A line that a crash cut off must not take the next one with it.
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const begin = text === '' || text.endsWith('\n') ? '' : '\n';
  appendFileSync(path, `${begin}${JSON.stringify(trial)}\n`);
}

/**
 * The trials at `path`, none where there is no file. A line that was cut off, the last of a process that was killed,
 * is left out: its trial is made anew.
 * @throws UsageError for a line that is whole and no trial
 */
export function readTrials(path: string): Trial[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line, i): Trial[] => {
    const value = parseJson(line);
    // Any end may have been cut off, a brace that closes something inside included.
    if (value === undefined && HEAD.startsWith(line.slice(0, HEAD.length))) return [];
    const result = trialSchema.safeParse(value);
    if (result.success) return [result.data];
    throw new UsageError(
      `${path}:${i + 1}: ${result.error.issues[0]!.message}; expected a trial of selftest`,
    );
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
