/** `barometer/summary/1`: what follows from samples. Derived, so it can be made again from any saved file. */
import { Random } from '../random.ts';
import { toRows } from '../results/rows.ts';
import {
  type Arm,
  armKey,
  type Fingerprint,
  type Params,
  type SampleSeries,
  type SamplesDocument,
  type Settings,
  type Tier,
  type UnavailableArm,
} from '../results/samples.ts';
import { type BootstrapOptions, DEFAULT_CONFIDENCE, type Estimate } from '../stats/bootstrap.ts';
import { nsPerOp, type TimedRound, timeRatio } from '../stats/estimate.ts';
import type { Evidence } from '../types.ts';
import { type ComparisonKind, type Pair, pairArms } from './pairs.ts';

export const SUMMARY_SCHEMA = 'barometer/summary/1';

/** The figures of one arm. An arm that this machine cannot run has none, and a `reason`. */
export interface SummaryRow {
  name: string;
  params: Params;
  implementation: string;
  runtime: string;
  build: string;
  evidence: Evidence;
  available: boolean;
  reason: string | null;
  /** 8 hex digits; null also where series of one arm disagree, as runs of different seeds do. */
  checksum: string | null;
  tier: Tier | null;
  nsPerOp: Estimate | null;
  opsPerSec: number | null;
  /** Payload is what an operation delivers, traffic what it reads and writes. */
  bytesPerSec: { payload: number | null; traffic: number | null } | null;
  /** No workload of this version records latencies one by one. */
  latencyNs: null;
  /** Rounds that the figures rest on. */
  roundCount: number;
}

export interface Comparison {
  kind: ComparisonKind;
  baseline: Arm;
  candidate: Arm;
  /** Candidate time over baseline time: below 1 is faster. */
  ratio: Estimate;
  /** Rounds compared one to one; 0 where the arms were not interleaved. */
  pairedRounds: number;
  /** One process cannot tell its own luck from a difference, so it gives no verdict. */
  verdict: null;
}

export interface Summary {
  schema: typeof SUMMARY_SCHEMA;
  createdAt: string;
  fingerprint: Fingerprint;
  settings: Settings;
  /** Share of intervals that are to hold the true value. */
  confidence: number;
  workloads: SummaryRow[];
  comparisons: Comparison[];
}

/** How intervals are drawn; unset fields as in `stats/`. */
export type SummaryOptions = Omit<BootstrapOptions, 'random'>;

/** Steady rounds of one arm, whatever series they were saved in. */
interface MeasuredArm extends Arm {
  series: SampleSeries[];
  rounds: TimedRound[];
}

/**
 * Derives the summary of `samples`. Equal samples give an equal summary, bit for bit: intervals draw from
 * the seed of the run, each from a stream of its own.
 */
export function summarize(samples: SamplesDocument, options: SummaryOptions = {}): Summary {
  const random = new Random(samples.settings.seed).fork('summary');
  const streamFor = (purpose: string): BootstrapOptions => ({ ...options, random: random.fork(purpose) });
  const arms = groupByArm(samples.series);
  return {
    schema: SUMMARY_SCHEMA,
    createdAt: samples.createdAt,
    fingerprint: samples.fingerprint,
    settings: samples.settings,
    confidence: options.confidence ?? DEFAULT_CONFIDENCE,
    workloads: [
      ...arms.map((arm) => measuredRow(arm, streamFor(armKey(arm)))),
      ...samples.unavailable.map(unavailableRow),
    ],
    comparisons: pairArms(arms).map((pair) => {
      const purpose = [pair.kind, armKey(pair.candidate), armKey(pair.baseline)].join(' ');
      return compare(pair, streamFor(purpose));
    }),
  };
}

/** Arms in the order in which they first appear. Only the steady phase is summed up; others are not comparable to it. */
function groupByArm(list: readonly SampleSeries[]): MeasuredArm[] {
  const arms = new Map<string, MeasuredArm>();
  for (const series of list) {
    if (series.phase !== 'steady') continue;
    const key = `${series.evidence} ${armKey(series)}`;
    const arm = arms.get(key) ?? { ...armOf(series), series: [], rounds: [] };
    arm.series.push(series);
    arm.rounds.push(...toRows(series));
    arms.set(key, arm);
  }
  return [...arms.values()];
}

function measuredRow(arm: MeasuredArm, options: BootstrapOptions): SummaryRow {
  const { evidence, payloadBytesPerOp, trafficBytesPerOp } = arm.series[0]!;
  const time = nsPerOp(arm.rounds, options);
  const opsPerSec = 1e9 / time.estimate;
  const perSec = (bytesPerOp: number | null) => (bytesPerOp === null ? null : bytesPerOp * opsPerSec);
  // noop moves nothing, whatever the workload would have moved.
  const hasBytes = arm.implementation !== 'noop' && (payloadBytesPerOp ?? trafficBytesPerOp) !== null;
  return {
    ...rowHead(arm),
    evidence,
    available: true,
    reason: null,
    checksum: only(arm.series.map((series) => series.checksum)),
    tier: only(arm.series.map((series) => series.tier)) ?? 'mixed',
    nsPerOp: time,
    opsPerSec,
    bytesPerSec: hasBytes ? { payload: perSec(payloadBytesPerOp), traffic: perSec(trafficBytesPerOp) } : null,
    latencyNs: null,
    roundCount: arm.rounds.length,
  };
}

function unavailableRow(arm: UnavailableArm): SummaryRow {
  return {
    ...rowHead(arm),
    evidence: 'measured',
    available: false,
    reason: arm.reason,
    checksum: null,
    tier: null,
    nsPerOp: null,
    opsPerSec: null,
    bytesPerSec: null,
    latencyNs: null,
    roundCount: 0,
  };
}

function compare({ kind, baseline, candidate }: Pair<MeasuredArm>, options: BootstrapOptions): Comparison {
  const { pairedRounds, ...ratio } = timeRatio(candidate.rounds, baseline.rounds, options);
  return { kind, baseline: armOf(baseline), candidate: armOf(candidate), ratio, pairedRounds, verdict: null };
}

function rowHead({ workload, params, implementation, runtime, build }: Arm) {
  return { name: workload, params, implementation, runtime, build };
}

/** The identity alone, without what else a row carries. */
function armOf({ workload, params, implementation, runtime, build }: Arm): Arm {
  return { workload, params, implementation, runtime, build };
}

/** The one value that all entries share, or null. */
function only<T>(values: readonly T[]): T | null {
  return new Set(values).size === 1 ? values[0]! : null;
}
