/** `barometer compare`: two saved results, one over the other. */
import { setFlagsFromString } from 'node:v8';
import { gateExitCode, parseGate } from '../gate/gate.ts';
import { Room, TimesCollector } from '../report/arm-times.ts';
import { type ComparedSide, type CompareSummary, comparedSide, compareResults } from '../report/compare.ts';
import { renderComparison } from '../report/compare-text.ts';
import { jsonText } from '../report/json-text.ts';
import { readSamples } from '../results/read-samples.ts';
import { DEFAULT_MARGIN, type Verdict } from '../stats/verdict.ts';
import { parsePercent } from '../units.ts';
import { checkFloor, type FloorIo } from './floor-check.ts';

export interface CompareFlags {
  readonly failOn?: string;
  readonly margin?: string;
  readonly json?: boolean;
}

export interface CompareIo extends FloorIo {
  readonly stdout: { write(text: string): unknown };
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/**
 * Compares two files of samples and prints what changed.
 * @returns the exit code: 3 or 4 where `--fail-on` asks for it
 * @throws UsageError for bad input, for results that no verdict can join, and for a gate below the noise floor
 */
export function compare(paths: readonly [string, string], flags: CompareFlags, io: CompareIo): number {
  const stopAt = flags.failOn === undefined ? [] : parseGate(flags.failOn);
  const asked = flags.margin === undefined ? null : parsePercent(flags.margin, '--margin');
  keepHeapSmall();
  const room = new Room();
  const [baseline, candidate] = [readSide(paths[0], room), readSide(paths[1], room)];
  const summary = compareResults(baseline, candidate, asked ?? widerMargin(baseline, candidate));
  const arms = summary.comparisons.map((comparison) => comparison.candidate);
  const { margin, fingerprint } = summary;
  const forkCount = Math.min(...summary.comparisons.map((comparison) => comparison.forkCount));
  checkFloor({ arms, margin, fingerprint, proximity: 'apart', isGate: stopAt.length > 0, forkCount }, io);
  io.stdout.write(flags.json ? jsonText(summary) : renderComparison(summary, io));
  return gateExitCode(gatedVerdicts(summary), stopAt);
}

/** Of what the candidate lacks, nothing is known: that is no reason to pass. */
function gatedVerdicts({ comparisons, unmatched, lone, baseline }: CompareSummary): Verdict[] {
  const missing = [...unmatched, ...lone].filter(({ source }) => source === baseline.source);
  return [...comparisons.map(({ verdict }) => verdict), ...missing.map(() => 'inconclusive' as const)];
}

/**
 * Of what is read next to nothing is kept, so that V8's young generation need not grow: it takes a hundred megabytes
 * otherwise, and no less time.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** What is kept of a side are figures: the rounds of the second file take the memory of the first one's. */
function readSide(source: string, room: Room): ComparedSide {
  const { head, sink } = readSamples(source, () => {
    room.clear();
    return new TimesCollector(room);
  });
  return comparedSide(source, head, sink);
}

/** The margin that both runs were planned for. */
function widerMargin(...sides: readonly ComparedSide[]): number {
  return Math.max(...sides.map(({ head }) => head.settings.margin ?? DEFAULT_MARGIN));
}
