import { expect, test } from 'vitest';
import { gatedVerdicts } from '../../src/report/gated-verdicts.ts';
import { summarize } from '../../src/report/summary.ts';
import { samplesDocument } from '../results/document.ts';
import { A, abDocument, B } from './export/results.ts';

test('a gate looks at versions, and at nothing else', () => {
  expect(gatedVerdicts(summarize(abDocument()))).toEqual(['slower', 'same']);
  expect(gatedVerdicts(summarize(samplesDocument()))).toEqual([]);
});

test('what one version could not measure is inconclusive', () => {
  const { series } = abDocument();
  const { workload, params, implementation, runtime } = series.at(-1)!;
  const missing = { workload, params, implementation, runtime, build: B, reason: 'crashed' };
  const document = abDocument({
    series: series.filter((one) => one.build === A || one.workload !== workload),
    unavailable: [missing],
  });
  expect(gatedVerdicts(summarize(document))).toEqual(['slower', 'inconclusive']);
});

test('what neither could measure is no matter of the gate', () => {
  const { workload, params, runtime } = abDocument().series[0]!;
  const both = [A, B].map((build) => {
    return { workload, params, implementation: 'native', runtime, build, reason: 'no C compiler was found' };
  });
  expect(gatedVerdicts(summarize(abDocument({ unavailable: both })))).toEqual(['slower', 'same']);
});

test('what crashed in every fork is inconclusive, once for each arm', () => {
  const { workload, params, runtime } = abDocument().series[0]!;
  const crashed = { workload, params, runtime, implementation: 'ts', block: 5, rounds: 0, reason: 'exited' };
  const excluded = [A, B].flatMap((build) => [0, 1].map((fork) => ({ ...crashed, build, fork })));
  expect(gatedVerdicts(summarize(abDocument({ excluded })))).toEqual([
    'slower',
    'same',
    'inconclusive',
    'inconclusive',
  ]);
});
