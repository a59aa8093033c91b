import { describe, expect, test } from 'vitest';
import { calibrationFigures, countVerdicts } from '../../src/report/calibration.ts';
import { renderCalibration } from '../../src/report/calibration-table.ts';
import { calibrationDocument } from '../results/calibration-document.ts';
import { twinRun } from './twins.ts';

const quiet = { workload: 'config-read/batch', spread: 0.002 };
const loud = { workload: 'region-copy', spread: 0.02 };
const runs = (count: number, ...twins: Parameters<typeof twinRun>[0]) =>
  Array.from({ length: count }, (_, i) => twinRun(twins, 1 + Math.floor(i / 2)));

describe('a calibration', () => {
  const figures = calibrationFigures(runs(16, quiet, loud), 0.01)!;

  test('counts the verdicts of whole runs, with the bound of what they leave open', () => {
    const { same, inconclusive, faster, slower, suiteRuns, falseShareBound } = figures.atMargin;
    expect(same + inconclusive).toBe(32);
    expect([faster, slower, suiteRuns]).toEqual([0, 0, 16]);
    // All of the quiet ones are the same; none of the loud ones can be told.
    expect(same).toBeGreaterThanOrEqual(16);
    expect(falseShareBound).toBeCloseTo(1 - 0.05 ** (1 / 32), 9);
  });

  test('has a floor at which 95 of 100 come out the same, lower where there is less noise', () => {
    const { atFloor, overall, families } = figures;
    expect(atFloor.margin).toBe(overall.noiseFloor);
    expect(atFloor.same).toBeGreaterThanOrEqual(0.95 * 32);
    const { 'config-read': read, 'region-copy': copy } = families;
    // Half an interval over 12 forks is 2.2 to 2.8 standard errors: at 0.2 %, about 0.2 %.
    expect(read!.noiseFloor).toBeGreaterThan(0.001);
    expect(read!.noiseFloor).toBeLessThan(0.005);
    expect(copy!.noiseFloor).toBeGreaterThan(4 * read!.noiseFloor);
    expect((overall.noiseFloor * 1000) % 1).toBe(0);
  });

  test('finds the smallest effect beyond the wider of margin and floor', () => {
    const { 'config-read': read, 'region-copy': copy } = figures.families;
    expect(read!.smallestEffect).toBeGreaterThan(0.01);
    expect(read!.smallestEffect).toBeLessThan(0.015);
    expect(copy!.smallestEffect).toBeGreaterThan(copy!.noiseFloor);
  });

  test('the smallest effect is found as often as it says', () => {
    const { smallestEffect } = figures.families['config-read']!;
    const slowed = Array.from({ length: 40 }, (_, i) =>
      twinRun([{ ...quiet, ratio: 1 + smallestEffect }], 100 + i),
    );
    const { slower, faster } = calibrationFigures(slowed, 0.01)!.atMargin;
    expect(slower).toBeGreaterThanOrEqual(30);
    expect(faster).toBe(0);
  });

  test('levels of processes differ more between two runs than inside one', () => {
    const { noiseFloor, noiseFloorApart } = figures.families['config-read']!;
    expect(noiseFloorApart).toBeGreaterThan(5 * noiseFloor);
  });

  test('of one run knows nothing of two, and of less than four forks nothing at all', () => {
    expect(calibrationFigures(runs(1, quiet), 0.01)!.overall.noiseFloorApart).toBeNull();
    const [run] = runs(1, quiet);
    const oneFork = { ...run!, series: run!.series.filter(({ fork }) => fork === 0) };
    expect(calibrationFigures([oneFork], 0.01)).toBeNull();
    const firstForks = (count: number, [run]: ReturnType<typeof runs>) => {
      return { ...run!, series: run!.series.filter(({ fork }) => fork < count) };
    };
    const pair = (count: number) => [firstForks(count, runs(1, quiet)), firstForks(count, runs(1, quiet))];
    expect(calibrationFigures(pair(3), 0.01)).toBeNull();
    const { overall, atMargin } = calibrationFigures(pair(4), 0.01)!;
    expect([overall.comparisons, atMargin.same + atMargin.inconclusive]).toEqual([2, 2]);
    expect(overall.noiseFloorApart).not.toBeNull();
    // Twelve forks of the one run, three of the other: nothing is known of two.
    const apart = calibrationFigures([...runs(1, quiet), firstForks(3, runs(1, quiet))], 0.01)!;
    expect(apart.overall).toMatchObject({ comparisons: 1, noiseFloorApart: null });
    expect(calibrationFigures([], 0.01)).toBeNull();
  });

  test('sees a difference that is there: a twin that is none', () => {
    const { slower } = calibrationFigures(runs(2, { ...quiet, ratio: 1.05 }), 0.01)!.atMargin;
    expect(slower).toBe(2);
  });
});

test('verdicts are counted by comparison and by run', () => {
  const counts = countVerdicts([['same', 'faster', 'slower'], ['same', 'inconclusive'], ['slower']], 0.01);
  expect(counts).toMatchObject({ same: 2, inconclusive: 1, faster: 1, slower: 2, falseShare: 0.5 });
  expect(counts).toMatchObject({ suiteRuns: 3, suiteRunsWithFalse: 2 });
});

test('prints a margin as it was given, however fine', () => {
  const { atMargin } = calibrationDocument();
  const text = renderCalibration(calibrationDocument({ atMargin: { ...atMargin, margin: 0.0025 } }), {
    color: false,
    width: 100,
  });
  expect(text).toContain('\n0.25% ');
});

test('is printed with margins that can be given back', () => {
  const text = renderCalibration(calibrationDocument({ interrupted: true }), { color: false, width: 100 });
  expect(text).toMatchInlineSnapshot(`
    "               comparisons  noise floor  of two runs  smallest effect
    all workloads           70           2%           5%               4%
    config-read             20         0.5%           3%               4%
    region-copy             20         2.3%           8%               4%

    margin  same  inconclusive  false  at most  runs with any
    1%        60            10      0     4.2%         0 of 5
    2%        66             4      0     4.2%         0 of 5

    floor     the smallest margin at which 95% of identical arms come out the same, with up to 12 forks
    effect    the smallest slowdown that is found with probability 90%, taken alone, at the wider of margin and floor
    at most   95% upper bound of the share of false verdicts
    machine   Example CPU, node 26.10.0
    note      interrupted: the figures rest on what was measured until then
    "
  `);
});
