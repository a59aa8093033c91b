/**
 * `barometer/samples/1`: what was measured, as it was measured. Nothing here is derived, so that any later
 * version, or any other tool, can draw its own conclusions.
 *
 * A document holds *series*: rounds of one arm that share all facts but their number, time and operations, in
 * three columns of equal length. Flat rows are one step away (pandas' `explode`), and two
 * documents are joined by putting their series one after the other.
 */
import { z } from 'zod';
import { LAYERS } from './layers.ts';

export const SAMPLES_SCHEMA = 'barometer/samples/1';

/** No clock is finer, and no round longer than 31 years: beyond, ratios of times would leave what a double can hold. */
export const MIN_DURATION_NS = 1e-9;
export const MAX_DURATION_NS = 1e18;

const count = z.int().nonnegative();
const bytesPerOp = z.number().nonnegative().nullable();
const word = z.string().min(1);

const armShape = {
  workload: word.describe('Name of the workload: "config-read/batch".'),
  params: z
    .record(z.string(), z.union([z.number(), z.string()]))
    .describe('Parameters of the workload; sizes and offsets in bytes, as their names say.'),
  implementation: word.describe(
    'Who answered the accesses: wasm, ts, native or noop; served for a device behind a socket.',
  ),
  runtime: word.describe('The runtime and its version: "node 26.10.0".'),
  build: word.describe('Which build of barometer was measured; equal for all of its implementations.'),
  layer: z
    .enum(LAYERS)
    .optional()
    .describe('Which part of the cost of others this arm shows; absent where it is a workload itself.'),
};

/** Which run of `runs` a record belongs to. */
const run = word.optional().describe('Id of the run, as in "runs"; absent where the document holds one run.');

const factsShape = {
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
  accessesPerOp: z
    .number()
    .nonnegative()
    .optional()
    .describe('Packed accesses that one operation walks over; absent where none are packed.'),
  callsPerOp: z
    .number()
    .nonnegative()
    .optional()
    .describe('Calls out of JavaScript for one operation; 0 where V8 can put the callee into the loop.'),
  overlap: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Of agents: share of a window in which all of them ran, the median of windows.'),
  startSkewNs: z
    .number()
    .nonnegative()
    .optional()
    .describe('Of agents: nanoseconds from the first start to the last one, the median of windows.'),
  windowsApart: count
    .optional()
    .describe('Of agents: windows that were left out, because they did not run together.'),
  fairness: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("Of agents: Jain's index of their rates, 1 where all are equal; the median of windows."),
  leastShare: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Of agents: the slowest rate over the fastest, the median of windows.'),
  loadOfferedBytesPerSec: z
    .number()
    .positive()
    .optional()
    .describe(
      'Of agents beside a load: bytes per second that its schedule asks for; nothing where it asks for all.',
    ),
  loadBytesPerSec: z
    .number()
    .min(0)
    .optional()
    .describe('Of agents beside a load: bytes per second that it has read, the median of windows.'),
  pinning: word.optional().describe('Of agents: the processors that they ran on, or why not on their own.'),
};

const seriesShape = {
  ...factsShape,
  round: z
    .array(count)
    .min(1)
    .describe('Number of each round; rounds with the same number were neighbours in time.'),
  durationNs: z
    .array(z.number().min(MIN_DURATION_NS).max(MAX_DURATION_NS))
    .describe('Duration of each round in nanoseconds.'),
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
  toolchain: word.optional().describe('What compiled the WebAssembly that was counted: "asc 0.28.20".'),
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
  device: word.nullable().describe('null where no device was measured, but modules of the user.'),
  policy: word.nullable(),
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
  runtimes: z
    .array(word)
    .min(1)
    .optional()
    .describe('Runtimes in the order in which they were named: others are held against the first.'),
};

export const seriesFactsSchema = z.object(factsShape);

export const seriesSchema = z
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

/** Series are checked one by one: a document may hold millions of rounds. */
export const headSchema = documentSchema.extend({ series: z.array(z.unknown()) });

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
export function armKey({ workload, params, implementation, runtime, build, layer }: Arm): string {
  const sortedParams = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = [workload, sortedParams, implementation, runtime, build];
  return JSON.stringify(layer === undefined ? parts : [...parts, layer]);
}

/** Whether a series holds steady rounds of a workload itself: no start, no layer of another row's cost. */
export function isSteadyRow({ phase, layer }: Pick<SampleSeries, 'phase' | 'layer'>): boolean {
  return phase === 'steady' && layer === undefined;
}

/** Names of records that say which run they belong to. */
export const RECORD_LISTS = ['series', 'unavailable', 'excluded', 'work', 'latencies'] as const;

/** JSON Schema (draft 2020-12) of the file, for those who read or write it with other tools. */
export function samplesJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(documentSchema), title: SAMPLES_SCHEMA };
}
