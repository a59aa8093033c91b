import { EXIT } from '../errors.ts';
import { type Describing, groupOfModule } from '../run/describe-module.ts';
import type { GroupPlan } from '../run/group-plan.ts';
import { listenForInterrupts } from './measured-run.ts';
import { filterOf, leavesNothing, type SelectFlags } from './select.ts';

/** The group of one module, or of versions of it, with the functions that `--filter` leaves. */
export async function selectedModule(
  paths: readonly string[],
  labels: readonly string[],
  options: SelectFlags & Omit<Describing, 'choose'>,
): Promise<GroupPlan> {
  const { runtime, silenceMs } = options;
  // Nothing is measured yet that could be lost; ending takes the forks along.
  const interrupt = listenForInterrupts();
  interrupt.signal.addEventListener('abort', () => process.exit(EXIT.interrupted));
  try {
    return await groupOfModule(paths, labels, {
      runtime,
      silenceMs,
      choose: (workloads) => {
        const kept = workloads.filter(filterOf(options));
        if (kept.length > 0) return kept;
        throw leavesNothing(options, workloads.length);
      },
    });
  } finally {
    interrupt.dispose();
  }
}
