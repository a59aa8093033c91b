/**
 * `barometer/samples/1`: what was measured, as it was measured. Nothing here is derived, so that any later
 * version, or any other tool, can draw its own conclusions.
 *
 * A document holds *series*: rounds of one arm that share all facts but their number, time and operations, in
 * three columns of equal length. Flat rows are one step away (`rows.ts`, or pandas' `explode`), and two
 * documents are joined by putting their series one after the other.
 */
import { z } from 'zod';
import { UsageError } from '../errors.ts';

export const SAMPLES_SCHEMA = 'barometer/samples/1';
const SAMPLES_FAMILY = /^barometer\/samples\/\d+$/;

const count = z.int().nonnegative();
const bytesPerOp = z.number().nonnegative().nullable();
const word = z.string().min(1);

const armShape = {
  workload: word.describe('Name of the workload: "config-read/batch".'),
  params: z
    .record(z.string(), z.union([z.number(), z.string()]))
    .describe('Parameters of the workload; sizes and offsets in bytes, as their names say.'),
  implementation: word.describe('Who answered the accesses: wasm, ts, native or noop.'),
  runtime: word.describe('The runtime and its version: "node 26.10.0".'),
  build: word.describe('Which build of barometer was measured; equal for all of its implementations.'),
};

/** Which run of `runs` a record belongs to. */
const run = word.optional().describe('Id of the run, as in "runs"; absent where the document holds one run.');

const seriesShape = {
  ...armShape,
  run,
  evidence: z.enum(['measured', 'modelled', 'published']),
  fork: count.describe('Number of the process that measured; 0 where there was one.'),
  block: count.describe('Arms measured in turn, round by round, have the same block.'),
  phase: z
    .enum(['compile', 'instantiate', 'first', 'steady'])
    .describe('steady: warmed up, the rate is flat; the others happen once a fork.'),
  tier: z
    .enum(['turbofan', 'liftoff', 'maglev', 'interpreter', 'native', 'mixed'])
    .describe('Compiler tier that the measured code ran in.'),
  checksum: z
    .string()
    .regex(/^[0-9a-f]{8}$/, 'expected 8 hex digits')
    .describe('Checksum over all answers.'),
  payloadBytesPerOp: bytesPerOp.describe('Bytes that one operation delivers; null where bytes mean nothing.'),
  trafficBytesPerOp: bytesPerOp.describe('Bytes that one operation reads plus those that it writes.'),
  round: z
    .array(count)
    .min(1)
    .describe('Number of each round; rounds with the same number were neighbours in time.'),
  durationNs: z.array(z.number().positive()).describe('Duration of each round in nanoseconds.'),
  operations: z.array(z.int().positive()).describe('Operations that each round performed.'),
};

const unavailableShape = {
  ...armShape,
  run,
  reason: word.describe('Why this machine cannot run the implementation.'),
};

const excludedShape = {
  ...armShape,
  run,
  fork: count,
  block: count,
  rounds: count.describe('Rounds that were measured and left out; 0 where none was measured.'),
  reason: word.describe('Why.'),
};

const workShape = {
  ...armShape,
  run,
  operations: z.int().positive().describe('Operations of the pass that was counted.'),
  counts: z
    .record(z.string(), z.int().nonnegative())
    .describe('Work of one pass, counted exactly: wasmLoads, wasmStores, tsBlocks and others.'),
};

const latencyShape = {
  ...armShape,
  run,
  fork: count,
  count: count.describe('Latencies recorded.'),
  histogram: z
    .string()
    .describe('Latencies of single operations in nanoseconds: HdrHistogram V2, compressed, base64.'),
};

const settingsShape = {
  seed: count,
  device: word,
  policy: word,
  suite: word.nullable().describe('null where workloads were named one by one.'),
  budgetMs: z
    .number()
    .positive()
    .nullable()
    .describe('Time that the whole run was given; null for no limit.'),
  margin: z
    .number()
    .positive()
    .optional()
    .describe('Share within which a ratio counts as the same: 0.01 is 1 %.'),
  looks: z
    .array(z.int().positive())
    .min(1)
    .optional()
    .describe('Numbers of forks after which verdicts were to be read, ascending; fixed before the run.'),
};

const seriesSchema = z
  .looseObject(seriesShape)
  .refine(
    ({ round, durationNs, operations }) =>
      round.length === durationNs.length && round.length === operations.length,
    { error: 'round, durationNs and operations differ in length: expected one entry each per round' },
  );

/** What belongs to a run as a whole. */
const runHead = {
  createdAt: z.iso.datetime().describe('Start of the run, UTC.'),
  settings: z.looseObject(settingsShape),
  fingerprint: z
    .record(z.string(), z.union([z.string(), z.number(), z.null()]))
    .describe('Identity of machine, runtime, flags and build.'),
};
const runShape = { id: word.describe('Unique to the run.'), ...runHead };

const documentSchema = z.looseObject({
  schema: z.literal(SAMPLES_SCHEMA),
  ...runHead,
  runs: z
    .array(z.looseObject(runShape))
    .min(1)
    .optional()
    .describe('The runs that the samples come from; what stands beside it repeats the first one.'),
  series: z.array(seriesSchema),
  unavailable: z
    .array(z.looseObject(unavailableShape))
    .describe('Arms that were asked for and could not run.'),
  excluded: z
    .array(z.looseObject(excludedShape))
    .optional()
    .describe('Forks and rounds that the series do not hold, and why.'),
  work: z.array(z.looseObject(workShape)).optional().describe('Counters of work, free of noise.'),
  latencies: z.array(z.looseObject(latencyShape)).optional().describe('Histograms of single operations.'),
});

/** The fields of a shape that this version knows. Others are kept as they came, but nobody here may rely on them. */
type Known<Shape extends z.ZodRawShape> = z.infer<z.ZodObject<Shape, z.core.$strip>>;

/** One side of a comparison: what was run, and by whom. */
export type Arm = Known<typeof armShape>;
/** Rounds of one arm that share all facts but their number, time and operations. */
export type SampleSeries = Known<typeof seriesShape>;
export type UnavailableArm = Known<typeof unavailableShape>;
/** Forks and rounds that the series do not hold. */
export type Exclusion = Known<typeof excludedShape>;
export type WorkCount = Known<typeof workShape>;
export type LatencyRecord = Known<typeof latencyShape>;
/** A run as a whole, without what it measured. */
export type Run = Known<typeof runShape> & { settings: Settings };
export type Params = Arm['params'];
export type Tier = SampleSeries['tier'];
export type Phase = SampleSeries['phase'];
/** How the run was set up. Commands add settings of their own. */
export type Settings = Known<typeof settingsShape> & { readonly [name: string]: unknown };
export type Fingerprint = Record<string, string | number | null>;

export interface SamplesDocument {
  schema: typeof SAMPLES_SCHEMA;
  createdAt: string;
  settings: Settings;
  fingerprint: Fingerprint;
  runs?: Run[] | undefined;
  series: SampleSeries[];
  unavailable: UnavailableArm[];
  excluded?: Exclusion[] | undefined;
  work?: WorkCount[] | undefined;
  latencies?: LatencyRecord[] | undefined;
}

/** Equal for equal arms, whatever the order of their parameters. */
export function armKey({ workload, params, implementation, runtime, build }: Arm): string {
  const sortedParams = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([workload, sortedParams, implementation, runtime, build]);
}

/**
 * Checks what was read from outside. Fields that this version does not know are kept.
 *
 * @param source where it came from, for messages: a path
 * @throws UsageError that says what was found, what was expected, and what to do
 */
export function parseSamples(value: unknown, source: string): SamplesDocument {
  expectSamplesSchema(value, source);
  const result = documentSchema.safeParse(value);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new UsageError(
      `${source}: not a valid ${SAMPLES_SCHEMA} document: ${z.core.toDotPath(path)}: ${message}. ` +
        'The file was edited or damaged; restore it or measure again with: barometer run',
    );
  }
  const samples: SamplesDocument = result.data;
  expectDistinctRounds(samples.series, source);
  return samples;
}

/** JSON Schema (draft 2020-12) of the file, for those who read or write it with other tools. */
export function samplesJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(documentSchema), title: SAMPLES_SCHEMA };
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
function expectDistinctRounds(list: readonly SampleSeries[], source: string): void {
  const seen = new Set<string>();
  for (const series of list) {
    const place = `${armKey(series)} ${series.run} ${series.phase} ${series.fork} ${series.block}`;
    for (const round of series.round) {
      const key = `${place} ${round}`;
      if (seen.has(key)) {
        throw new UsageError(
          `${source}: round ${round} of fork ${series.fork}, block ${series.block} of ${series.workload} ` +
            `(${series.implementation}) is there twice: expected each round once`,
        );
      }
      seen.add(key);
    }
  }
}
