import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareSamples, loadSamples, measure, saveSamples, summarize, UsageError } from '../../src/index.ts';
import { temporaryFolder } from '../e2e/barometer.ts';

const sumOf = (term: string) =>
  `export function sum(n) { let sum = 0; for (let i = 0; i < n; i++) sum = (sum + ${term}) | 0; return sum; }\n` +
  'export function other(n) { let x = 1; for (let i = 0; i < n; i++) x = (x * 3) | 0; return x; }\n';
const SHORT = { budgetMs: 1, forks: 1 };

test('functions of a module are measured, summed up, saved and compared', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'my-bench.mjs');
  writeFileSync(path, sumOf('i'));
  const saved: number[] = [];
  const samples = await measure(path, { ...SHORT, save: ({ series }) => saved.push(series.length) });
  const { workloads } = summarize(samples);
  expect(workloads.map(({ name, available }) => [name, available])).toEqual([
    ['other', true],
    ['sum', true],
  ]);
  expect(saved).toHaveLength(1);
  const out = join(folder.path, 'samples.json');
  saveSamples(out, samples);
  const { comparisons } = compareSamples(loadSamples(out), samples);
  expect(comparisons.map(({ ratio, verdict }) => [ratio.estimate, verdict])).toEqual([
    [1, 'inconclusive'],
    [1, 'inconclusive'],
  ]);
});

test('two versions are held against each other, and may be cut to some functions', async () => {
  using folder = temporaryFolder();
  const [old, fresh] = ['old.mjs', 'new.mjs'].map((name) => join(folder.path, name)) as [string, string];
  writeFileSync(old, sumOf('i'));
  writeFileSync(fresh, sumOf('i + 0'));
  const samples = await measure([old, fresh], { ...SHORT, only: (name) => name === 'sum' });
  const { comparisons } = summarize(samples);
  expect(comparisons.map(({ kind, candidate }) => [kind, candidate.workload])).toEqual([['build', 'sum']]);
});

test('says what is wrong with what it was given', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'my-bench.mjs');
  writeFileSync(path, sumOf('i'));
  await expect(measure('none.mjs')).rejects.toThrow(UsageError);
  await expect(measure(path, { forks: 0 })).rejects.toThrow(/forks 0/);
  await expect(measure(path, { margin: 5 })).rejects.toThrow(/margin 5/);
  await expect(measure(path, { seed: 0.5 })).rejects.toThrow(/seed 0.5/);
  await expect(measure(path, { budgetMs: 0 })).rejects.toThrow(/budgetMs 0/);
  await expect(measure(path, { only: () => false })).rejects.toThrow(/leaves none of other, sum/);
  const samples = await measure(path, SHORT);
  expect(() => compareSamples(samples, samples, { margin: 0 })).toThrow(/margin 0/);
});

test('ends at the next sample where it is told to', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'my-bench.mjs');
  writeFileSync(path, sumOf('i'));
  const controller = new AbortController();
  const samples = await measure(path, {
    budgetMs: 60_000,
    signal: controller.signal,
    save: () => controller.abort(),
  });
  expect(new Set(samples.series.map(({ fork }) => fork)).size).toBe(1);
});
