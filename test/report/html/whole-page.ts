/** Reports whose page has every section, with made-up figures. */
import type { ConditionsReport } from '../../../src/report/by-conditions.ts';
import { toHtml } from '../../../src/report/html/page.ts';
import type { PhaseSummary } from '../../../src/report/phases.ts';
import type { StackRow } from '../../../src/report/stack.ts';
import type { Summary } from '../../../src/report/summary.ts';
import { arm } from '../../results/document.ts';
import { agentSummary } from '../agents.ts';
import { abDocument, forksOf, reportsOf } from '../export/results.ts';
import { exampleRun } from '../run.ts';
import { wholeDocuments } from './whole-documents.ts';

export const SIZES = [64, 512, 4096, 32_768];

export const OFFSETS = [
  [0, 0],
  [16, 0],
  [0, 16],
  [3, 17],
] as const;

/** Every section that there is, of samples and of other documents. */
export function wholePage(): string {
  return toHtml(wholeReports(), wholeDocuments());
}

export function wholeReports(): ConditionsReport[] {
  const [run] = reportsOf(runDocument());
  const [ab] = reportsOf(abDocument());
  for (const row of run!.summary.workloads.slice(0, 3)) row.latencyNs = latenciesFrom(row.nsPerOp!.estimate);
  return [
    { ...run!, summary: { ...run!.summary, stacks: STACKS, phases: PHASES } },
    ab!,
    { ...run!, summary: agentsOfAllKinds() },
  ];
}

/** A run, with a curve of sizes, one of offsets, and with rows of an implementation that was not there. */
function runDocument() {
  const run = exampleRun({ native: true, forks: 8 });
  const swept = SIZES.flatMap((sizeBytes) =>
    ['wasm', 'ts'].flatMap((implementation, i) =>
      forksOf(
        { ...RUN_ARM, workload: 'region-fill', params: { sizeBytes }, implementation },
        (1 + i) * sizeBytes,
      ),
    ),
  );
  const copied = OFFSETS.flatMap(([srcOffsetBytes, dstOffsetBytes], i) =>
    ['wasm', 'ts'].flatMap((implementation, k) =>
      forksOf(
        {
          ...{ ...RUN_ARM, workload: 'region-move', implementation },
          params: { sizeBytes: 4096, srcOffsetBytes, dstOffsetBytes },
        },
        (1 + k) * 90 * (1 + i),
      ),
    ),
  );
  const fill = { ...RUN_ARM, workload: 'region-fill', params: { sizeBytes: SIZES[0]! } };
  const unavailable = [{ ...fill, implementation: 'native', reason: 'no C compiler was found' }];
  return { ...run, series: [...run.series, ...swept, ...copied], unavailable };
}

const RUN_ARM = { ...arm, runtime: 'node 26.10.0', build: '0.1.0' };

const share = (value: number) => ({ share: value, low: value - 0.01, high: value + 0.01 });

const STACKS: StackRow[] = [0.2, 0.5].map((harness, i) => ({
  ...RUN_ARM,
  implementation: ['wasm', 'ts'][i]!,
  nsPerOp: 1.5 + i,
  pairedRounds: 20,
  stack: {
    harness: share(harness),
    boundary: share(0.05),
    copy: null,
    bounds: share(0.1),
    decode: share(0.85 - harness),
  },
}));

const PHASES: PhaseSummary[] = [
  {
    implementation: 'wasm',
    runtime: RUN_ARM.runtime,
    build: RUN_ARM.build,
    forks: 4,
    compileNs: { estimate: 4e5, low: 3e5, high: 5e5 },
    instantiateNs: null,
    firstOverSteady: { estimate: 14, low: 12, high: 17 },
  },
];

function latenciesFrom(p50: number) {
  return { p50, p90: p50 * 1.5, p99: p50 * 9, p999: p50 * 20, max: p50 * 40, count: 10_000 };
}

/** Curves over footprints and over agents, latency under load, and a matrix of processors. */
function agentsOfAllKinds(): Summary {
  const grown = [1, 2, 4].flatMap((agents) =>
    [1024, 2048, 4096].map((footprintBytes) => ({
      name: 'stream',
      params: { agents, footprintBytes },
      ns: (footprintBytes / agents) * (1 + footprintBytes / 1e4),
    })),
  );
  const loaded = [1, 2, 3, 4, 10].map((load) => ({
    name: 'loaded-latency',
    params: { agents: 2, loadIntervalNs: 1000 / load },
    ns: 50 * load,
  }));
  const pairs = ['0-1', '1-0', '0-2', '2-0', '1-2', '2-1'].map((processors, i) => ({
    name: 'ping-pong-cas',
    params: { agents: 2, path: 'direct', processors },
    ns: 60 * (i + 1),
  }));
  const summary = agentSummary([...grown, ...loaded, ...pairs]);
  for (const row of summary.workloads) {
    const interval = row.params.loadIntervalNs;
    if (typeof interval !== 'number') continue;
    row.sharing = { ...row.sharing!, load: { offeredBytesPerSec: null, bytesPerSec: 1e12 / interval } };
    row.latencyNs = latenciesFrom(row.nsPerOp!.estimate);
  }
  return summary;
}
