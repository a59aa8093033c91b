/** Arms held against each other: ratios, and what may be said of them. */
import { Random } from '../random.ts';
import { type Arm, armKey, type SamplesDocument, type Settings } from '../results/samples.ts';
import { benjaminiHochberg } from '../stats/benjamini-hochberg.ts';
import { type BootstrapOptions, DEFAULT_CONFIDENCE, type Estimate } from '../stats/bootstrap.ts';
import { type Ratio, timeRatio } from '../stats/estimate.ts';
import { intervalOf, levelBeyond } from '../stats/fork-bootstrap.ts';
import { FEWEST_FORKS_TO_DECIDE, levelAt } from '../stats/looks.ts';
import { DEFAULT_MARGIN, logMargin, type Verdict, verdictOf } from '../stats/verdict.ts';
import { armOf, type MeasuredArm, measuredArms } from './measured-arm.ts';
import { type ComparisonKind, type Pair, pairArms } from './pairs.ts';

export interface Comparison {
  kind: ComparisonKind;
  baseline: Arm;
  candidate: Arm;
  /** Candidate time over baseline time: below 1 is faster. */
  ratio: Estimate;
  /** Rounds compared one to one; 0 where the arms were not interleaved. */
  pairedRounds: number;
  /** Processes that the ratio rests on. */
  forkCount: number;
  /** Share within which the ratio counts as the same. */
  margin: number;
  /** Confidence that the verdict was read at: that of its look, not that of `ratio`. Null where there is no verdict. */
  confidence: number | null;
  /** Of the candidate. Null where one process alone measured: it cannot tell its own luck from a difference. */
  verdict: Verdict | null;
  /** What to know about the verdict, or the lack of one; null where it speaks for itself. */
  reason: string | null;
}

/** How intervals are drawn; unset fields as in `stats/`. */
export type SummaryOptions = Omit<BootstrapOptions, 'random'>;

export const REASONS = {
  oneProcess: 'one process',
  fewProcesses: `fewer than ${FEWEST_FORKS_TO_DECIDE} processes`,
  notInterleaved: 'not interleaved',
  heldBack: 'held back by Benjamini–Hochberg',
} as const;

/**
 * Comparisons that a run is made for. It ends early where these have their verdicts. Several builds or runtimes are
 * what it is about, and which implementation is faster is then by the way.
 */
function decidingKinds(comparisons: readonly Comparison[]): readonly ComparisonKind[] {
  const isOfVersions = comparisons.some(
    ({ kind, pairedRounds }) => kind === 'runtime' || (kind === 'build' && pairedRounds > 0),
  );
  return isOfVersions ? ['build', 'runtime'] : ['implementation'];
}

/** A stream of its own for each purpose, from the seed of the run: equal samples give equal figures. */
export function summaryStream({ seed }: Settings, purpose: string): Random {
  return new Random(seed).fork('summary').fork(purpose);
}

/**
 * All comparisons that `arms` allow, with their verdicts. `faster` and `slower` are discoveries of the document: they
 * pass Benjamini and Hochberg's procedure over all of its comparisons of their kind, or become `inconclusive`. Each
 * kind is a family of its own, since the procedure bounds the share of false ones among all that it finds: many plain
 * differences of one kind, such as calls over batches, would let through nearly anything of another.
 */
export function compareArms(
  arms: readonly MeasuredArm[],
  settings: Settings,
  options: SummaryOptions = {},
): Comparison[] {
  const alpha = 1 - (options.confidence ?? DEFAULT_CONFIDENCE);
  const margin = settings.margin ?? DEFAULT_MARGIN;
  const measured = pairArms(inOrder(arms, settings)).map((pair) => ({
    pair,
    ratio: ratioOf(pair, settings, options),
  }));
  const readings = measured.map(({ ratio }) => read(ratio, { alpha, margin, looks: settings.looks }));
  const families = Map.groupBy(readings, (_, i) => measured[i]!.pair.kind);
  const discovered = new Set([...families.values()].flatMap((family) => discoveries(family, alpha)));
  return measured.map(({ pair, ratio }, i): Comparison => {
    const { pairedRounds, forkCount, location: _, ...estimate } = ratio;
    const reading = readings[i]!;
    return {
      kind: pair.kind,
      baseline: armOf(pair.baseline),
      candidate: armOf(pair.candidate),
      ratio: estimate,
      pairedRounds,
      forkCount,
      margin,
      ...judge(reading, {
        isDiscovery: reading !== null && discovered.has(reading),
        isInterleaved: pairedRounds > 0,
      }),
    };
  });
}

/** As they come, but runtimes as they were named: merging sorts what it joins. */
function inOrder(arms: readonly MeasuredArm[], { runtimes = [] }: Settings): readonly MeasuredArm[] {
  // Runtimes that the settings do not name, as of a later run, stay behind those that they do.
  const place = ({ runtime }: MeasuredArm) =>
    runtimes.includes(runtime) ? runtimes.indexOf(runtime) : runtimes.length;
  return arms.toSorted((a, b) => place(a) - place(b));
}

/**
 * The comparisons that are still open after what was measured so far: those a run is made for that have no verdict
 * yet, or an inconclusive one. A group of workloads of which none is listed needs no more forks.
 */
export function undecided(samples: SamplesDocument, options: SummaryOptions = {}): Comparison[] {
  const comparisons = compareArms(measuredArms(samples.series), samples.settings, options);
  const kinds = decidingKinds(comparisons);
  return comparisons.filter(
    ({ kind, verdict }) => kinds.includes(kind) && (verdict === null || verdict === 'inconclusive'),
  );
}

/** Blocks some of whose comparisons are open: see `undecided`. */
export function undecidedBlocks(samples: SamplesDocument): Set<number> {
  const open = undecided(samples).flatMap(({ baseline, candidate }) => [armKey(baseline), armKey(candidate)]);
  const arms = new Set(open);
  return new Set(samples.series.filter((one) => arms.has(armKey(one))).map(({ block }) => block));
}

/** The ratio of one pair, drawn from a stream of its own: equal rounds give an equal ratio, bit for bit. */
export function ratioOf(
  { kind, candidate, baseline }: Pair<MeasuredArm>,
  settings: Settings,
  options: SummaryOptions,
): Ratio {
  const purpose = [kind, armKey(candidate), armKey(baseline)].join(' ');
  return timeRatio(candidate.series, baseline.series, {
    ...options,
    random: summaryStream(settings, purpose),
  });
}

/** What the interval at the level of its look says of one comparison, taken alone. */
interface Reading {
  readonly level: number;
  /** Null where there are too few processes to have one. */
  readonly verdict: Verdict | null;
  /** Smallest level at which the ratio would be beyond the margin. */
  readonly pValue: number;
}

interface Rule {
  readonly alpha: number;
  readonly margin: number;
  /** Without a plan, what is there is the one look. */
  readonly looks: readonly number[] | undefined;
}

function read({ location, forkCount }: Ratio, { alpha, margin, looks }: Rule): Reading | null {
  if (location === null) return null;
  const level = levelAt(looks ?? [forkCount], forkCount, alpha);
  return {
    level,
    verdict: forkCount < FEWEST_FORKS_TO_DECIDE ? null : verdictOf(intervalOf(location, level), margin),
    pValue: levelBeyond(location, logMargin(margin)),
  };
}

/** The readings of one kind that stand among all of them. What has no verdict is no part of the family. */
function discoveries(readings: readonly (Reading | null)[], alpha: number): Reading[] {
  const family = readings.filter((reading) => reading !== null).filter(({ verdict }) => verdict !== null);
  // Each look has a part of alpha: on the scale of the whole, p-values of different looks compare.
  const pValues = family.map(({ pValue, level }) => Math.min(1, (pValue / level) * alpha));
  const found = benjaminiHochberg(pValues, alpha);
  return family.filter((_, i) => found[i]);
}

function judge(
  reading: Reading | null,
  { isDiscovery, isInterleaved }: { isDiscovery: boolean; isInterleaved: boolean },
): Pick<Comparison, 'confidence' | 'verdict' | 'reason'> {
  if (reading === null) return { confidence: null, verdict: null, reason: REASONS.oneProcess };
  const confidence = 1 - reading.level;
  if (reading.verdict === null) return { confidence, verdict: 'inconclusive', reason: REASONS.fewProcesses };
  const isHeldBack = !isDiscovery && (reading.verdict === 'faster' || reading.verdict === 'slower');
  if (isHeldBack) return { confidence, verdict: 'inconclusive', reason: REASONS.heldBack };
  return { confidence, verdict: reading.verdict, reason: isInterleaved ? null : REASONS.notInterleaved };
}
