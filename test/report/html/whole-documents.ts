/** Documents beside samples whose sections have everything that there is, with made-up figures. */
import type { OtherDocument } from '../../../src/results/documents.ts';
import type { HistoryDocument, HistorySeries } from '../../../src/results/history-document.ts';
import type { ProfileDocument } from '../../../src/results/profile.ts';
import type { SizingDocument } from '../../../src/results/sizing.ts';
import { historyDocument, historySeriesOf } from '../../results/history-document.ts';
import { profileDocument, profiledFunction } from '../../results/profile-document.ts';
import { conclusion, sizingDocument } from '../../results/sizing-document.ts';

/** @param name of a stranger, which takes the place of all others */
export function wholeDocuments(name?: string): OtherDocument[] {
  const named = { profile: profileOf(name), history: historyOf(name), sizing: sizingOf(name) };
  return [named.sizing, named.history, named.profile, profileDocument({ seesInlined: false })];
}

/** Levels of series over their runs, each ten runs long. The last has not changed. */
const LEVELS = {
  'some-reads': [2, 4],
  'some-writes': [6, 3, 3.3],
  'some-boots': [900, 905],
};

function historyOf(name?: string): HistoryDocument {
  const names: Partial<HistorySeries> =
    name === undefined
      ? {}
      : {
          ...{ workload: name, params: { [name]: name }, implementation: name, runtime: name },
          conditions: { cpuModel: name, policy: name },
        };
  const series = Object.entries(LEVELS).map(([workload, levels]) => seriesOf(levels, { workload, ...names }));
  return historyDocument({ file: name ?? 'results/history.ndjson', series });
}

function seriesOf(levels: readonly number[], names: Partial<HistorySeries>): HistorySeries {
  const timesNs = levels.flatMap((ns) => Array.from({ length: 10 }, (_, i) => ns * (1 + 0.002 * (i % 3))));
  const whole = historySeriesOf(timesNs, null, names);
  const changes = levels.flatMap((ns, i) => {
    const ratio = ns / (levels[i - 1] ?? ns);
    const index = 10 * i;
    return Math.abs(ratio - 1) < 0.01 ? [] : [{ index, createdAt: whole.points[index]!.createdAt, ratio }];
  });
  return { ...whole, changes };
}

/** What is right, wrong in several ways, given up, not sized, not asked and not run. */
function sizingOf(name?: string): SizingDocument {
  const { policies } = sizingDocument();
  const text = name ?? 'BAR 2 is not a power of two, which no sizer of this kind expects of a device';
  const others = [
    conclusion({ sizer: name ?? 'v13', bars: [], applies: false }),
    conclusion({ sizer: 'rust-vmm', bars: [], notRun: text }),
    conclusion({ sizer: 'seabios', bars: [], failure: text, accesses: 3 }),
    conclusion({
      sizer: 'ovmf',
      unsized: [{ barIdx: 2, why: text }],
      wrong: [
        { barIdx: 2, what: 'gone', consequence: text },
        { barIdx: 6, what: 'half', consequence: text },
      ],
    }),
  ];
  return sizingDocument({
    device: name ?? 'gh200-no-bar2',
    policies: policies.map((one) => ({
      ...one,
      policy: name ?? one.policy,
      sizers: [...one.sizers, ...others],
    })),
  });
}

/** Boxes of every share, as wide as the page and as narrow as a line. */
function profileOf(name?: string): ProfileDocument {
  const shares = ['boundary', 'decode', 'copy', 'native', 'gc', 'other', 'harness'] as const;
  const whole = profileDocument();
  const frames = shares.map((share) => ({
    name: name ?? `some ${share}`,
    file: name ?? `${share}.ts`,
    share,
  }));
  const functions = shares.map((share) =>
    profiledFunction({
      ...{ name: name ?? `some ${share}`, file: name ?? `${share}.ts`, share, selfShare: 1 / shares.length },
      deoptimisations: [{ reason: name ?? 'Insufficient type feedback for call', count: 12 }],
    }),
  );
  return profileDocument({
    workload: name ?? 'region-copy',
    params: name === undefined ? { sizeBytes: 4096 } : { [name]: name },
    shares: Object.fromEntries(
      shares.map((share) => [share, { share: 1 / shares.length, low: 0.1, high: 0.2 }]),
    ) as ProfileDocument['shares'],
    frames: [...whole.frames, ...frames],
    stacks: [
      ...whole.stacks,
      ...frames.map((_, i) => ({ frames: [0, 1, whole.frames.length + i], us: 40 * 3 ** i })),
    ],
    functions: [...whole.functions, ...functions],
  });
}
