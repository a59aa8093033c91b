/** Summaries of runs of agents, as the tests want them. */
import { type Summary, summarize } from '../../src/report/summary.ts';
import type { SampleSeries } from '../../src/results/samples.ts';
import { samplesDocument, series } from '../results/document.ts';

interface AgentRow {
  readonly name: string;
  readonly params: SampleSeries['params'];
  readonly ns: number;
  readonly changes?: Partial<SampleSeries>;
}

/** Each row of four forks, two rounds each, a little apart. */
export function agentSummary(rows: readonly AgentRow[]): Summary {
  const list = rows.flatMap(({ name, params, ns, changes }, block) =>
    [0, 1, 2, 3].map((fork) =>
      series({
        workload: `agents/${name}`,
        params,
        fork,
        block,
        overlap: 1,
        startSkewNs: 100,
        windowsApart: 0,
        fairness: 1,
        leastShare: 1,
        pinning: 'processors 0, 1',
        durationNs: [ns * 1000 * (1 + fork / 1000), ns * 1000 * (1 + fork / 1000)],
        operations: [1000, 1000],
        ...changes,
      }),
    ),
  );
  return summarize(samplesDocument({ series: list, unavailable: [] }));
}
