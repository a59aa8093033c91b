/** What all measuring commands share: a run with its progress line, its saved file, its table, and Ctrl-C. */
import { BarometerError, EXIT } from '../errors.ts';
import { firstResults } from '../report/first-results.ts';
import { summarize } from '../report/summary.ts';
import { renderSummary } from '../report/table.ts';
import type { SamplesDocument } from '../results/samples.ts';
import { SaveError, saveSamples } from '../results/store.ts';
import { type RunPlan, runWorkloads } from '../run/run-workloads.ts';
import { ProgressLine } from './progress.ts';

export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * Runs, saves at `path` after each fork, prints. Returns the exit code.
 * @throws BarometerError after printing, where a fork failed, an answer was wrong, or the file could not be saved
 */
export async function measuredRun(plan: RunPlan, path: string, flags: OutputFlags): Promise<number> {
  const saver = new Saver(path);
  const progress = new ProgressLine(process.stderr, flags.quiet ?? false);
  const interrupt = listenForInterrupts();
  const shown = new Set<number>();
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
      undecided: ({ series }) => new Set(series.map(({ block }) => block)),
    });
    progress.clear();
    print(samples, saver, flags);
    if (failures.length > 0) throw failures[0]!;
  } catch (error) {
    progress.clear();
    // What was measured before the failure is saved already; it is printed all the same.
    if (saver.latest && !saver.printed && error instanceof BarometerError) print(saver.latest, saver, flags);
    throw error;
  } finally {
    interrupt.dispose();
  }
  if (saver.failure) throw saver.failure;
  return interrupt.signal.aborted ? EXIT.interrupted : EXIT.ok;
}

function print(samples: SamplesDocument, saver: Saver, { json }: OutputFlags): void {
  saver.printed = true;
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

/** The first signal ends the run at its next sample; a second one ends the process at once. */
function listenForInterrupts(): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
