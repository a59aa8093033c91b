import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { Random } from '../../src/random.ts';
import { TimesCollector } from '../../src/report/arm-times.ts';
import { type CompareSummary, comparedSide, compareResults } from '../../src/report/compare.ts';
import { renderComparison } from '../../src/report/compare-text.ts';
import type { SampleSeries, SamplesDocument } from '../../src/results/samples.ts';
import { arm, samplesDocument, series } from '../results/document.ts';

const ROUNDS = Array.from({ length: 20 }, (_, i) => i);

interface Level {
  readonly seed: number;
  /** Nanoseconds per operation, before the noise of forks and rounds, each of half a percent. */
  readonly ns: number;
  readonly forks?: number;
}

/** Forks of one arm. */
function measured({ seed, ns, forks = 8 }: Level, changes: Partial<SampleSeries> = {}): SampleSeries[] {
  const random = new Random(seed).fork(JSON.stringify(changes));
  const noise = () => 1 + 0.01 * (random.float() - 0.5);
  return Array.from({ length: forks }, (_, fork) => {
    const level = ns * noise();
    return series({
      fork,
      round: ROUNDS,
      durationNs: ROUNDS.map(() => 1000 * level * noise()),
      operations: ROUNDS.map(() => 1000),
      ...changes,
    });
  });
}

function side(source: string, { series: list, ...head }: SamplesDocument) {
  const times = new TimesCollector();
  for (const one of list) times.add(one);
  return comparedSide(source, { ...head, series: [] }, times);
}

function compared(before: SamplesDocument, after: SamplesDocument, margin = 0.01): CompareSummary {
  return compareResults(side('old.json', before), side('new.json', after), margin);
}

const document = (list: SampleSeries[], changes: Partial<SamplesDocument> = {}) =>
  samplesDocument({ series: list, unavailable: [], ...changes });
const verdicts = ({ comparisons }: CompareSummary) =>
  comparisons.map(({ candidate, verdict }) => `${candidate.implementation} ${verdict}`);

describe('verdicts', () => {
  test('of arms that got slower, faster, and stayed as they were', () => {
    const summary = compared(
      document([
        ...measured({ seed: 1, ns: 2 }),
        ...measured({ seed: 1, ns: 2 }, { implementation: 'ts' }),
        ...measured({ seed: 1, ns: 2 }, { implementation: 'native' }),
      ]),
      document([
        ...measured({ seed: 2, ns: 2.1 }),
        ...measured({ seed: 2, ns: 2 }, { implementation: 'ts' }),
        ...measured({ seed: 2, ns: 1.8 }, { implementation: 'native' }),
      ]),
    );
    expect(verdicts(summary)).toEqual(['wasm slower', 'ts same', 'native faster']);
    expect(summary.comparisons[0]!.ratio.estimate).toBeCloseTo(1.05, 2);
  });

  test('are the same again for the same samples, and opposite for swapped files', () => {
    const a = document(measured({ seed: 1, ns: 2 }));
    const b = document(measured({ seed: 2, ns: 2.1 }));
    expect(compared(a, b)).toEqual(compared(a, b));
    expect(verdicts(compared(b, a))).toEqual(['wasm faster']);
    expect(verdicts(compared(a, a))).toEqual(['wasm same']);
  });

  test('of one process there is none, and it says why', () => {
    const summary = compared(
      document(measured({ seed: 1, ns: 2, forks: 1 })),
      document(measured({ seed: 2, ns: 4, forks: 8 })),
    );
    expect(summary.comparisons).toMatchObject([
      { verdict: 'inconclusive', reason: 'one process cannot tell its own luck from a difference' },
    ]);
    expect(summary.comparisons[0]!.ratio.estimate).toBeCloseTo(2, 1);
  });

  test.each([2, 3])('of %i processes on one side there is none, and it says why', (forks) => {
    const [before, after] = [measured({ seed: 1, ns: 2 }), measured({ seed: 2, ns: 4, forks })];
    for (const summary of [
      compared(document(before), document(after)),
      compared(document(after), document(before)),
    ]) {
      expect(summary.comparisons).toMatchObject([
        {
          verdict: 'inconclusive',
          reason: 'fewer than 4 processes are too often alike by chance',
          forkCount: forks,
        },
      ]);
    }
    const four = measured({ seed: 2, ns: 4, forks: 4 });
    expect(verdicts(compared(document(before), document(four)))).toEqual(['wasm slower']);
  });

  test('never come from other phases', () => {
    const first = measured({ seed: 3, ns: 90 }, { phase: 'first' });
    const summary = compared(
      document([...measured({ seed: 1, ns: 2 }), ...first]),
      document(measured({ seed: 2, ns: 2 })),
    );
    expect(verdicts(summary)).toEqual(['wasm same']);
  });

  test('a few of very many that look like changes by chance are not taken for changes', () => {
    // Levels between forks differ by more than the margin, so that intervals are wide and some leave it by chance.
    const wild = (seed: number) =>
      Array.from({ length: 150 }, (_, i) =>
        [0, 1, 2, 3].flatMap((fork) => {
          const random = new Random(seed * 1000 + i * 10 + fork);
          const level = 2 * (1 + 0.03 * (random.float() - 0.5));
          return series({
            fork,
            params: { sizeBytes: i },
            durationNs: [1000 * level, 1000 * level],
            operations: [1000, 1000],
          });
        }),
      ).flat();
    const summary = compared(document(wild(1)), document(wild(2)), 0.0001);
    const chance = summary.comparisons.filter(({ reason }) => reason?.startsWith('chance alone'));
    expect(chance.length).toBeGreaterThan(0);
    expect(summary.comparisons.filter(({ verdict }) => verdict === 'slower' || verdict === 'faster')).toEqual(
      [],
    );
  });
});

test('what too few processes measured lets no faint change of others through', () => {
  const sizes = Array.from({ length: 40 }, (_, i) => 10 + i);
  const sized = (sizeBytes: number, level: Level) => measured(level, { params: { sizeBytes } });
  const sides = [1, 2].map((seed) => ({
    faint: sized(1, { seed, ns: seed === 1 ? 2 : 2.0295 }),
    same: sizes.flatMap((size) => sized(size, { seed, ns: 2 })),
    few: sizes.flatMap((size) => sized(1000 + size, { seed, ns: 2 * seed ** 4, forks: 3 })),
  }));
  const verdictOfFaint = (...parts: ('faint' | 'same' | 'few')[]) => {
    const [before, after] = sides.map((one) => document(parts.flatMap((part) => one[part])));
    return compared(before!, after!).comparisons[0]!.verdict;
  };
  expect(verdictOfFaint('faint')).toBe('slower');
  expect(verdictOfFaint('faint', 'same')).toBe('inconclusive');
  expect(verdictOfFaint('faint', 'same', 'few')).toBe('inconclusive');
});

describe('pairs', () => {
  const [a, b] = [measured({ seed: 1, ns: 2 }), measured({ seed: 2, ns: 2 })];

  test('are of kind build, and of kind runtime where that alone differs', () => {
    const renamed = (changes: Partial<SampleSeries>) => document(b.map((one) => ({ ...one, ...changes })));
    expect(compared(document(a), renamed({ build: 'b2' })).comparisons).toMatchObject([
      { kind: 'build', baseline: { build: 'b1' }, candidate: { build: 'b2' } },
    ]);
    expect(compared(document(a), renamed({ runtime: 'node 24.1.0' })).comparisons).toMatchObject([
      { kind: 'runtime', baseline: arm, candidate: { ...arm, runtime: 'node 24.1.0' } },
    ]);
    expect(compared(document(a), renamed({})).comparisons).toMatchObject([{ kind: 'build' }]);
  });

  test('of several builds are those of equal names; what has no partner is named', () => {
    const other = a.map((one) => ({ ...one, build: 'b2' }));
    const summary = compared(document([...a, ...other]), document(b));
    expect(summary.comparisons).toMatchObject([{ baseline: { build: 'b1' }, candidate: { build: 'b1' } }]);
    expect(summary.unmatched).toMatchObject([{ build: 'b2', source: 'old.json' }]);
  });

  test('which of several builds is meant is not guessed', () => {
    const builds = ['b2', 'b3'].flatMap((build) => b.map((one) => ({ ...one, build })));
    expect(() => compared(document(a), document(builds))).toThrow('have no workload in common');
  });

  test('noop is in none', () => {
    const noop = (list: SampleSeries[]) => list.map((one) => ({ ...one, implementation: 'noop' }));
    expect(compared(document([...a, ...noop(a)]), document([...b, ...noop(b)])).comparisons).toHaveLength(1);
  });

  test('with other answers did not do the same work', () => {
    const summary = compared(document(a), document(b.map((one) => ({ ...one, checksum: '00000000' }))));
    expect(summary.comparisons).toMatchObject([{ sameAnswers: false }]);
  });
});

test('counted work that differs is a change, whatever the times say', () => {
  const count = (wasmLoads: number) => [{ ...arm, toolchain: 'asc 1', operations: 8, counts: { wasmLoads } }];
  const [a, b] = [measured({ seed: 1, ns: 2 }), measured({ seed: 2, ns: 2 })];
  const summary = compared(document(a, { work: count(100) }), document(b, { work: count(110) }));
  expect(summary.work).toMatchObject([
    { verdict: 'changed', differences: [{ counter: 'wasmLoads', baseline: 100, candidate: 110 }] },
  ]);
  expect(renderComparison(summary, { color: false, width: 100 })).toContain(
    'beyond ±1%.\n\nchanged: config-read batch 4 B, header, wasm: wasmLoads 100 -> 110 (1.1)\nwork: 0 of 1 unchanged\n',
  );
});

test('counted work is paired as times are: with several builds, by their names', () => {
  const [a, b] = [measured({ seed: 1, ns: 2 }), measured({ seed: 2, ns: 2 })];
  const count = (build: string, wasmLoads: number) => {
    return { ...arm, build, toolchain: 'asc 1', operations: 8, counts: { wasmLoads } };
  };
  const before = document(a, { work: [count('b1', 100), count('b2', 200)] });
  const builds = ({ work }: CompareSummary) => work.map((one) => [one.baseline.build, one.candidate.build]);
  const same = compared(before, document(b, { work: [count('b2', 200), count('b1', 100)] }));
  expect(builds(same)).toEqual([
    ['b2', 'b2'],
    ['b1', 'b1'],
  ]);
  expect(same.work.map(({ verdict }) => verdict)).toEqual(['unchanged', 'unchanged']);
  const unknown = compared(before, document(b, { work: [count('b3', 200), count('b4', 100)] }));
  expect(unknown.work).toEqual([]);
});

test('what either side left out is in the document and in the text, with its reason', () => {
  const [a, b] = [measured({ seed: 1, ns: 2 }), measured({ seed: 2, ns: 2 })];
  const lost = (fork: number, reason: string) => ({ ...arm, block: 0, fork, rounds: 0, reason });
  const summary = compared(
    document(a, { excluded: [lost(8, 'the process ended by SIGKILL')] }),
    document(b, { excluded: [lost(8, 'wrong answer'), lost(9, 'wrong answer')] }),
  );
  expect(summary.excluded).toMatchObject([
    { source: 'old.json', fork: 8, reason: 'the process ended by SIGKILL' },
    { source: 'new.json', fork: 8, reason: 'wrong answer' },
    { source: 'new.json', fork: 9, reason: 'wrong answer' },
  ]);
  expect(renderComparison(summary, { color: false, width: 120 })).toContain(
    'Left out of old.json: 1 fork of config-read batch 4 B, header: the process ended by SIGKILL.\n' +
      'Left out of new.json: 2 forks of config-read batch 4 B, header: wrong answer.\n',
  );
});

describe('machines', () => {
  const [a, b] = [measured({ seed: 1, ns: 2 }), measured({ seed: 2, ns: 2 })];
  const fingerprint = { cpuModel: 'Other CPU', coreCount: 2 };

  test('that differ are refused, with the facts and what to do', () => {
    const compare = () => compared(document(a), document(b, { fingerprint }));
    expect(compare).toThrow(UsageError);
    expect(compare).toThrow(
      'cpuModel "Example CPU" and "Other CPU", coreCount "unknown" and 2. Measure both on one',
    );
  });

  test('are told by what they are, not by what may change on one of them', () => {
    const { cpuModel } = samplesDocument().fingerprint;
    const later = { cpuModel: cpuModel!, kernel: 'Linux 9', loadAverage1m: 3 };
    expect(verdicts(compared(document(a), document(b, { fingerprint: later })))).toEqual(['wasm same']);
  });

  test('are one thing, devices another: those must be equal, too', () => {
    const settings = { ...samplesDocument().settings, device: 'gb200' };
    expect(() => compared(document(a), document(b, { settings }))).toThrow(
      'device "gh200-120gb" and "gb200"',
    );
  });

  test('of merged files stand side by side, never in one verdict', () => {
    const { createdAt, settings } = samplesDocument();
    const machines = ['fast', 'slow', 'lone'].map((cpuModel) => ({
      id: cpuModel,
      createdAt,
      settings,
      fingerprint: { cpuModel },
    }));
    const on = (run: string, level: Level) => measured(level, { run });
    const before = document([...on('fast', { seed: 1, ns: 1 }), ...on('slow', { seed: 1, ns: 9 })], {
      runs: machines.slice(0, 2),
    });
    const after = document(
      [
        ...on('fast', { seed: 2, ns: 1.1 }),
        ...on('slow', { seed: 2, ns: 9 }),
        ...on('lone', { seed: 2, ns: 5 }),
      ],
      { runs: machines },
    );
    const summary = compared(before, after);
    expect(summary.comparisons).toMatchObject([
      { verdict: 'slower', conditions: { cpuModel: 'fast' } },
      { verdict: 'same', conditions: { cpuModel: 'slow' } },
    ]);
    expect(summary.lone).toMatchObject([{ source: 'new.json', conditions: { cpuModel: 'lone' } }]);
  });

  test('forks of several runs of one machine count as so many processes', () => {
    const { createdAt, settings, fingerprint } = samplesDocument();
    const runs = ['r1', 'r2'].map((id) => ({ id, createdAt, settings, fingerprint }));
    const both = runs.flatMap(({ id }, i) => measured({ seed: i, ns: 2, forks: 3 }, { run: id }));
    const summary = compared(document(both, { runs }), document(b));
    expect(summary.workloads.map(({ forkCount }) => forkCount)).toEqual([6, 8]);
  });
});

describe('text', () => {
  const options = { color: false, width: 100 };
  const summary = compared(
    document([
      ...measured({ seed: 1, ns: 2 }),
      ...measured({ seed: 1, ns: 2 }, { implementation: 'ts' }),
      ...measured({ seed: 1, ns: 2, forks: 1 }, { implementation: 'native' }),
      ...measured({ seed: 1, ns: 2 }, { workload: '\x1b[31mgone\x1b[0m' }),
    ]),
    document([
      ...measured({ seed: 2, ns: 3 }),
      ...measured({ seed: 2, ns: 2 }, { implementation: 'ts' }),
      ...measured({ seed: 2, ns: 2 }, { implementation: 'native' }),
    ]),
  );

  test('has what changed first, then what is not known, then the rest in one line', () => {
    const text = renderComparison(summary, options);
    expect(text).toMatch(
      /^old\.json \(2026-11-22, b1\) to new\.json \(2026-11-22, b1\)\n\nChanged beyond ±1%\n {2}config-read\/batch 4 B, header +wasm +2\.0\d ns +(?:2\.9\d|3\.0\d) ns +1\.\d{3}× +1\.\d{3} to 1\.\d{3} +slower\n\nNot decided\n.*native.*inconclusive\nOne process cannot tell its own luck from a difference\.\n\n1 of 3 are the same within ±1%\.\n\nOnly in old\.json: gone 4 B, header wasm\. A gate counts what the candidate lacks as inconclusive\.\n/,
    );
    expect(text).toContain('measured one after the other');
    expect(text).not.toContain('\x1b');
  });

  test('names builds and runtimes where there are several, and only there', () => {
    const builds = (seed: number, list: string[]) =>
      document(list.flatMap((build, i) => measured({ seed, ns: 2 + seed * (i + 1) }, { build })));
    const text = renderComparison(compared(builds(1, ['b1', 'b2', 'b3']), builds(2, ['b1', 'b2'])), options);
    expect(text).toMatch(/4 B, header +b2 .*slower\n.*4 B, header +b1 .*slower\n/);
    expect(text).toContain('Only in old.json: config-read/batch 4 B, header b3.');
    expect(renderComparison(compared(builds(1, ['b1']), builds(2, ['b2'])), options)).toMatch(
      /header +wasm .*slower/,
    );
  });

  test('says so where nothing changed', () => {
    const same = compared(document(measured({ seed: 1, ns: 2 })), document(measured({ seed: 2, ns: 2 })));
    const text = renderComparison(same, options);
    expect(text).toContain(
      '\n\nNothing is known to have changed beyond ±1%.\n\nAll of 1 are the same within ±1%.',
    );
  });

  test('keeps to the width that there is', () => {
    for (const width of [60, 80, 120]) {
      const lines = renderComparison(summary, { ...options, width }).split('\n');
      expect(Math.max(...lines.map((line) => line.length)), String(width)).toBeLessThanOrEqual(
        Math.max(width, 74),
      );
    }
  });
});
