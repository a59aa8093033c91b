/**
 * `barometer/calibration/1`: what comparisons of identical arms came to on one machine, and so which differences
 * can be told there. Every figure is derived from such comparisons alone; `report/calibration.ts` says how.
 */
import { z } from 'zod';
import { schemaFault, UsageError } from '../errors.ts';
import { machineFacts } from './conditions.ts';
import type { Arm, Fingerprint } from './samples.ts';

export const CALIBRATION_SCHEMA = 'barometer/calibration/1';

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const facts = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

const verdictsSchema = z.looseObject({
  margin: z.number().positive(),
  same: count,
  inconclusive: count,
  faster: count,
  slower: count,
  falseShare: share.describe('Share of comparisons that came out faster or slower, though nothing differed.'),
  falseShareBound: share.describe('95 % upper bound of that share, one-sided.'),
  suiteRuns: count.describe('Runs of the whole suite.'),
  suiteRunsWithFalse: count.describe('Runs in which any verdict was false.'),
});

const limitsSchema = z.looseObject({
  comparisons: count,
  noiseFloor: z
    .number()
    .positive()
    .describe('Smallest margin, in steps of 0.1 %, at which 95 % of identical arms come out same.'),
  noiseFloorApart: z
    .number()
    .positive()
    .nullable()
    .describe('The same for two runs that are compared afterwards; null where there was one run.'),
  smallestEffect: z
    .number()
    .positive()
    .describe('Smallest slowdown or speed-up that is found with probability 90 %, at the wider margin.'),
});

const calibrationSchema = z.looseObject({
  schema: z.literal(CALIBRATION_SCHEMA),
  createdAt: z.iso.datetime().describe('Start, UTC.'),
  machine: facts.describe('What later runs must share for the figures to hold.'),
  fingerprint: facts,
  settings: z.looseObject({
    seed: count,
    margin: z.number().positive(),
    looks: z.array(z.int().positive()).min(1),
    budgetMs: z.number().positive(),
  }),
  interrupted: z.boolean(),
  atMargin: verdictsSchema.describe('Verdicts at the margin that was asked for.'),
  atFloor: verdictsSchema.describe('Verdicts at the noise floor of all workloads together.'),
  overall: limitsSchema,
  families: z.record(z.string(), limitsSchema).describe('By the first part of the name of a workload.'),
});

export type Calibration = z.infer<typeof calibrationSchema>;
export type VerdictCounts = z.infer<typeof verdictsSchema>;
export type Limits = z.infer<typeof limitsSchema>;

/**
 * @param source where the text came from, for messages: a path
 * @throws UsageError that says what else was expected
 */
export function parseCalibration(text: string, source: string): Calibration {
  const again = '`barometer calibrate` writes a new one';
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError(`${source}: is not JSON; expected a calibration. ${again}`);
  }
  const result = calibrationSchema.safeParse(parsed);
  if (result.success) return result.data;
  throw new UsageError(`${source}: ${schemaFault(result.error, 'the file')}. ${again}`);
}

/**
 * What two runs must share for a calibration made by the one to hold for the other. Load comes and goes, and the build
 * is what is compared.
 */
export function machineOf(fingerprint: Fingerprint, runtime: string): Fingerprint {
  const { kernel = null, governor = null } = fingerprint;
  return { ...machineFacts(fingerprint), kernel, governor, runtime };
}

/** The family that a workload is calibrated with: `config-read` of `config-read/batch`. */
export function familyOf({ workload, implementation }: Pick<Arm, 'workload' | 'implementation'>): string {
  return implementation === 'module' ? 'module' : workload.split('/')[0]!;
}
