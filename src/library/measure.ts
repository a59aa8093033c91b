/** One's own functions under the method of `barometer run` and `barometer ab`. */
import { UsageError } from '../errors.ts';
import { DEFAULT_SEED } from '../measure/prepare-arm.ts';
import { undecidedBlocks } from '../report/comparisons.ts';
import type { SamplesDocument } from '../results/samples.ts';
import { groupOfModule } from '../run/describe-module.ts';
import {
  MS_PER_PAIR,
  MS_PER_WORKLOAD,
  NO_DEVICE,
  planRun,
  SILENCE_MS,
  USUAL_FORKS,
} from '../run/plan-run.ts';
import { runWorkloads } from '../run/run-workloads.ts';
import { planLooks } from '../stats/looks.ts';
import { DEFAULT_MARGIN } from '../stats/verdict.ts';
import { expectModuleFile } from '../workload/module-file.ts';
import { expectMargin, expectWhole } from './expect.ts';

/** How to measure. Everything may be left out. */
export interface MeasureOptions {
  /** Time of all measuring in milliseconds; 3 s for each function, 10 s where two versions are compared. */
  readonly budgetMs?: number;
  /** Most fresh processes; 18 unless given. */
  readonly forks?: number;
  /** Share within which two times are the same; 0.01 unless given. */
  readonly margin?: number;
  /** Of the schedule, 1 to 2^32 - 1; 1 unless given. */
  readonly seed?: number;
  /** Which functions are measured; all unless given. */
  readonly only?: (name: string) => boolean;
  /** Ends the run at the next sample; what was measured is kept. */
  readonly signal?: AbortSignal;
  /** Called after each process with everything measured so far, never inside a timed window. */
  readonly save?: (samples: SamplesDocument) => void;
}

/**
 * Measures the functions that a module file exports (see WorkloadFunction), each in fresh processes, every answer
 * checked. Of two files, the second is held against the first, round by round: `slower` means that it is slower.
 *
 * @param modules path of the file, or of two versions of it
 * @returns the samples, for `summarize`, `saveSamples` and `compareSamples`
 * @throws UsageError for a file or an option that cannot be used
 * @throws WrongAnswerError where a function answers differently from call to call, or versions disagree
 * @throws BarometerError where a process crashed, hung or threw
 */
export async function measure(
  modules: string | readonly [baseline: string, candidate: string],
  options: MeasureOptions = {},
): Promise<SamplesDocument> {
  const paths = typeof modules === 'string' ? [modules] : modules;
  if (paths.length < 1 || paths.length > 2) {
    throw new UsageError(`${paths.length} modules were given; expected one, or two versions of one`);
  }
  for (const path of paths) expectModuleFile(path);
  const { forks = USUAL_FORKS, margin = DEFAULT_MARGIN, seed = DEFAULT_SEED, only = () => true } = options;
  expectWhole('forks', forks, { least: 1, most: 1000 });
  expectWhole('seed', seed, { least: 1, most: 2 ** 32 - 1 });
  expectMargin(margin);
  const runtime = { path: process.execPath, label: `node ${process.versions.node}` };
  const group = await groupOfModule(paths, paths.length === 1 ? [''] : ['A ', 'B '], {
    runtime: runtime.path,
    silenceMs: SILENCE_MS,
    choose: (workloads) => {
      const kept = workloads.filter(({ name }) => only(name));
      if (kept.length > 0) return kept;
      throw new UsageError(
        `${paths[0]}: "only" leaves none of ${workloads.map(({ name }) => name).join(', ')}`,
      );
    },
  });
  const usualMs = (paths.length === 1 ? MS_PER_WORKLOAD : MS_PER_PAIR) * group.subject.workloads.length;
  const budgetMs = options.budgetMs ?? usualMs;
  if (!(budgetMs > 0)) throw new UsageError(`budgetMs ${budgetMs}: expected milliseconds above 0`);
  const plan = planRun(
    { looks: planLooks(forks), runtimes: [runtime], seed, silenceMs: SILENCE_MS, margin },
    [group],
    { createdAt: new Date(), budgetMs, implementations: [], settings: NO_DEVICE },
  );
  const { samples, failures } = await runWorkloads(plan, {
    progress: () => {},
    save: options.save ?? (() => {}),
    signal: options.signal ?? new AbortController().signal,
    undecided: undecidedBlocks,
  });
  if (failures.length > 0) throw failures[0]!;
  return samples;
}
