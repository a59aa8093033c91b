/** Holds a margin against the noise floor that `barometer calibrate` found on this host. */
import { UsageError } from '../errors.ts';
import { type Floor, floorOf, type Proximity } from '../gate/floor.ts';
import { formatMarginUp } from '../report/calibration-table.ts';
import { formatGivenMargin } from '../report/verdict-text.ts';
import { type Calibration, machineOf } from '../results/calibration.ts';
import type { Arm, Fingerprint } from '../results/samples.ts';
import { loadCalibration } from '../run/calibration-file.ts';

export interface FloorIo {
  /** Where the cache is. */
  readonly env: NodeJS.ProcessEnv;
  readonly warn: (message: string) => void;
}

export interface FloorQuestion {
  readonly arms: readonly Pick<Arm, 'workload' | 'implementation' | 'runtime'>[];
  readonly margin: number;
  /** Of the machine that measures, or has measured. */
  readonly fingerprint: Fingerprint;
  readonly proximity: Proximity;
  /** Whether an exit code depends on the verdicts. */
  readonly isGate: boolean;
  /** Processes that verdicts rest on: the last look of a plan, or the fewest of any comparison of what was measured. */
  readonly forkCount?: number;
}

/**
 * A margin below the floor makes identical code inconclusive, or worse: a gate is refused, everything else is warned of.
 * So is a run of fewer forks than the floor was measured with, which does not hold for it.
 * @throws UsageError for a gate below the floor
 */
export function checkFloor(question: FloorQuestion, io: FloorIo): void {
  const { arms, margin, fingerprint, proximity, isGate, forkCount = Number.POSITIVE_INFINITY } = question;
  for (const [runtime, ofRuntime] of Map.groupBy(arms, (arm) => arm.runtime)) {
    const calibration = calibrationOf(machineOf(fingerprint, runtime), io);
    const floor = calibration && floorOf(calibration, ofRuntime, proximity);
    if (calibration === null || floor === null) {
      if (isGate) io.warn(notCalibrated(runtime, proximity, calibration));
    } else if (margin < floor.margin) {
      const message = belowFloor(margin, floor, calibration, proximity);
      if (isGate) throw new UsageError(message);
      io.warn(message);
    } else if (forkCount < forksOf(calibration)) {
      io.warn(fewerForks(forkCount, calibration));
    }
  }
}

/** One that cannot be read is as good as none, and is said to be. */
function calibrationOf(machine: Fingerprint, { env, warn }: FloorIo): Calibration | null {
  try {
    return loadCalibration(machine, env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    warn(error.message);
    return null;
  }
}

function belowFloor(margin: number, floor: Floor, { createdAt }: Calibration, proximity: Proximity): string {
  const of = proximity === 'apart' ? 'the noise floor between two runs' : 'the noise floor';
  return (
    `--margin ${formatGivenMargin(margin)}: below ${of} of ${floor.of} on this host, ${formatMarginUp(floor.margin)} ` +
    `(calibrated ${createdAt.slice(0, 10)}), where identical code does not come out the same; expected ` +
    `--margin ${formatMarginUp(floor.margin)} or more. A quieter machine has a lower floor: see \`barometer doctor\`, ` +
    'then `barometer calibrate` again'
  );
}

/** That the floor rests on. */
function forksOf({ settings }: Calibration): number {
  return settings.looks.at(-1)!;
}

function fewerForks(forkCount: number, calibration: Calibration): string {
  const calibrated = forksOf(calibration);
  return (
    `the noise floor of this host was measured with ${calibrated} forks and does not hold for ${forkCount}, whose ` +
    `intervals are wider: measure with --forks ${calibrated} or more, or \`barometer calibrate\` with the forks of ` +
    'this run'
  );
}

function notCalibrated(runtime: string, proximity: Proximity, calibration: Calibration | null): string {
  const what =
    calibration === null
      ? `no calibration of this host with ${runtime}`
      : 'the calibration of this host holds one run only';
  const side = proximity === 'apart' ? 'between two runs ' : '';
  return `${what}: \`barometer calibrate\` says which differences ${side}can be told here`;
}
