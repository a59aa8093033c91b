import { expect, test } from 'vitest';
import { toBenchstat } from '../../../src/report/export/benchstat.ts';
import { abDocument, hostileDocument, reportsOf } from './results.ts';

interface Result {
  readonly name: string;
  readonly iterations: number;
  readonly values: ReadonlyMap<string, number>;
}

/** The lines that golang.org/x/perf/benchfmt knows: `key: value`, `Unit …`, results; it keeps no others. */
function read(text: string): { config: Map<string, string>; results: Result[] } {
  const config = new Map<string, string>();
  const results: Result[] = [];
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, key, value] = /^([a-z][^\sA-Z]*):(?:[ \t]+(.*))?$/.exec(line) ?? [];
    if (key !== undefined) config.set(key, value ?? '');
    else if (line.startsWith('Benchmark')) results.push(readResult(line));
    else expect(line).toMatch(/^Unit \S+( [a-z]+=\S+)+$/);
  }
  return { config, results };
}

function readResult(line: string): Result {
  const [name, iterations, ...rest] = line.trim().split(/\s+/);
  // "Benchmark" alone, or followed by no lower-case letter.
  expect(name).toMatch(/^Benchmark($|[^a-z])/);
  expect(rest.length).toBeGreaterThan(0);
  expect(rest.length % 2).toBe(0);
  const values = new Map<string, number>();
  for (let i = 0; i < rest.length; i += 2) values.set(rest[i + 1]!, Number(rest[i]));
  return { name: name!, iterations: Number(iterations), values };
}

test('each process of an arm is a result, under the name of its arm', () => {
  const { config, results } = read(toBenchstat(reportsOf(abDocument())));
  expect(config.get('cpu')).toBe('Example CPU, 2 cores, Linux 6.12.0');
  expect(results).toHaveLength(4 * 8);
  const names = new Set(results.map(({ name }) => name));
  expect([...names][0]).toBe(
    'BenchmarkConfig-read/batch/widthBytes=4/mix=header/policy=strict/impl=wasm/runtime=node_26.10.0/build=A_barometer_0.1.0_aaaa-2',
  );
  expect(names.size).toBe(4);
  for (const { iterations, values } of results) {
    expect(iterations).toBe(10_000);
    expect(values.get('ns/op')).toBeGreaterThan(1.4);
  }
  expect(results.at(-1)!.values.get('B/s')).toBeCloseTo((4096 / 90) * 1e9, -8);
});

test('names of strangers stay names', () => {
  const { results } = read(toBenchstat(reportsOf(hostileDocument())));
  expect(results.every(({ iterations, values }) => iterations > 0 && values.get('ns/op')! > 0)).toBe(true);
});

test('what one report says of its device is not said of the next', () => {
  const { createdAt, settings, fingerprint } = abDocument();
  const ofModules = { ...settings, device: null, policy: null };
  const runs = [
    { id: 'one', createdAt, settings, fingerprint },
    { id: 'two', createdAt, settings: ofModules, fingerprint },
  ];
  const series = runs.flatMap(({ id }) => abDocument().series.map((one) => ({ ...one, run: id })));
  const { config, results } = read(toBenchstat(reportsOf(abDocument({ runs, series, latencies: [] }))));
  expect([config.get('device'), config.get('policy')]).toEqual(['', '']);
  expect(results).toHaveLength(2 * 4 * 8);
});
