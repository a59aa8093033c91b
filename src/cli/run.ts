import { type DeviceFlags, specFromFlags } from '../device/device-flags.ts';
import { NATIVE_BUILDS, type NativeBuild } from '../device/native/native-build.ts';
import { selectNativeBuild } from '../device/native/native-device.ts';
import { BarometerError, EXIT, UsageError } from '../errors.ts';
import { firstResults } from '../report/first-results.ts';
import { summarize } from '../report/summary.ts';
import { renderSummary } from '../report/table.ts';
import type { SamplesDocument } from '../results/samples.ts';
import { resultsPath, SaveError, saveSamples } from '../results/store.ts';
import { DEFAULT_SEED, runWorkloads } from '../run/run-workloads.ts';
import { parseCount, parseDurationMs } from '../units.ts';
import { findSuite, selectWorkloads, suiteWorkloads } from '../workload/catalog.ts';
import { loadSuites, loadWorkloads, type Workload } from '../workload/scenario.ts';
import { parseImplementations } from './device-option.ts';
import { ProgressLine } from './progress.ts';
import { version } from './version.ts';

export interface RunFlags extends DeviceFlags {
  readonly impl: string;
  readonly nativeBuild?: string;
  readonly suite?: string;
  readonly filter?: string;
  readonly budget?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

interface Selection {
  readonly workloads: readonly Workload[];
  readonly suite: string | null;
  readonly budgetMs: number;
}

/** Time per workload when they are named one by one. */
const MS_PER_WORKLOAD = 1500;
/** Plenty, and every seed derived from it is exact. */
const MAX_SEED = 2 ** 32;

/** `barometer run`. Returns the exit code. */
export async function run(patterns: readonly string[], flags: RunFlags): Promise<number> {
  if (flags.out === '') throw new UsageError('--out "": expected the name of a file');
  const selection = select(patterns, flags);
  selectNativeBuild(parseNativeBuild(flags.nativeBuild ?? 'O3'));
  const createdAt = new Date();
  const plan = {
    ...selection,
    implementations: parseImplementations(flags.impl),
    spec: specFromFlags(flags),
    device: flags.device,
    seed:
      flags.seed === undefined ? DEFAULT_SEED : parseCount(flags.seed, '--seed', { min: 1, max: MAX_SEED }),
    version: version(),
    createdAt,
  };
  const saver = new Saver(flags.out ?? resultsPath(createdAt));
  const progress = new ProgressLine(process.stderr, flags.quiet ?? false);
  const interrupt = listenForInterrupts();
  let shown = 0;
  try {
    const samples = await runWorkloads(plan, {
      progress: (state) => progress.update(state),
      save: (document) => {
        progress.keep(firstResults(document.series.slice(shown), document.settings));
        shown = document.series.length;
        saver.save(document);
      },
      interrupted: () => interrupt.signalled,
    });
    progress.clear();
    print(samples, saver, flags);
  } catch (error) {
    progress.clear();
    // What was measured before the failure is saved already; it is printed all the same.
    if (saver.latest && error instanceof BarometerError) print(saver.latest, saver, flags);
    throw error;
  } finally {
    interrupt.dispose();
  }
  if (saver.failure) throw saver.failure;
  return interrupt.signalled ? EXIT.interrupted : EXIT.ok;
}

function parseNativeBuild(name: string): NativeBuild {
  const found = NATIVE_BUILDS.find((build) => build === name);
  if (found) return found;
  throw new UsageError(`--native-build ${JSON.stringify(name)}: expected ${NATIVE_BUILDS.join(', ')}`);
}

function select(patterns: readonly string[], flags: RunFlags): Selection {
  const workloads = loadWorkloads();
  const chosen = patterns.length > 0 ? fromPatterns(workloads, patterns, flags) : fromSuite(workloads, flags);
  const filter = flags.filter === undefined ? null : parseFilter(flags.filter);
  const kept = filter
    ? chosen.workloads.filter(({ name, params }) => filter.test(`${name} ${JSON.stringify(params)}`))
    : chosen.workloads;
  if (kept.length === 0) {
    throw new UsageError(
      `--filter ${JSON.stringify(flags.filter)} leaves no workload of ${chosen.workloads.length}; \`barometer list\` shows names and parameters`,
    );
  }
  const budgetMs = flags.budget === undefined ? chosen.budgetMs : parseDurationMs(flags.budget, '--budget');
  return { ...chosen, workloads: kept, budgetMs };
}

function fromPatterns(
  workloads: readonly Workload[],
  patterns: readonly string[],
  flags: RunFlags,
): Selection {
  if (flags.suite !== undefined) {
    throw new UsageError(
      `workloads (${patterns.join(' ')}) and --suite ${flags.suite} were both given; name one of them`,
    );
  }
  const selected = selectWorkloads(workloads, patterns);
  return { workloads: selected, suite: null, budgetMs: MS_PER_WORKLOAD * selected.length };
}

function fromSuite(workloads: readonly Workload[], flags: RunFlags): Selection {
  const suite = findSuite(loadSuites(), flags.suite ?? 'default');
  return {
    workloads: suiteWorkloads(workloads, suite),
    suite: suite.name,
    budgetMs: parseDurationMs(suite.budget, `budget of suite ${suite.name}`),
  };
}

function parseFilter(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw new UsageError(
      `--filter ${JSON.stringify(pattern)}: expected a regular expression: ${(error as Error).message}`,
    );
  }
}

function print(samples: SamplesDocument, saver: Saver, { json }: RunFlags): void {
  const summary = summarize(samples);
  if (json) {
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return;
  }
  const { isTTY, columns } = process.stdout;
  const color = isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(
    renderSummary(summary, { color, width: columns || 100, savedPath: saver.failure ? null : saver.path }),
  );
}

/** Saves after each group. A folder that cannot be written spoils nothing but the file: the failure is kept for the end. */
class Saver {
  readonly path: string;
  latest: SamplesDocument | null = null;
  failure: SaveError | null = null;

  constructor(path: string) {
    this.path = path;
  }

  save(document: SamplesDocument): void {
    this.latest = document;
    try {
      saveSamples(this.path, document);
      this.failure = null;
    } catch (error) {
      if (!(error instanceof SaveError)) throw error;
      this.failure = error;
    }
  }
}

/** The first signal ends the run at its next sample; a second one ends the process at once. */
function listenForInterrupts(): { readonly signalled: boolean; dispose(): void } {
  let signalled = false;
  const onSignal = () => {
    if (signalled) process.exit(EXIT.interrupted);
    signalled = true;
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    get signalled() {
      return signalled;
    },
    dispose() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
