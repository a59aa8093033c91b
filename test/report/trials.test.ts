import { describe, expect, test } from 'vitest';
import { coverageReport, slowReport, tinybenchReport, twinReport } from '../../src/report/trials.ts';
import { trial, trialComparison } from '../results/trial.ts';

const repeat = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);
const text = ({ lines }: { lines: readonly string[] }) => lines.join('\n');

describe('identical arms', () => {
  const claim = { comparisons: 100, falseShare: 0.01, sameShare: 0.9 };
  const of = (same: number, inconclusive: number, slower: number, durationMs = 4000) => {
    const verdicts = [
      ...repeat(same, 'same'),
      ...repeat(inconclusive, 'inconclusive'),
      ...repeat(slower, 'slower'),
    ];
    return verdicts.map((verdict) => trial([verdict as 'same'], { durationMs }));
  };

  test.each([
    ['held', of(95, 4, 1)],
    ['missed for false ones', of(96, 2, 2)],
    ['missed for too few that are the same', of(89, 11, 0)],
    ['missed for time', of(100, 0, 0, 11_000)],
    ['open before there are enough', of(50, 0, 49)],
    ['open without any', []],
  ])('%s', (outcome, trials) => {
    expect(twinReport(trials, claim).outcome).toBe(outcome.split(' ')[0]);
  });

  test('prints the margin as it was given', () => {
    expect(text(twinReport([trial(['same'], { margin: 0.0025 })], claim))).toContain('margin 0.25%');
  });

  test('counts comparisons and runs apart, and says what is still possible', () => {
    const report = text(twinReport([trial(['same', 'slower', 'slower']), trial(['same'])], claim));
    expect(report).toContain('4 comparisons of identical arms in 2 runs, margin 1%');
    expect(report).toContain('false 50.0%, 95% upper bound 90.2%');
    expect(report).toContain('runs with any false verdict 1 of 2 (50.0%), upper bound 97.5%');
    expect(report).toContain('time per comparison 2.00 s');
  });
});

describe('a build with extra work', () => {
  const trials = (found: number, missed: number, wrong = 0) =>
    [...repeat(found, 'slower'), ...repeat(missed, 'inconclusive'), ...repeat(wrong, 'faster')].map(
      (verdict) => trial([verdict as 'slower']),
    );

  test.each([
    ['held', trials(90, 10), 0.9],
    ['missed', trials(89, 11), 0.9],
    ['missed', trials(99, 0, 1), 0.9],
    ['held', trials(0, 100), 0],
    ['missed', trials(0, 99, 1), 0],
    ['open', trials(0, 99), 0.9],
  ])('%s', (outcome, list, foundShare) => {
    expect(slowReport(list, [], { trials: 100, foundShare }).outcome).toBe(outcome);
  });

  test('says its true size, which a long run measured', () => {
    const ratio = { estimate: 1.031, low: 1.029, high: 1.033 };
    const size = trial([], { comparisons: [trialComparison({ ratio, forkCount: 60 })] });
    expect(text(slowReport(trials(1, 0), [size], { trials: 100, foundShare: 0.9 }))).toContain(
      'true size 3.10% slower, 2.90% to 3.30% (one run of 60 forks)',
    );
  });
});

describe('coverage', () => {
  const ratioOf = (estimate: number) => ({ estimate, low: estimate - 0.01, high: estimate + 0.01 });
  const run = (estimate: number, variant = 'forward 12 forks', kind = 'build') =>
    trial([], { variant, comparisons: [trialComparison({ kind, ratio: ratioOf(estimate) })] });

  test.each([
    [95, 'held'],
    [89, 'missed'],
    [100, 'missed'],
  ])('of identical arms is about 1: %i of 100 intervals hold it: %s', (held, outcome) => {
    const report = coverageReport([...repeat(held, run(1.005)), ...repeat(100 - held, run(1.02))]);
    expect(report.outcome).toBe(outcome);
    expect(text(report)).toContain(`all: ${held}.0% of 100 intervals`);
  });

  test('of different arms is about what all runs estimate', () => {
    const report = coverageReport([
      ...repeat(95, run(1.5, 'a', 'implementation')),
      ...repeat(5, run(1.6, 'b', 'implementation')),
    ]);
    expect(text(report)).toContain('all: 95.0% of 100 intervals');
    expect(text(report)).toMatch(/^ {2}b: 0\.0+% of 5 intervals/m);
  });

  test('that is right in all does not hide a kind or variant that is off', () => {
    const spread = (held: number, of: number, variant: string, kind: string) => [
      ...repeat(held, run(1, variant, kind)),
      ...repeat(of - held, run(1.02, variant, kind)),
    ];
    const good = spread(193, 200, 'forward', 'build');
    expect(coverageReport([...good, ...spread(9, 10, 'forward', 'implementation')]).outcome).toBe('held');
    expect(coverageReport([...good, ...spread(4, 10, 'forward', 'implementation')]).outcome).toBe('missed');
    expect(coverageReport([...good, ...spread(4, 10, 'reverse', 'build')]).outcome).toBe('missed');
    // Too few to say that of: the interval reaches into the range.
    expect(coverageReport([...good, ...spread(2, 4, 'reverse', 'build')]).outcome).toBe('held');
  });

  test('is open before there are enough', () => {
    expect(coverageReport([run(1)]).outcome).toBe('open');
    expect(coverageReport([]).outcome).toBe('open');
  });
});

test('what tinybench would have said is counted in one process and in all', () => {
  const report = text(tinybenchReport([trial(['same', 'same'])]));
  expect(report).toMatch(
    /one process.*\n.*apart: 0 of 2 pairs .*\n.*p < 0\.05: 2 of 2 pairs called different \(100\.0%/,
  );
  expect(tinybenchReport([]).outcome).toBe('open');
});
