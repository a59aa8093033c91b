import { describe, expect, test } from 'vitest';
import { Random } from '../../src/random.ts';
import { type Comparison, compareArms, undecided } from '../../src/report/comparisons.ts';
import { measuredArms } from '../../src/report/measured-arm.ts';
import type { Arm, SampleSeries, SamplesDocument, Settings } from '../../src/results/samples.ts';
import { levelAt } from '../../src/stats/looks.ts';
import { samplesDocument, series } from '../results/document.ts';
import { gauss } from '../stats/noise.ts';

const ROUNDS = 20;

/** wasm and ts in `forks` processes; wasm takes `ratio` times as long, up to a noise between forks of `spread`. */
interface Plan {
  forks: number;
  ratio?: number;
  spread?: number;
  /** Number of the first fork. */
  from?: number;
  arm?: Partial<Arm>;
}

function interleaved({ forks, ratio = 1, spread = 0.002, from = 0, arm = {} }: Plan): SampleSeries[] {
  const random = new Random(5).fork(JSON.stringify([ratio, spread, arm]));
  return Array.from({ length: forks }, (_, i) => i + from).flatMap((fork) => {
    // The level differs by a tenth from process to process; both arms go through it.
    const level = 1000 * (1 + 0.1 * random.float());
    const own = ratio * Math.exp(spread * gauss(random));
    const durations = (factor: number) =>
      Array.from({ length: ROUNDS }, () => level * factor * (1 + 0.001 * gauss(random)));
    const rounds = { ...arm, fork, block: 3, round: Array.from({ length: ROUNDS }, (_, round) => round) };
    const operations = new Array<number>(ROUNDS).fill(1000);
    return [
      series({ ...rounds, operations, implementation: 'wasm', durationNs: durations(own) }),
      series({ ...rounds, operations, implementation: 'ts', durationNs: durations(1) }),
    ];
  });
}

function document(list: SampleSeries[], settings: Partial<Settings> = {}): SamplesDocument {
  const made = samplesDocument({ series: list });
  return { ...made, settings: { ...made.settings, ...settings } };
}

function compare(list: SampleSeries[], settings: Partial<Settings> = {}): Comparison[] {
  const samples = document(list, settings);
  return compareArms(measuredArms(samples.series), samples.settings);
}

const one = (list: SampleSeries[], settings: Partial<Settings> = {}): Comparison => {
  const found = compare(list, settings);
  expect(found).toHaveLength(1);
  return found[0]!;
};

describe('a comparison over forks', () => {
  test.each([
    [0.95, 0.002, 'faster'],
    [1.05, 0.002, 'slower'],
    [1, 0.002, 'same'],
    [1.01, 0.002, 'inconclusive'],
    [1, 0.1, 'inconclusive'],
  ])('of ratio %f with noise %f is %s', (ratio, spread, verdict) => {
    const comparison = one(interleaved({ forks: 8, ratio, spread }));
    expect(comparison).toMatchObject({
      kind: 'implementation',
      verdict,
      reason: null,
      margin: 0.01,
      confidence: 0.95,
      forkCount: 8,
      pairedRounds: 8 * ROUNDS,
    });
    const { low, estimate, high } = comparison.ratio;
    expect(low).toBeLessThan(estimate);
    expect(high).toBeGreaterThan(estimate);
    expect(Math.abs(Math.log(estimate / ratio))).toBeLessThan(spread * 1.5);
  });

  test('takes the margin of the run', () => {
    const list = interleaved({ forks: 8, ratio: 1.03 });
    expect(one(list).verdict).toBe('slower');
    expect(one(list, { margin: 0.05 })).toMatchObject({ verdict: 'same', margin: 0.05 });
  });

  test('reads its verdict at the level of its look', () => {
    const looks = [4, 6, 9, 12];
    const list = interleaved({ forks: 4 });
    const { confidence, ratio } = one(list, { looks });
    expect(confidence).toBeCloseTo(1 - levelAt(looks, 4, 0.05), 12);
    // The interval is of 95 % wherever the run looks.
    expect(ratio).toEqual(one(list).ratio);
    // Enough noise for a single look at 95 %, too much for the first of several.
    const noisy = interleaved({ forks: 4, spread: 0.004 });
    expect(one(noisy).verdict).toBe('same');
    expect(one(noisy, { looks }).verdict).toBe('inconclusive');
  });

  test('is the same bit for bit whatever numbers the forks have and in whatever order they come', () => {
    const list = interleaved({ forks: 6, spread: 0.01 });
    const renumbered = list.map((one) => ({ ...one, fork: 40 - one.fork })).reverse();
    const [forward, backward] = [compare(list), compare(renumbered)];
    expect(backward).toEqual(forward);
  });

  test('counts forks of several runs apart, though their numbers are equal', () => {
    const runs = ['a', 'b'].flatMap((run) => interleaved({ forks: 3 }).map((one) => ({ ...one, run })));
    expect(one(runs)).toMatchObject({ forkCount: 6, pairedRounds: 6 * ROUNDS });
  });
});

describe('a comparison with less to go on', () => {
  test('has no verdict in one process', () => {
    expect(one(interleaved({ forks: 1, ratio: 2 }))).toMatchObject({
      verdict: null,
      reason: 'one process',
      confidence: null,
      forkCount: 1,
      pairedRounds: ROUNDS,
    });
  });

  test.each([2, 3])(
    'is inconclusive in %i processes, however clear it looks, and has an interval',
    (forks) => {
      const { ratio, ...comparison } = one(interleaved({ forks, ratio: 2 }));
      expect(comparison).toMatchObject({
        verdict: 'inconclusive',
        reason: 'fewer than 4 processes',
        forkCount: forks,
      });
      expect(ratio.low).toBeLessThan(2.02);
      expect(ratio.low).toBeGreaterThan(1.8);
      expect(one(interleaved({ forks, spread: 0.0001 })).verdict).toBe('inconclusive');
      expect(one(interleaved({ forks: 4, ratio: 2 }))).toMatchObject({ verdict: 'slower', reason: null });
    },
  );

  test('that was not interleaved needs four processes of either arm', () => {
    const list = interleaved({ forks: 8, ratio: 2 }).flatMap((one) => {
      if (one.implementation === 'ts') return [{ ...one, fork: one.fork + 100 }];
      return one.fork < 3 ? [one] : [];
    });
    expect(one(list)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'fewer than 4 processes',
      forkCount: 3,
      pairedRounds: 0,
    });
  });

  test('that was not interleaved bears what processes differ by', () => {
    const apart = (ratio: number) =>
      interleaved({ forks: 8, ratio }).map((one) =>
        one.implementation === 'ts' ? { ...one, fork: one.fork + 100 } : one,
      );
    expect(one(apart(2))).toMatchObject({
      verdict: 'slower',
      reason: 'not interleaved',
      forkCount: 8,
      pairedRounds: 0,
    });
    // Levels of processes differ by up to a tenth here, so 2 % cannot be seen.
    expect(one(apart(1.02)).verdict).toBe('inconclusive');
    const lonely = apart(2).filter(({ fork }) => fork <= 100);
    expect(one(lonely)).toMatchObject({ verdict: null, reason: 'one process', forkCount: 1 });
  });
});

describe('many comparisons', () => {
  const params = (size: number) => ({ params: { sizeBytes: size } });
  const identical = Array.from({ length: 40 }, (_, i) => interleaved({ forks: 6, arm: params(i) })).flat();
  const faint = interleaved({ forks: 6, ratio: 1.016, spread: 0.004, arm: params(1000) });
  const clear = interleaved({ forks: 6, ratio: 1.2, arm: params(2000) });
  const verdictOf = (size: number, list: SampleSeries[]) => {
    const { verdict, reason } = compare(list).find(({ candidate }) => candidate.params.sizeBytes === size)!;
    return { verdict, reason };
  };

  test('hold back a difference that so many would show by chance', () => {
    expect(verdictOf(1000, faint)).toEqual({ verdict: 'slower', reason: null });
    expect(verdictOf(1000, [...faint, ...identical])).toEqual({
      verdict: 'inconclusive',
      reason: 'held back by Benjamini–Hochberg',
    });
  });

  test('hold it back also beside many plain ones of too few processes, which decide nothing', () => {
    const few = Array.from({ length: 80 }, (_, i) =>
      interleaved({ forks: 3, ratio: 4, spread: 0.0001, arm: params(3000 + i) }),
    ).flat();
    expect(verdictOf(1000, [...faint, ...identical, ...few])).toEqual({
      verdict: 'inconclusive',
      reason: 'held back by Benjamini–Hochberg',
    });
  });

  test('hold it back also beside many plain ones of another kind', () => {
    // Two builds of ts, and each of them called one by one, which takes twice as long.
    const builds = (list: SampleSeries[]) =>
      list.map((one) => ({
        ...one,
        implementation: 'ts',
        build: one.implementation === 'wasm' ? 'B b' : 'A b',
      }));
    const calls = (list: SampleSeries[]) =>
      list.map((one) => ({
        ...one,
        workload: 'config-read/call',
        durationNs: one.durationNs.map((ns) => 2 * ns),
      }));
    const pairs = builds([...identical, ...faint].toSorted((a) => (a.implementation === 'ts' ? -1 : 1)));
    const found = compare([...pairs, ...calls(pairs)]).filter(
      ({ candidate }) => candidate.workload === 'config-read/batch' || candidate.params.sizeBytes !== 1000,
    );
    const huge = found.filter(({ kind, verdict }) => kind === 'call' && verdict === 'slower');
    expect(huge.length).toBeGreaterThan(40);
    const ofBuilds = found.filter(
      ({ kind, baseline }) => kind === 'build' && baseline.params.sizeBytes === 1000,
    );
    expect(ofBuilds).toMatchObject([
      { candidate: { build: 'B b' }, verdict: 'inconclusive', reason: 'held back by Benjamini–Hochberg' },
    ]);
  });

  test('let a clear one through, and leave the same the same', () => {
    const all = [...identical, ...clear];
    expect(verdictOf(2000, all)).toEqual({ verdict: 'slower', reason: null });
    expect(compare(all).filter(({ verdict }) => verdict === 'same')).toHaveLength(40);
  });
});

describe('undecided', () => {
  const names = (list: SampleSeries[], settings: Partial<Settings> = {}) =>
    undecided(document(list, settings)).map(({ candidate }) => candidate.params.sizeBytes);

  test('lists what more forks could settle: noise, and single processes', () => {
    const list = [
      ...interleaved({ forks: 5, arm: { params: { sizeBytes: 1 } } }),
      ...interleaved({ forks: 5, ratio: 1.5, arm: { params: { sizeBytes: 2 } } }),
      ...interleaved({ forks: 5, spread: 0.05, arm: { params: { sizeBytes: 3 } } }),
      ...interleaved({ forks: 1, ratio: 3, arm: { params: { sizeBytes: 4 } } }),
    ];
    expect(names(list)).toEqual([3, 4]);
  });

  test('leaves out kinds that a run is not made for', () => {
    const list = interleaved({ forks: 5 });
    const calls = list.map((one) => ({ ...one, workload: 'config-read/call', fork: one.fork + 50 }));
    const open = compare([...list, ...calls]).filter(({ verdict }) => verdict === 'inconclusive');
    expect(open.map(({ kind }) => kind)).toEqual(['call', 'call']);
    expect(undecided(document([...list, ...calls]))).toEqual([]);
  });

  test('of several builds is which build is faster, not which implementation', () => {
    const noisy = interleaved({ forks: 4, spread: 0.05 });
    expect(undecided(document(noisy)).map(({ kind }) => kind)).toEqual(['implementation']);
    const twins = noisy.map((one) => ({ ...one, build: 'b2' }));
    const kinds = compare([...noisy, ...twins]).map(({ kind, verdict }) => `${kind} ${verdict}`);
    expect(kinds.sort()).toEqual([
      'build same',
      'build same',
      'implementation inconclusive',
      'implementation inconclusive',
    ]);
    expect(undecided(document([...noisy, ...twins]))).toEqual([]);
  });

  test('counts builds and runtimes', () => {
    const noisy = interleaved({ forks: 4, spread: 0.05 }).map((one) =>
      one.implementation === 'wasm' ? { ...one, implementation: 'ts', build: 'b2' } : one,
    );
    expect(undecided(document(noisy))).toMatchObject([
      { kind: 'build', baseline: { build: 'b2' }, candidate: { build: 'b1' } },
    ]);
  });
});

describe('runtimes', () => {
  const on = (runtime: string) => interleaved({ forks: 6, arm: { runtime } });

  test('are held against the one that was named first, however the file sorts them', () => {
    const runtimes = ['node 26.10.0', 'node 22.20.0'];
    const list = [...on('node 22.20.0'), ...on('node 26.10.0')];
    const sides = (settings: Partial<Settings>) =>
      compare(list, settings)
        .filter(({ kind }) => kind === 'runtime')
        .map(({ baseline, candidate }) => [baseline.runtime, candidate.runtime]);
    expect(sides({ runtimes })).toEqual([
      ['node 26.10.0', 'node 22.20.0'],
      ['node 26.10.0', 'node 22.20.0'],
    ]);
    expect(sides({})[0]).toEqual(['node 22.20.0', 'node 26.10.0']);
    expect(sides({ runtimes: ['node 22.20.0'] })[0]).toEqual(['node 22.20.0', 'node 26.10.0']);
    expect(sides({ runtimes: ['node 26.10.0'] })[0]).toEqual(['node 26.10.0', 'node 22.20.0']);
  });
});
