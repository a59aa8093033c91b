/** `barometer/summary/1`: what follows from samples. Derived, so it can be made again from any saved file. */
import {
  type Arm,
  armKey,
  type Exclusion,
  type Fingerprint,
  type Params,
  type SamplesDocument,
  type Settings,
  type Tier,
  type UnavailableArm,
} from '../results/samples.ts';
import { type BootstrapOptions, DEFAULT_CONFIDENCE, type Estimate } from '../stats/bootstrap.ts';
import { forkOf, nsPerOp } from '../stats/estimate.ts';
import type { Evidence } from '../types.ts';
import { type Comparison, compareArms, type SummaryOptions, summaryStream } from './comparisons.ts';
import { type Curve, curvesOf } from './growth.ts';
import { type LatencyNs, latenciesByArm } from './latency.ts';
import { armOf, type MeasuredArm, measuredArms } from './measured-arm.ts';
import { type PhaseSummary, summarizePhases } from './phases.ts';
import { type Sharing, sharingOf } from './sharing.ts';
import { type StackRow, stackRows } from './stack.ts';
import { type WorkComparison, workOfBuilds } from './work.ts';

export type { Comparison } from './comparisons.ts';

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
  /** Of single operations; null where they are too short to be timed one by one. */
  latencyNs: LatencyNs | null;
  /** How far agents ran together; absent where there were none. */
  sharing?: Sharing;
  /** Rounds that the figures rest on, and the processes that measured them. */
  roundCount: number;
  forkCount: number;
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
  /** Rows of agents that differ in footprint or number alone, where there are three or more. */
  curves: Curve[];
  /** What the figures do not rest on, and why. */
  excluded: readonly Exclusion[];
  /** What happens once in each process. */
  phases: PhaseSummary[];
  /** What the time of rows is made of, where that was measured. */
  stacks: StackRow[];
  /** Counted work of builds against the first one, free of noise. */
  work: WorkComparison[];
}

/**
 * Derives the summary of `samples`. Equal samples give an equal summary, bit for bit: intervals draw from
 * the seed of the run, each from a stream of its own.
 */
export function summarize(samples: SamplesDocument, options: SummaryOptions = {}): Summary {
  const { settings } = samples;
  const arms = measuredArms(samples.series);
  const latencies = latenciesByArm(samples.latencies ?? []);
  const workloads = [
    ...arms.map((arm) => {
      const key = armKey(arm);
      const row = measuredRow(arm, { ...options, random: summaryStream(settings, key) });
      return { ...row, latencyNs: latencies.get(key) ?? null };
    }),
    ...samples.unavailable.map(unavailableRow),
  ];
  return {
    schema: SUMMARY_SCHEMA,
    createdAt: samples.createdAt,
    fingerprint: samples.fingerprint,
    settings,
    confidence: options.confidence ?? DEFAULT_CONFIDENCE,
    workloads,
    comparisons: compareArms(arms, settings, options),
    curves: curvesOf(workloads),
    excluded: samples.excluded ?? [],
    phases: summarizePhases(samples, options),
    stacks: stackRows(samples, options),
    work: workOfBuilds(samples.work ?? []),
  };
}

function measuredRow(arm: MeasuredArm, options: BootstrapOptions): SummaryRow {
  const { evidence, payloadBytesPerOp, trafficBytesPerOp } = arm.series[0]!;
  const time = nsPerOp(arm.series, options);
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
    ...sharingOf(arm.series),
    roundCount: arm.series.reduce((sum, { round }) => sum + round.length, 0),
    forkCount: new Set(arm.series.map(forkOf)).size,
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
    forkCount: 0,
  };
}

/** The arm that `row` is of. */
export function armOfRow({ name, ...row }: SummaryRow): Arm {
  return armOf({ ...row, workload: name });
}

function rowHead({ workload, params, implementation, runtime, build }: Arm) {
  return { name: workload, params, implementation, runtime, build };
}

/** The one value that all entries share, or null. */
function only<T>(values: readonly T[]): T | null {
  return new Set(values).size === 1 ? values[0]! : null;
}
