/** Lines of a history from samples: one for each run and arm. */
import { conditionsOf } from '../results/conditions.ts';
import { HISTORY_SCHEMA, type HistoryEntry } from '../results/history.ts';
import { runsOf } from '../results/runs.ts';
import type { Fingerprint, SamplesDocument } from '../results/samples.ts';
import { levelOf } from './arm-level.ts';
import type { TimesCollector } from './arm-times.ts';

/** @param head the document without its series, which `times` has */
export function historyEntries(head: SamplesDocument, times: TimesCollector): HistoryEntry[] {
  const runs = runsOf(head);
  return runs.flatMap((run) => {
    // Records need not name the only run.
    const ids = new Set(runs.length === 1 ? [run.id, undefined] : [run.id]);
    return times.arms(ids).map((arm): HistoryEntry => {
      const level = levelOf(arm, run.settings.seed);
      const { workload, params, implementation, runtime, build, evidence, tier, nsPerOp } = level;
      return {
        schema: HISTORY_SCHEMA,
        run: run.id,
        createdAt: run.createdAt,
        workload,
        params,
        implementation,
        runtime,
        build,
        commit: commitOf(run.fingerprint),
        evidence,
        tier,
        nsPerOp,
        forkCount: level.forkCount,
        roundCount: level.roundCount,
        conditions: conditionsOf(run),
      };
    });
  });
}

function commitOf({ gitCommit }: Fingerprint): string | null {
  return typeof gitCommit === 'string' ? gitCommit : null;
}
