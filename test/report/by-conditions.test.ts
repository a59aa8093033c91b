import { describe, expect, test } from 'vitest';
import { reportByConditions } from '../../src/report/by-conditions.ts';
import { summarize } from '../../src/report/summary.ts';
import type { SamplesDocument } from '../../src/results/samples.ts';
import { samplesDocument, series } from '../results/document.ts';

const { createdAt, settings, fingerprint } = samplesDocument();
const onMachine = (id: string, cpuModel: string) => ({
  id,
  createdAt,
  settings,
  fingerprint: { ...fingerprint, cpuModel },
});

/** The same two arms on two machines, of which the second is twice as fast. */
function twoMachines(): SamplesDocument {
  return samplesDocument({
    runs: [onMachine('one', 'Slow CPU'), onMachine('two', 'Fast CPU')],
    series: [
      series({ run: 'one', durationNs: [2000, 2000] }),
      series({ run: 'two', durationNs: [1000, 1000] }),
      series({ run: 'two', implementation: 'ts', durationNs: [1500, 1500] }),
    ],
    unavailable: [{ ...samplesDocument().unavailable[0]!, run: 'one' }],
  });
}

describe('samples of several machines', () => {
  test('are a report each, with the rows of that machine and no others', () => {
    const reports = reportByConditions(twoMachines());
    expect(reports.map(({ summary }) => summary.fingerprint.cpuModel)).toEqual(['Slow CPU', 'Fast CPU']);
    const rows = reports.map(({ summary }) =>
      summary.workloads.map(({ implementation, nsPerOp }) => [implementation, nsPerOp?.estimate ?? null]),
    );
    expect(rows).toEqual([
      [
        ['wasm', 2],
        ['native', null],
      ],
      [
        ['wasm', 1],
        ['ts', 1.5],
      ],
    ]);
  });

  test('are in no ratio together', () => {
    const [slow, fast] = reportByConditions(twoMachines());
    expect(slow!.summary.comparisons).toEqual([]);
    expect(fast!.summary.comparisons.map(({ ratio }) => ratio.estimate)).toEqual([1 / 1.5]);
  });

  test('of one are its summary', () => {
    const [only, ...others] = reportByConditions(samplesDocument());
    expect(others).toEqual([]);
    expect(only!.summary).toEqual(summarize(samplesDocument()));
  });

  test('of several runs of one have each arm once, with the work that was counted last', () => {
    const counted = (run: string, wasmLoads: number) => {
      const { workload, params, implementation, runtime, build } = series();
      return { workload, params, implementation, runtime, build, run, operations: 1, counts: { wasmLoads } };
    };
    const missing = samplesDocument().unavailable[0]!;
    const document = samplesDocument({
      runs: [onMachine('one', 'CPU'), onMachine('two', 'CPU')],
      series: [series({ run: 'one' }), series({ run: 'two' })],
      unavailable: ['one', 'two'].flatMap((run) => [
        { ...missing, run },
        { ...missing, implementation: 'wasm', run },
      ]),
      work: [counted('one', 3), counted('two', 4)],
    });
    const [only, ...others] = reportByConditions(document);
    expect(others).toEqual([]);
    expect(only!.summary.workloads.map(({ implementation }) => implementation)).toEqual(['wasm', 'native']);
    expect(only!.samples.work!.map(({ counts }) => counts)).toEqual([{ wasmLoads: 4 }]);
    expect(only!.summary.work).toEqual([]);
  });
});
