/**
 * `npm run selftest -- EXPERIMENT`: barometer's own verdicts put to the proof. Each run of an experiment is one line of a
 * file, and a later call goes on where the file ends. Figures mean something on a machine that does nothing else.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { BarometerError, EXIT, UsageError } from '../errors.ts';
import { floorOf } from '../gate/floor.ts';
import { fingerprint } from '../measure/fingerprint.ts';
import type { BuildRequest } from '../measure/fork-protocol.ts';
import { formatMarginUp } from '../report/calibration-table.ts';
import type { ComparisonKind } from '../report/pairs.ts';
import {
  coverageReport,
  slowReport,
  type TrialReport,
  tinybenchReport,
  twinReport,
} from '../report/trials.ts';
import { machineOf } from '../results/calibration.ts';
import type { Arm } from '../results/samples.ts';
import { appendTrial, readTrials, TRIAL_SCHEMA, type Trial } from '../results/trials.ts';
import { loadCalibration } from '../run/calibration-file.ts';
import { armsOf, type GroupPlan } from '../run/group-plan.ts';
import { NO_DEVICE, planRun } from '../run/plan-run.ts';
import { runTrial, trialFacts } from '../run/trial.ts';
import { TWIN_BUILDS } from '../run/twins.ts';
import { formatCount, parseCount, parseDurationMs, parsePercent } from '../units.ts';
import { listenForInterrupts } from './measured-run.ts';
import { planOptions } from './plan-options.ts';
import { ProgressLine } from './progress.ts';
import { planDevice, type RunFlags } from './run.ts';
import { makeSlowedBuild } from './slowed-build.ts';
import { twinPlan } from './twin-groups.ts';

export const EXPERIMENTS = ['aa', 'slow', 'coverage', 'tinybench'] as const;
export type Experiment = (typeof EXPERIMENTS)[number];

export interface ExperimentFlags {
  /** Time of this call, after which no other trial begins, one at least; what the file holds already is not counted. */
  readonly budget?: string | undefined;
  readonly margin?: string | undefined;
  readonly forks?: string | undefined;
  /** Size of the slowdown that has to be found. */
  readonly effect?: string | undefined;
  /** Thousandths of each batch that the slower build does twice, where that many as the effect are another size here. */
  readonly repeat?: string | undefined;
  readonly out?: string | undefined;
  readonly hog?: boolean | undefined;
}

const DEFAULT_BUDGET_MS = 600_000;
/** In which nine of ten identical arms are to come out the same, and a slowdown of 3 % is to be found. */
const MS_PER_COMPARISON = 10_000;
const FLAGS: RunFlags = { device: 'gh200-120gb', impl: 'wasm,ts,native' };

/** What is repeated until time is up, and what the repetitions come to. */
interface Plan {
  readonly path: string;
  readonly variants: readonly Variant[];
  readonly report: (trials: readonly Trial[]) => TrialReport;
}

/** One way to make a trial. Variants take turns. */
interface Variant {
  readonly name: string;
  readonly groups: readonly GroupPlan[];
  readonly kinds: readonly ComparisonKind[];
  readonly budgetMs: number;
  readonly forks: string | undefined;
  readonly margin: string | undefined;
  /** Made once, before all others, and to its last fork. */
  readonly once?: boolean;
}

/** Returns the exit code: 3 where a claim is missed. */
export async function experiment(name: Experiment, flags: ExperimentFlags): Promise<number> {
  const plan = await planOf(name, flags);
  const budgetMs = parseDurationMs(flags.budget ?? `${DEFAULT_BUDGET_MS}ms`, '--budget');
  const hog = flags.hog ? startHog() : null;
  let interrupted: boolean;
  try {
    interrupted = plan.variants.length > 0 && (await repeat(name, plan, budgetMs));
  } finally {
    hog?.kill('SIGKILL');
  }
  const { lines, outcome } = plan.report(readTrials(plan.path));
  const words = { held: 'held', missed: 'missed', open: 'not enough trials yet' };
  process.stdout.write(`${[...lines, `${plan.path}: ${words[outcome]}`].join('\n')}\n`);
  if (interrupted) return EXIT.interrupted;
  return outcome === 'missed' ? EXIT.regression : EXIT.ok;
}

/** Keeps one core busy with something else, and ends with its parent, however that ends. */
function startHog(): ChildProcess {
  const code = 'const parent = process.ppid; while (process.ppid === parent);';
  return spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
}

async function planOf(name: Experiment, flags: ExperimentFlags): Promise<Plan> {
  if (name === 'slow') return planSlow(flags);
  if (name === 'coverage') return planCoverage(flags);
  return name === 'aa' ? planTwins(flags) : planTinybench(flags);
}

export async function planTwins(flags: ExperimentFlags): Promise<Plan> {
  const options = planOptions({});
  const { groups, comparisonCount } = await twinPlan([], FLAGS, options);
  const arms = groups.flatMap((group) => armsOf(group, options.runtimes));
  const margin = flags.margin ?? calibratedMargin(arms);
  const load = loadOf(flags);
  const name = variantName(load, { margin, forks: flags.forks });
  const budgetMs = MS_PER_COMPARISON * comparisonCount;
  const claim = { comparisons: 1000, falseShare: flags.hog ? 0.02 : 0.01, sameShare: flags.hog ? 0 : 0.9 };
  return {
    path: twinPath(flags),
    variants: [{ name, groups, kinds: ['build'], budgetMs, forks: flags.forks, margin }],
    report: (trials) =>
      twinReport(
        trials.filter(({ variant }) => variant === name),
        claim,
      ),
  };
}

/** Measures nothing: it reads what `aa` has measured. */
function planTinybench(flags: ExperimentFlags): Plan {
  return { path: twinPath(flags), variants: [], report: tinybenchReport };
}

const loadOf = ({ hog }: ExperimentFlags) => (hog ? 'hog' : 'idle');

function twinPath(flags: ExperimentFlags): string {
  return flags.out ?? `results/selftest-aa-${loadOf(flags)}.ndjson`;
}

/** The smallest that a gate over these arms may ask for on this host. */
function calibratedMargin(arms: readonly Arm[]): string {
  const runtime = `node ${process.versions.node}`;
  const calibration = loadCalibration(machineOf(fingerprint([]), runtime), process.env);
  const floor = calibration && floorOf(calibration, arms, 'interleaved');
  if (floor) return formatMarginUp(floor.margin);
  throw new BarometerError('this host has no calibration: run `barometer calibrate`, or give --margin');
}

/** Names of variants tell the settings that were given: a file may hold trials of several, which do not mix. */
function variantName(name: string, { margin, forks }: Pick<ExperimentFlags, 'margin' | 'forks'>): string {
  return [name, forks && `${forks} forks`, margin].filter(Boolean).join(' ');
}

/** The true size rests on ratios alone: it is the same at every margin, and its forks are its own. */
const SIZE = 'size';
/** Enough for an interval of a tenth of what is looked for, on a machine that does nothing else. */
const SIZE_FORKS = '60';
const SIZE_BUDGET_MS = 120_000;

async function planSlow(flags: ExperimentFlags): Promise<Plan> {
  const effect = parsePercent(flags.effect ?? '3%', '--effect');
  const permille = flags.repeat === undefined ? Math.round(effect * 1000) : repeatOf(flags.repeat);
  if (permille === 0) throw new UsageError(`--effect ${flags.effect}: expected 0.1% or more`);
  const root = join(process.cwd(), `results/slowed-${permille}`);
  makeSlowedBuild(root, permille);
  const builds: BuildRequest[] = [TWIN_BUILDS[0]!, { label: 'B ', root }];
  const filter = '"widthBytes":4,"mix":"header"';
  const { groups } = planDevice(['config-read/batch'], { ...FLAGS, impl: 'wasm', filter }, builds);
  return slowPlan(flags, { effect, permille, groups });
}

interface Slowdown {
  /** That has to be found. */
  readonly effect: number;
  /** Thousandths of each batch that the slower build does twice. */
  readonly permille: number;
  /** Of this build and the slower one. */
  readonly groups: readonly GroupPlan[];
}

export function slowPlan(flags: ExperimentFlags, { effect, permille, groups }: Slowdown): Plan {
  const common = { groups, kinds: ['build'], margin: flags.margin } as const;
  const name = variantName('trial', flags);
  const variants: Variant[] = [
    { ...common, name: SIZE, budgetMs: SIZE_BUDGET_MS, forks: SIZE_FORKS, once: true },
    { ...common, name, budgetMs: MS_PER_COMPARISON, forks: flags.forks },
  ];
  const of = (trials: readonly Trial[], variant: string) =>
    trials.filter((trial) => trial.variant === variant);
  const claim = { trials: 100, foundShare: effect >= 0.03 ? 0.9 : 0 };
  return {
    path: flags.out ?? `results/selftest-slow-${Math.round(effect * 1000)}-by-${permille}.ndjson`,
    variants,
    report: (trials) => slowReport(of(trials, name), of(trials, SIZE), claim),
  };
}

function repeatOf(given: string): number {
  return parseCount(given, '--repeat', { min: 1, max: 1000 });
}

const FORK_COUNTS = ['6', '12', '18'];
/** Three implementations over their twins, and three pairs of them in either build. */
const COVERAGE_COMPARISONS = 9;

export async function planCoverage(flags: ExperimentFlags): Promise<Plan> {
  const forward = planDevice(
    ['config-read/batch'],
    { ...FLAGS, filter: '"widthBytes":4,"mix":"header"' },
    TWIN_BUILDS,
  );
  const variants = [forward.groups, forward.groups.map(reversed)].flatMap((groups, i) =>
    FORK_COUNTS.map((forks): Variant => {
      const { margin } = flags;
      const name = variantName(i === 0 ? 'forward' : 'reverse', { margin, forks });
      const budgetMs = MS_PER_COMPARISON * COVERAGE_COMPARISONS;
      return { name, groups, kinds: ['build', 'implementation'], budgetMs, forks, margin };
    }),
  );
  const names = new Set(variants.map(({ name }) => name));
  return {
    path: flags.out ?? 'results/selftest-coverage.ndjson',
    variants,
    report: (trials) => coverageReport(trials.filter(({ variant }) => names.has(variant))),
  };
}

/** The same arms, named in the other order. */
function reversed({ name, subject }: GroupPlan): GroupPlan {
  if (subject.kind !== 'device') return { name, subject };
  const { builds, implementations } = subject;
  return {
    name,
    subject: { ...subject, builds: builds.toReversed(), implementations: implementations.toReversed() },
  };
}

/** Makes trials until time is up. Returns whether it was interrupted. A trial that does not end is not kept. */
async function repeat(name: Experiment, { path, variants }: Plan, budgetMs: number): Promise<boolean> {
  const start = performance.now();
  const interrupt = listenForInterrupts();
  const progress = new ProgressLine(process.stderr, false);
  const made = readTrials(path);
  const turns = variants.filter(({ once }) => !once);
  const first = variants.filter(
    ({ once, name: variant }) => once && !made.some((trial) => trial.variant === variant),
  );
  try {
    for (let i = 0; i === 0 || performance.now() - start < budgetMs; i++) {
      // Seeds go on where the file ends, so that no trial is made twice.
      const number = made.length + i;
      const variant = first[i] ?? turns[number % turns.length]!;
      const trial = await makeTrial(name, variant, number, progress, interrupt.signal);
      if (interrupt.signal.aborted) return true;
      appendTrial(path, trial);
      progress.keep([`${variant.name}  trial ${formatCount(number + 1)}`]);
    }
    return false;
  } finally {
    progress.clear();
    interrupt.dispose();
  }
}

async function makeTrial(
  name: Experiment,
  { name: variant, groups, kinds, budgetMs, forks, margin, once }: Variant,
  number: number,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<Trial> {
  const options = planOptions({
    seed: `${1 + number}`,
    ...(forks === undefined ? {} : { forks }),
    ...(margin === undefined ? {} : { margin }),
  });
  const facts = { createdAt: new Date(), budgetMs, implementations: ['wasm'] as const, settings: NO_DEVICE };
  const looks = once ? options.looks.slice(-1) : options.looks;
  const plan = planRun({ ...options, looks }, groups, facts);
  const hooks = {
    progress: (state: Parameters<typeof progress.update>[0]) => progress.update(state),
    signal,
  };
  const ended = await runTrial({ ...plan, kinds }, hooks);
  return { schema: TRIAL_SCHEMA, experiment: name, variant, ...trialFacts(plan), ...ended };
}
