import { expect, test } from 'vitest';
import { z } from 'zod';
import { toGithubActionBenchmark } from '../../../src/report/export/github-action-benchmark.ts';
import { abDocument, hostileDocument, reportsOf } from './results.ts';

/** BenchmarkResult of src/extract.ts in benchmark-action/github-action-benchmark, and its extractRangeInfo.ts. */
const results = z.array(
  z.strictObject({
    name: z.string().min(1),
    value: z.number(),
    unit: z.string().min(1),
    range: z.string().regex(/(\+-|±)\s*\d.*/),
    extra: z.string(),
  }),
);

test('times are smaller-is-better, throughputs bigger-is-better', () => {
  const reports = reportsOf(abDocument());
  const files = toGithubActionBenchmark(reports);
  const [smaller, bigger] = ['smaller-is-better.json', 'bigger-is-better.json'].map((name) =>
    results.parse(JSON.parse(files.get(name)!)),
  ) as [z.infer<typeof results>, z.infer<typeof results>];
  const { workloads } = reports[0]!.summary;
  expect(smaller.map(({ value }) => value)).toEqual(workloads.map(({ nsPerOp }) => nsPerOp!.estimate));
  expect(bigger.map(({ value }) => value)).toEqual(workloads.map(({ opsPerSec }) => opsPerSec));
  expect(new Set(smaller.map(({ name }) => name)).size).toBe(workloads.length);
  expect([smaller[0]!.unit, bigger[0]!.unit]).toEqual(['ns/op', 'ops/s']);
});

test('names of strangers are names, each once', () => {
  const files = toGithubActionBenchmark(reportsOf(hostileDocument()));
  const found = results.parse(JSON.parse(files.get('smaller-is-better.json')!));
  expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  for (const { name } of found) expect(name).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
});
