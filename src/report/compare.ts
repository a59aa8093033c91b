/** `barometer/summary/1` of two saved results: each arm of the one over the same arm of the other. */
import { UsageError } from '../errors.ts';
import type { Conditions } from '../results/conditions.ts';
import { runsOf } from '../results/runs.ts';
import {
  type Arm,
  armKey,
  type Exclusion,
  type Fingerprint,
  type SamplesDocument,
  type Settings,
  type WorkCount,
} from '../results/samples.ts';
import { benjaminiHochberg } from '../stats/benjamini-hochberg.ts';
import { DEFAULT_CONFIDENCE, type Estimate } from '../stats/bootstrap.ts';
import { difference, intervalOf, type Location, levelBeyond } from '../stats/fork-bootstrap.ts';
import { FEWEST_FORKS_TO_DECIDE } from '../stats/looks.ts';
import { logMargin, type Verdict, verdictOf } from '../stats/verdict.ts';
import { type ArmLevel, estimateAt, levelOf } from './arm-level.ts';
import type { TimesCollector } from './arm-times.ts';
import { REASONS } from './comparisons.ts';
import { type ArmPair, pairSameArms } from './same-arms.ts';
import { type GroupedSide, groupRuns, type RunGroup, shareConditions } from './shared-conditions.ts';
import { SUMMARY_SCHEMA, type SummaryRow } from './summary.ts';
import { compareArms, type WorkComparison } from './work.ts';

/** The arms of runs that were measured under equal conditions. */
export interface ArmGroup extends RunGroup {
  readonly arms: readonly ArmLevel[];
  /** Of each arm, what the last of the runs counted. */
  readonly work: readonly WorkCount[];
}

/** One of the two results. Rounds are not in it: a file need not be in memory while the other one is read. */
export interface ComparedSide extends GroupedSide<ArmGroup> {
  /** The document without its series. */
  readonly head: SamplesDocument;
}

/** A row of a table of several files: where it is from. */
interface Origin {
  source: string;
  conditions: Conditions;
}

export type ComparedRow = SummaryRow & Origin & { forkCount: number };
/** An arm without a counterpart in the other file. */
export type LoneArm = Arm & Origin;

export interface SavedComparison {
  kind: 'build' | 'runtime';
  baseline: Arm;
  candidate: Arm;
  /** Candidate time over baseline time: below 1 is faster. */
  ratio: Estimate;
  /** Rounds of two files never were neighbours in time. */
  pairedRounds: 0;
  /** Processes of the side that has fewer. */
  forkCount: number;
  verdict: Verdict;
  /** Why it is inconclusive, where the interval alone does not say. */
  reason: string | null;
  /** Whether both sides gave the same checksum; null where one has several, as runs of different seeds do. */
  sameAnswers: boolean | null;
  /** Machine and device, which both sides share. */
  conditions: Conditions;
}

export interface CompareSummary {
  schema: typeof SUMMARY_SCHEMA;
  createdAt: string;
  fingerprint: Fingerprint;
  settings: Settings;
  confidence: number;
  /** Share within which a ratio counts as the same. */
  margin: number;
  baseline: { source: string; createdAt: string };
  candidate: { source: string; createdAt: string };
  workloads: ComparedRow[];
  comparisons: SavedComparison[];
  unmatched: LoneArm[];
  /** What the figures of either file do not rest on, and why. */
  excluded: (Exclusion & { source: string })[];
  /** Counted work, which is free of noise: every difference is one. */
  work: WorkComparison[];
  /** Ids of runs that both files hold: they are compared with themselves. */
  commonRuns: string[];
  /** Conditions of runs that only one file has: nothing of them was compared. */
  lone: Origin[];
}

/** A comparison before it is known what the others of the suite say. */
interface Draft {
  readonly comparison: SavedComparison;
  /** Smallest level at which the ratio would be beyond the margin; null where there are too few processes to tell. */
  readonly pValue: number | null;
}

const ONE_PROCESS = 'one process cannot tell its own luck from a difference';
const FEW_PROCESSES = `${REASONS.fewProcesses} are too often alike by chance`;
const ONE_OF_MANY = 'chance alone shows as much in one of so many comparisons';

/**
 * Compares what both files hold under the same conditions. Their processes have nothing to do with each other, so
 * nothing is paired by round.
 *
 * @throws UsageError where they have no conditions, or no arms, in common
 */
export function compareResults(
  baseline: ComparedSide,
  candidate: ComparedSide,
  margin: number,
): CompareSummary {
  const { shared, lone } = shareConditions(baseline, candidate);
  const workloads: ComparedRow[] = [];
  const drafts: Draft[] = [];
  const unmatched: LoneArm[] = [];
  const work: WorkComparison[] = [];
  for (const { before, after } of shared) {
    const { conditions } = after;
    const [from, to] = [baseline, candidate].map(({ source }) => ({ source, conditions })) as [
      Origin,
      Origin,
    ];
    const { pairs, onlyBaseline, onlyCandidate } = pairSameArms(before.arms, after.arms);
    for (const arm of before.arms) workloads.push(rowOf(arm, from));
    for (const arm of after.arms) workloads.push(rowOf(arm, to));
    for (const one of workOf(before.work, after.work)) work.push(one);
    for (const pair of pairs) drafts.push(draftOf(pair, conditions, margin));
    for (const arm of onlyBaseline) unmatched.push({ ...armOf(arm), ...from });
    for (const arm of onlyCandidate) unmatched.push({ ...armOf(arm), ...to });
  }
  if (drafts.length === 0) {
    throw new UsageError(
      `${baseline.source} and ${candidate.source} have no workload in common that was measured to its end: expected ` +
        'two results of the same workloads',
    );
  }
  const { createdAt, fingerprint, settings } = candidate.head;
  return {
    schema: SUMMARY_SCHEMA,
    createdAt,
    fingerprint,
    settings,
    confidence: DEFAULT_CONFIDENCE,
    margin,
    baseline: { source: baseline.source, createdAt: baseline.head.createdAt },
    candidate: { source: candidate.source, createdAt },
    workloads,
    comparisons: withDiscoveries(drafts),
    unmatched,
    excluded: [baseline, candidate].flatMap(excludedOf),
    work,
    commonRuns: commonRuns(baseline.head, candidate.head),
    lone,
  };
}

/** @param times the series of the document */
export function comparedSide(source: string, head: SamplesDocument, times: TimesCollector): ComparedSide {
  const groups = [...groupRuns(head)].map(([key, group]): [string, ArmGroup] => {
    const arms = times.arms(group.runs).map((arm) => levelOf(arm, head.settings.seed));
    const counted = (head.work ?? []).filter(({ run }) => group.runs.has(run));
    const work = [...new Map(counted.map((record) => [armKey(record), record])).values()];
    return [key, { ...group, arms, work }];
  });
  return { source, head, groups: new Map(groups) };
}

/** Paired as times are: which of several builds is meant is not guessed. */
function workOf(baseline: readonly WorkCount[], candidate: readonly WorkCount[]): WorkComparison[] {
  return pairSameArms(baseline, candidate).pairs.map((pair) => compareArms(pair.baseline, pair.candidate));
}

function excludedOf({ source, head }: ComparedSide): CompareSummary['excluded'] {
  return (head.excluded ?? []).map((exclusion) => ({ ...exclusion, source }));
}

function commonRuns(baseline: SamplesDocument, candidate: SamplesDocument): string[] {
  const ids = new Set(runsOf(baseline).map(({ id }) => id));
  return runsOf(candidate).flatMap(({ id }) => (ids.has(id) ? [id] : []));
}

function draftOf(
  { kind, baseline, candidate }: ArmPair<ArmLevel>,
  conditions: Conditions,
  margin: number,
): Draft {
  const location =
    baseline.location && candidate.location ? difference(candidate.location, baseline.location) : null;
  const forkCount = Math.min(baseline.forkCount, candidate.forkCount);
  const comparison: SavedComparison = {
    kind,
    baseline: armOf(baseline),
    candidate: armOf(candidate),
    ratio: location ? estimateAt(location) : ratioOfEnds(candidate.nsPerOp, baseline.nsPerOp),
    pairedRounds: 0,
    forkCount,
    ...judge(location, forkCount, margin),
    sameAnswers: sameAnswers(baseline, candidate),
    conditions,
  };
  const isDecidable = location !== null && forkCount >= FEWEST_FORKS_TO_DECIDE;
  return { comparison, pValue: isDecidable ? levelBeyond(location, logMargin(margin)) : null };
}

/** What the interval says of one comparison, taken alone. */
function judge(
  location: Location | null,
  forkCount: number,
  margin: number,
): Pick<SavedComparison, 'verdict' | 'reason'> {
  if (location === null) return { verdict: 'inconclusive', reason: ONE_PROCESS };
  if (forkCount < FEWEST_FORKS_TO_DECIDE) return { verdict: 'inconclusive', reason: FEW_PROCESSES };
  return { verdict: verdictOf(intervalOf(location, 1 - DEFAULT_CONFIDENCE), margin), reason: null };
}

function sameAnswers(baseline: ArmLevel, candidate: ArmLevel): boolean | null {
  const [before, after] = [baseline.checksum, candidate.checksum];
  return before === null || after === null ? null : before === after;
}

/** From the least that both intervals allow to the most: all that is known of single processes. */
function ratioOfEnds(candidate: Estimate, baseline: Estimate): Estimate {
  return {
    estimate: candidate.estimate / baseline.estimate,
    low: candidate.low / baseline.high,
    high: candidate.high / baseline.low,
  };
}

/** Of many comparisons some look like changes by chance; those that do not stand out of their number are undecided. */
function withDiscoveries(drafts: readonly Draft[]): SavedComparison[] {
  const family = drafts.filter(({ pValue }) => pValue !== null);
  const areDiscoveries = benjaminiHochberg(
    family.map(({ pValue }) => pValue!),
    1 - DEFAULT_CONFIDENCE,
  );
  const chance = new Set(family.filter((_, i) => !areDiscoveries[i]));
  return drafts.map((draft) => {
    const { comparison } = draft;
    const isChange = comparison.verdict === 'slower' || comparison.verdict === 'faster';
    return isChange && chance.has(draft)
      ? { ...comparison, verdict: 'inconclusive', reason: ONE_OF_MANY }
      : comparison;
  });
}

function rowOf(arm: ArmLevel, origin: Origin): ComparedRow {
  const { workload, params, implementation, runtime, build, nsPerOp, payloadBytesPerOp, trafficBytesPerOp } =
    arm;
  const opsPerSec = 1e9 / nsPerOp.estimate;
  const perSec = (bytesPerOp: number | null) => (bytesPerOp === null ? null : bytesPerOp * opsPerSec);
  const hasBytes = implementation !== 'noop' && (payloadBytesPerOp ?? trafficBytesPerOp) !== null;
  return {
    name: workload,
    params,
    implementation,
    runtime,
    build,
    evidence: arm.evidence,
    available: true,
    reason: null,
    checksum: arm.checksum,
    tier: arm.tier,
    nsPerOp,
    opsPerSec,
    bytesPerSec: hasBytes ? { payload: perSec(payloadBytesPerOp), traffic: perSec(trafficBytesPerOp) } : null,
    latencyNs: null,
    roundCount: arm.roundCount,
    forkCount: arm.forkCount,
    ...origin,
  };
}

function armOf({ workload, params, implementation, runtime, build }: Arm): Arm {
  return { workload, params, implementation, runtime, build };
}
