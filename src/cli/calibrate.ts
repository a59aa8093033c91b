/** `barometer calibrate`: which differences can be told on this host, from arms that do not differ. */
import { BarometerError, EXIT, UsageError } from '../errors.ts';
import { fingerprint } from '../measure/fingerprint.ts';
import { calibrationFigures } from '../report/calibration.ts';
import { renderCalibration } from '../report/calibration-table.ts';
import { harmlessJson } from '../report/json-text.ts';
import { CALIBRATION_SCHEMA, type Calibration, machineOf } from '../results/calibration.ts';
import type { SamplesDocument } from '../results/samples.ts';
import { type Calibrated, calibrate } from '../run/calibrate.ts';
import { formatCalibration, loadCalibration, saveCalibration } from '../run/calibration-file.ts';
import { type PlanOptions, planRun } from '../run/plan-run.ts';
import { parseImplementations } from './device-option.ts';
import { listenForInterrupts } from './measured-run.ts';
import { planOptions } from './plan-options.ts';
import { ProgressLine } from './progress.ts';
import type { RunFlags } from './run.ts';
import { saveOutput } from './save-output.ts';
import { budgetOf } from './select.ts';
import { twinPlan } from './twin-groups.ts';

const DEFAULT_BUDGET_MS = 180_000;
/** More than all rounds of all forks take: a run ends by itself, as one with time enough does. */
const MS_PER_COMPARISON = 10_000;

/** Returns the exit code. */
export async function calibrateHost(given: readonly string[], flags: RunFlags): Promise<number> {
  if (flags.out === '') throw new UsageError('--out "": expected the name of a file');
  const options = planOptions(flags);
  const twins = await twinPlan(given, flags, options);
  const budgetMs = budgetOf(flags, DEFAULT_BUDGET_MS);
  const createdAt = new Date();
  const progress = new ProgressLine(process.stderr, flags.quiet ?? false);
  const interrupt = listenForInterrupts();
  const runMs = MS_PER_COMPARISON * twins.comparisonCount;
  const implementations = parseImplementations(flags.impl);
  const planOf = (idx: number) =>
    planRun({ ...options, seed: seedOf(options.seed, idx) }, twins.groups, {
      createdAt: new Date(),
      budgetMs: runMs,
      implementations,
      settings: twins.settings,
    });
  let calibrated: Calibrated;
  try {
    calibrated = await calibrate(
      { budgetMs, planOf },
      { progress: (state) => progress.update(state), signal: interrupt.signal },
    );
    progress.say('working out the figures');
  } finally {
    progress.clear();
    interrupt.dispose();
  }
  const isAborted = interrupt.signal.aborted;
  const { runs, failure } = calibrated;
  const isWhole = failure === null && !isAborted;
  const exitCode = finish({ runs, createdAt, budgetMs, isWhole, options }, flags);
  if (isAborted) return EXIT.interrupted;
  if (failure !== null) throw failure;
  if (exitCode === null) throw nothingCalibrated();
  return exitCode;
}

/** Two runs each share their accesses, so that the one can be held against the other. */
function seedOf(seed: number, idx: number): number {
  return seed + Math.floor(idx / 2);
}

interface Measured {
  readonly runs: readonly SamplesDocument[];
  readonly createdAt: Date;
  readonly budgetMs: number;
  /** Neither cut short nor ended by a failure. */
  readonly isWhole: boolean;
  readonly options: PlanOptions;
}

function nothingCalibrated(): BarometerError {
  return new BarometerError(
    'nothing was calibrated: a comparison takes four forks at least, of an implementation that this host has; ' +
      'give --forks 4 or more, and see `barometer list`',
  );
}

/** Prints and saves. Null where there are no figures. */
function finish({ runs, createdAt, budgetMs, isWhole, options }: Measured, flags: RunFlags): number | null {
  const { margin, seed, looks } = options;
  const figures = calibrationFigures(runs, margin);
  if (figures === null) return null;
  const host = fingerprint(parseImplementations(flags.impl));
  const calibration: Calibration = {
    schema: CALIBRATION_SCHEMA,
    createdAt: createdAt.toISOString(),
    machine: machineOf(host, options.runtimes[0]!.label),
    fingerprint: host,
    settings: { seed, margin, looks: [...looks], budgetMs },
    interrupted: !isWhole,
    ...figures,
  };
  // Printed first: where it cannot be saved, the figures are not lost.
  process.stdout.write(flags.json ? harmlessJson(formatCalibration(calibration)) : textOf(calibration));
  // Half a calibration is no reason to lose a whole one.
  const isKept = !isWhole && hasWhole(calibration.machine);
  const places = isKept ? [] : [saveCalibration(calibration, process.env)];
  if (flags.out !== undefined) {
    saveOutput('--out', flags.out, formatCalibration(calibration));
    places.push(flags.out);
  }
  if (!flags.json) process.stdout.write(savedText(places, isKept));
  return EXIT.ok;
}

function hasWhole(machine: Calibration['machine']): boolean {
  try {
    return loadCalibration(machine, process.env)?.interrupted === false;
  } catch {
    return false; // a file that nobody can read is nothing to keep
  }
}

function savedText(places: readonly string[], isKept: boolean): string {
  const where = places.length > 0 ? places.join(', ') : 'nowhere';
  return `saved     ${where}${isKept ? '; this one is not whole, and the last one that is stays in force' : ''}\n`;
}

function textOf(calibration: Calibration): string {
  const { isTTY, columns } = process.stdout;
  const color = isTTY === true && !process.env.NO_COLOR;
  return renderCalibration(calibration, { color, width: columns || 100 });
}
