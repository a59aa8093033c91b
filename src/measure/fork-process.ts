/**
 * The process of one fork. It listens on Node's channel, and ends when its parent does; signals of the terminal reach
 * the parent too, which decides.
 */
import { nowNs } from '../clock.ts';
import { BarometerError } from '../errors.ts';
import type { ForkFailure, ForkProgress, FromFork, ToFork } from './fork-protocol.ts';
import { ForkedGroup } from './forked-group.ts';
import { createModuleArms } from './module-arm.ts';

/** Telling the parent costs a system call: in rounds seldom enough to be lost among the samples. */
const PROGRESS_NS = 500e6;

let group: ForkedGroup | null = null;
let stopped = false;
let told = { phase: '', atNs: 0 };

function tell(message: FromFork): void {
  // Gone where the parent is: then nobody needs to be told.
  process.send?.(message);
}

function report(progress: ForkProgress): void {
  const { phase } = progress;
  if (phase === 'rounds' && phase === told.phase && nowNs() - told.atNs < PROGRESS_NS) return;
  told = { phase, atNs: nowNs() };
  tell({ type: 'progress', progress });
}

async function serve(message: ToFork): Promise<void> {
  if (message.type === 'describe') {
    const { path, build } = message.version;
    const arms = await createModuleArms(path, { build });
    tell({
      type: 'described',
      workloads: arms.map(({ workload, operations }) => ({ ...workload, operations })),
    });
    process.disconnect?.();
  } else if (message.type === 'prepare') {
    group = new ForkedGroup(message.request, { progress: report, stopped: () => stopped });
    await group.prepare();
    tell({ type: 'prepared' });
  } else if (message.type === 'rounds') {
    tell({ type: 'measured', rounds: await group!.measure(message.span) });
  } else if (message.type === 'finish') {
    tell({ type: 'finished', result: group!.finish() });
    process.disconnect?.();
  } else {
    stopped = true;
  }
}

function failureOf(error: unknown): ForkFailure {
  if (error instanceof BarometerError) return { message: error.message, exitCode: error.exitCode };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: null };
}

process.on('message', (message: ToFork) => {
  serve(message).catch((error: unknown) => {
    tell({ type: 'failed', failure: failureOf(error) });
    process.disconnect?.();
  });
});
process.on('disconnect', () => process.exit());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
