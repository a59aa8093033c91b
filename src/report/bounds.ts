/** What barometer promises of its own speed, as ratios inside one run, held against samples. */
import { z } from 'zod';
import { BarometerError, schemaFault } from '../errors.ts';
import { Random } from '../random.ts';
import { isSteadyRow, type SampleSeries, type SamplesDocument } from '../results/samples.ts';
import { type Ratio, timeRatio } from '../stats/estimate.ts';

const side = z.strictObject({
  workload: z.string(),
  params: z.record(z.string(), z.union([z.number(), z.string()])),
  implementation: z.string(),
});

const ratio = z.strictObject({ candidate: side, baseline: side });

const bound = z.strictObject({
  claim: z.string(),
  ...ratio.shape,
  /** Median time of the candidate over that of the baseline. */
  atMost: z.number().positive(),
  /** The bound holds only where this ratio is above a value: on hosts whose memmove falls off, say. */
  when: ratio.extend({ above: z.number().positive() }).optional(),
});

const fileSchema = z.strictObject({ description: z.string(), bounds: z.array(bound).min(1) });

export type Bound = z.infer<typeof bound>;
type Side = z.infer<typeof side>;

/**
 * `held` and `missed` by the medians; `idle` where its condition does not arise on this host; `unmeasured` where an
 * arm is not in the samples.
 */
export type BoundVerdict = 'held' | 'missed' | 'idle' | 'unmeasured';

export interface BoundResult {
  readonly bound: Bound;
  readonly verdict: BoundVerdict;
  /** Null where it could not be measured. */
  readonly ratio: Ratio | null;
  /** Ratio that the bound's condition asks for. */
  readonly whenRatio: Ratio | null;
}

/**
 * @param source where the text came from, for messages: a path
 * @throws BarometerError that says where in the file something else was expected
 */
export function parseBounds(text: string, source: string): Bound[] {
  const result = fileSchema.safeParse(parseJson(text, source));
  if (result.success) return result.data.bounds;
  throw new BarometerError(`${source}: ${schemaFault(result.error, 'the file')}`);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BarometerError(`${source}: not JSON: ${(error as Error).message}`);
  }
}

/** Each bound with what the samples say of it. Ratios are paired by round where both sides were interleaved. */
export function checkBounds(bounds: readonly Bound[], samples: SamplesDocument): BoundResult[] {
  return bounds.map((bound) => {
    const whenRatio = bound.when ? ratioOf(bound.when, samples) : null;
    const ratio = ratioOf(bound, samples);
    return { bound, ratio, whenRatio, verdict: verdictOf(bound, ratio, whenRatio) };
  });
}

function verdictOf({ atMost, when }: Bound, ratio: Ratio | null, whenRatio: Ratio | null): BoundVerdict {
  if (!ratio || (when && !whenRatio)) return 'unmeasured';
  if (when && whenRatio!.estimate <= when.above) return 'idle';
  return ratio.estimate <= atMost ? 'held' : 'missed';
}

function ratioOf({ candidate, baseline }: z.infer<typeof ratio>, samples: SamplesDocument): Ratio | null {
  const [above, below] = [candidate, baseline].map((arm) => steadyRounds(arm, samples)) as [
    SampleSeries[],
    SampleSeries[],
  ];
  if (above.length === 0 || below.length === 0) return null;
  const purpose = `bound ${JSON.stringify([candidate, baseline])}`;
  return timeRatio(above, below, { random: new Random(samples.settings.seed).fork(purpose) });
}

/** Rounds of one arm in its first build: that of other builds is a question of its own. */
function steadyRounds(arm: Side, { series }: SamplesDocument): SampleSeries[] {
  const found = series.filter((one) => isSteadyRow(one) && isArm(arm, one));
  return found.filter(({ build, runtime }) => build === found[0]!.build && runtime === found[0]!.runtime);
}

function isArm({ workload, params, implementation }: Side, series: SampleSeries): boolean {
  if (series.workload !== workload || series.implementation !== implementation) return false;
  const names = new Set([...Object.keys(params), ...Object.keys(series.params)]);
  return [...names].every((name) => params[name] === series.params[name]);
}
