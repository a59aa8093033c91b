import { describe, expect, test } from 'vitest';
import { phaseLines } from '../../src/report/cost-lines.ts';
import { summarizePhases } from '../../src/report/phases.ts';
import type { SampleSeries } from '../../src/results/samples.ts';
import { studentQuantile } from '../../src/stats/student-t.ts';
import { samplesDocument, series } from '../results/document.ts';

/** One duration a fork, in nanoseconds. */
function once(changes: Partial<SampleSeries>, durations: readonly number[], operations = 1): SampleSeries[] {
  return durations.map((ns, fork) =>
    series({ ...changes, fork, round: [0], durationNs: [ns], operations: [operations] }),
  );
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

const start = { workload: 'start', params: {} };
const list = [
  ...once({ ...start, phase: 'compile' }, [400_000, 380_000, 900_000]),
  ...once({ ...start, phase: 'instantiate' }, [120_000, 110_000, 130_000]),
  ...once({ phase: 'first' }, [5000, 6000, 7000], 100),
  // Steady: 10 ns in each fork; the first pass took 50, 60 and 70.
  ...once({}, [10_000, 10_000, 10_000], 1000),
  ...once({ ...start, phase: 'compile', implementation: 'ts' }, [4_000_000]),
];

describe('summarizePhases', () => {
  const phases = summarizePhases(samplesDocument({ series: list }));

  test('takes levels over processes, and holds a first pass against the steady time of its own arm', () => {
    expect(phases).toHaveLength(2);
    expect(phases[0]).toMatchObject({
      implementation: 'wasm',
      compileNs: { estimate: expect.closeTo(geometricMean([400_000, 380_000, 900_000]), 6) },
      instantiateNs: { estimate: expect.closeTo(geometricMean([120_000, 110_000, 130_000]), 6) },
      firstOverSteady: { estimate: expect.closeTo(geometricMean([5, 6, 7]), 9) },
      forks: 3,
    });
    expect(phases[1]).toMatchObject({ instantiateNs: null, firstOverSteady: null, forks: 1 });
  });

  test('has intervals of few processes by Student, which reach over what was seen', () => {
    const { low, high } = phases[0]!.firstOverSteady!;
    const logs = [5, 6, 7].map(Math.log);
    const mean = (logs[0]! + logs[1]! + logs[2]!) / 3;
    const spread = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 2 / 3);
    const reach = studentQuantile(0.025, 2) * spread;
    // Of single values, drawn again: what bootstrapping adds is small.
    expect(Math.log(high / low) / 2 / reach).toBeGreaterThan(0.9);
    expect(Math.log(high / low) / 2 / reach).toBeLessThan(1.1);
    expect([low < 5, high > 7]).toEqual([true, true]);
  });

  test('of one process keeps to what that shows', () => {
    expect(phases[1]!.compileNs).toEqual({ estimate: 4_000_000, low: 4_000_000, high: 4_000_000 });
  });

  test('has nothing to hold a first pass against where its arm was not measured in that process', () => {
    const elsewhere = list.map((each) =>
      each.phase === 'steady' ? { ...each, fork: each.fork + 10 } : each,
    );
    expect(summarizePhases(samplesDocument({ series: elsewhere }))[0]!.firstOverSteady).toBeNull();
  });

  test('is empty where nothing was started', () => {
    expect(summarizePhases(samplesDocument())).toEqual([]);
  });

  test('is one line for each implementation', () => {
    expect(phaseLines(phases)).toEqual([
      'wasm  compile 515 µs · instantiate 120 µs · first pass 5.94× steady',
      'ts    compile 4.00 ms',
    ]);
  });
});
