/**
 * The process of one fork. It listens on Node's channel, and ends when its parent does; signals of the terminal reach
 * the parent too, which decides.
 */
import { nowNs } from '../clock.ts';
import { failureOf } from '../measure/child-end.ts';
import type { ForkProgress, ForkRequest, ForkResult, FromFork, ToFork } from '../measure/fork-protocol.ts';
import { ForkedGroup } from '../measure/forked-group.ts';
import { createModuleArms } from '../measure/module-arm.ts';
import type { GroupHooks } from '../measure/prepare-group.ts';
import type { RoundSpan } from '../measure/round-order.ts';
import { ServedGroup } from '../measure/served/served-group.ts';
import { watchParent } from '../measure/watch-parent.ts';
import type { ModuleWorkload } from '../workload/module.ts';

/** Telling the parent costs a system call: in rounds seldom enough to be lost among the samples. */
const PROGRESS_NS = 500e6;

/** What a fork does for its group, step by step. */
interface Group {
  prepare(): Promise<void>;
  measure(span: RoundSpan): Promise<number>;
  finish(): ForkResult | Promise<ForkResult>;
}

let group: Group | null = null;
let stopped = false;
let told = { phase: '', atNs: 0 };

function tell(message: FromFork): void {
  // Gone where the parent is: then nobody needs to be told.
  process.send?.(message);
}

/** The last word. The channel is closed once it is written: a long result takes several goes. */
function tellLast(message: FromFork): void {
  process.send?.(message, () => process.disconnect?.());
}

function report(progress: ForkProgress): void {
  const { phase } = progress;
  if (phase === 'rounds' && phase === told.phase && nowNs() - told.atNs < PROGRESS_NS) return;
  told = { phase, atNs: nowNs() };
  tell({ type: 'progress', progress });
}

async function serve(message: ToFork): Promise<void> {
  if (message.type === 'describe') {
    watchParent();
    const { path, build } = message.version;
    const started = ({ name }: ModuleWorkload) =>
      tell({ type: 'progress', progress: { workload: name, implementation: null, phase: 'preparing' } });
    const arms = await createModuleArms(path, { build, started });
    tellLast({
      type: 'described',
      workloads: arms.map(({ workload, operations }) => ({ ...workload, operations })),
    });
  } else if (message.type === 'prepare') {
    // Code of the user's may never come back, and the threads of agents would stay.
    if (message.request.subject.kind !== 'device') watchParent();
    group = await groupOf(message.request, { progress: report, stopped: () => stopped });
    await group.prepare();
    tell({ type: 'prepared' });
  } else if (message.type === 'rounds') {
    tell({ type: 'measured', rounds: await group!.measure(message.span) });
  } else if (message.type === 'finish') {
    tellLast({ type: 'finished', result: await group!.finish() });
  } else {
    stopped = true;
  }
}

async function groupOf(request: ForkRequest, hooks: GroupHooks): Promise<Group> {
  const { subject } = request;
  if (subject.kind === 'served') return new ServedGroup({ ...request, subject }, hooks);
  if (subject.kind !== 'agents') return new ForkedGroup({ ...request, subject }, hooks);
  // Others start without the thread pool.
  const { AgentGroup } = await import('../agent/agent-group.ts');
  return new AgentGroup({ ...request, subject }, hooks);
}

process.on('message', (message: ToFork) => {
  serve(message).catch((error: unknown) => {
    tellLast({ type: 'failed', failure: failureOf(error) });
  });
});
tell({ type: 'ready' });
process.on('disconnect', () => process.exit());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
