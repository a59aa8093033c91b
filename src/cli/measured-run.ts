/** What all measuring commands share: a run with its progress line, its saved file, its table, and Ctrl-C. */
import { BarometerError, EXIT } from '../errors.ts';
import type { BuildRequest } from '../measure/fork-protocol.ts';
import { countRun } from '../measure/work/count-run.ts';
import type { CountRequest } from '../measure/work/count-work.ts';
import { undecidedBlocks } from '../report/comparisons.ts';
import { firstResults } from '../report/first-results.ts';
import { jsonText } from '../report/json-text.ts';
import { renderPlot } from '../report/plot.ts';
import { type Summary, summarize } from '../report/summary.ts';
import { renderSummary } from '../report/table.ts';
import type { SamplesDocument, WorkCount } from '../results/samples.ts';
import { SaveError, saveSamples } from '../results/store.ts';
import { type RunPlan, runWorkloads } from '../run/run-workloads.ts';
import { isUtf8, warnOnTerminal } from './output.ts';
import { ProgressLine } from './progress.ts';
import { savedLines } from './saved-lines.ts';

/** Work of one build that is to be counted once everything is measured. */
export interface Counting {
  readonly build: BuildRequest;
  /** Path of the Node binary that counts. */
  readonly runtime: string;
  readonly request: CountRequest;
}

export interface MeasuredRunPlan extends RunPlan {
  readonly counting: readonly Counting[];
  /** The exit code of a run that went well. */
  readonly exitCode?: (summary: Summary) => number;
}

export interface OutputFlags {
  readonly json?: boolean;
  readonly plot?: boolean;
  readonly quiet?: boolean;
}

/**
 * Runs, saves at `path` after each fork, counts work, prints. Returns the exit code.
 * @throws after printing, where a fork failed, an answer was wrong, or the file could not be saved
 */
export async function measuredRun(plan: MeasuredRunPlan, path: string, flags: OutputFlags): Promise<number> {
  const saver = new Saver(path);
  const progress = new ProgressLine(process.stderr, flags.quiet ?? false);
  const interrupt = listenForInterrupts();
  const shown = new Set<number>();
  let exitCode: number = EXIT.ok;
  try {
    const { samples, failures } = await runWorkloads(plan, {
      progress: (state) => progress.update(state),
      save: (document) => {
        const fresh = document.series.filter(({ block }) => !shown.has(block));
        for (const { block } of fresh) shown.add(block);
        progress.keep(firstResults(fresh, document.settings));
        saver.save(document);
      },
      signal: interrupt.signal,
      undecided: undecidedBlocks,
    });
    const counted = interrupt.signal.aborted
      ? samples
      : await withWork(samples, plan.counting, progress, {
          signal: interrupt.signal,
          warn: flags.quiet ? () => {} : warnOnTerminal,
        });
    if (counted !== samples) saver.save(counted);
    progress.clear();
    const summary = print(counted, saver, flags);
    if (!interrupt.signal.aborted) {
      if (failures.length > 0) throw failures[0]!;
      exitCode = plan.exitCode?.(summary) ?? EXIT.ok;
    }
  } catch (error) {
    progress.clear();
    // What was measured before the failure is saved already; it is printed all the same.
    if (saver.latest && !saver.printed) print(saver.latest, saver, flags);
    throw error;
  } finally {
    interrupt.dispose();
  }
  if (saver.failure) throw saver.failure;
  return interrupt.signal.aborted ? EXIT.interrupted : exitCode;
}

/**
 * The samples with the counted work of each build. Work that cannot be counted spoils no measurement: it is said, and
 * is not there.
 */
async function withWork(
  samples: SamplesDocument,
  counting: readonly Counting[],
  progress: ProgressLine,
  { signal, warn }: { readonly signal: AbortSignal; readonly warn: (message: string) => void },
): Promise<SamplesDocument> {
  const work: WorkCount[] = [];
  for (const { build, runtime, request } of counting) {
    if (signal.aborted) break;
    progress.say(`counting work  ${build.label}`);
    try {
      work.push(...(await countRun(request, build, runtime, signal)));
    } catch (error) {
      if (!(error instanceof BarometerError)) throw error;
      progress.clear();
      if (!signal.aborted) warn(error.message);
    }
  }
  return counting.length === 0 ? samples : { ...samples, work };
}

function print(samples: SamplesDocument, saver: Saver, { json, plot }: OutputFlags): Summary {
  saver.printed = true;
  const summary = summarize(samples);
  if (json) {
    process.stdout.write(jsonText(summary));
    return summary;
  }
  const { isTTY, columns } = process.stdout;
  const color = isTTY === true && !process.env.NO_COLOR;
  const width = columns || 100;
  const glyphs = isUtf8(process.env) ? 'unicode' : 'ascii';
  const parts = [
    renderSummary(summary, { color, width }),
    plot ? renderPlot(samples, { color, width, glyphs }) : '',
    saver.failure ? '' : savedLines(saver.path),
  ];
  process.stdout.write(parts.filter((text) => text !== '').join('\n'));
  return summary;
}

/** Saves after each fork. A folder that cannot be written spoils nothing but the file: the failure is kept for the end. */
class Saver {
  readonly path: string;
  latest: SamplesDocument | null = null;
  failure: SaveError | null = null;
  printed = false;

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

/** A terminal that is closed is as good as Ctrl-C. */
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupts {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /**
   * While the action runs, a second signal does nothing: what it changed is not to be left so. It has to put that back
   * and end soon after the first one.
   */
  holdExitDuring<T>(action: () => Promise<T>): Promise<T>;
  dispose(): void;
}

/** The first signal ends the run at its next sample; a second one ends the process at once. */
export function listenForInterrupts(): Interrupts {
  const controller = new AbortController();
  let isHeld = false;
  const onSignal = () => {
    if (controller.signal.aborted && !isHeld) process.exit(EXIT.interrupted);
    controller.abort();
  };
  for (const name of INTERRUPTS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    async holdExitDuring(action) {
      isHeld = true;
      try {
        return await action();
      } finally {
        isHeld = false;
      }
    },
    dispose() {
      for (const name of INTERRUPTS) process.off(name, onSignal);
    },
  };
}
