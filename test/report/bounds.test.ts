import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Bound, checkBounds, parseBounds } from '../../src/report/bounds.ts';
import { renderBounds } from '../../src/report/bounds-table.ts';
import { suiteWorkloads } from '../../src/workload/catalog.ts';
import { benchFolder, loadSuites, loadWorkloads } from '../../src/workload/scenario.ts';
import { samplesDocument, series } from '../results/document.ts';

const side = (implementation: string, params = series().params) => ({
  workload: 'config-read/batch',
  params,
  implementation,
});
const bound: Bound = { claim: 'wasm over ts', candidate: side('wasm'), baseline: side('ts'), atMost: 1.2 };

/** wasm takes 1.5 and 1.6 ns, ts 1.8 and 1.7: a ratio of 0.886 by the geometric mean of the pairs. */
const samples = samplesDocument();

function verdicts(...bounds: Bound[]): string[] {
  return checkBounds(bounds, samples).map(({ verdict }) => verdict);
}

describe('a bound', () => {
  test('is held or missed by the median of the paired ratios', () => {
    expect(verdicts(bound, { ...bound, atMost: 0.89 }, { ...bound, atMost: 0.88 })).toEqual([
      'held',
      'held',
      'missed',
    ]);
    expect(checkBounds([bound], samples)[0]!.ratio!.estimate).toBeCloseTo(
      Math.sqrt((1500 / 1800) * (1600 / 1700.5)),
      6,
    );
  });

  test('is unmeasured where an arm is missing', () => {
    expect(verdicts({ ...bound, baseline: side('native') })).toEqual(['unmeasured']);
    expect(verdicts({ ...bound, candidate: side('wasm', { widthBytes: 2 }) })).toEqual(['unmeasured']);
  });

  test('with a condition is idle until it arises', () => {
    const when = { candidate: side('ts'), baseline: side('wasm') };
    expect(
      verdicts(
        { ...bound, when: { ...when, above: 1.2 } },
        { ...bound, when: { ...when, above: 1.1 } },
        { ...bound, atMost: 0.5, when: { ...when, above: 1.1 } },
        { ...bound, when: { ...when, candidate: side('native'), above: 1 } },
      ),
    ).toEqual(['idle', 'held', 'missed', 'unmeasured']);
  });

  test('is drawn alike from equal samples', () => {
    expect(checkBounds([bound], samples)).toEqual(checkBounds([bound], samplesDocument()));
  });
});

describe('the table', () => {
  test('names what was found, and counts', () => {
    const results = checkBounds(
      [
        bound,
        { ...bound, claim: 'too much', atMost: 0.5 },
        { ...bound, claim: 'no arm', baseline: side('native') },
      ],
      samples,
    );
    const text = renderBounds(results, { color: false, width: 80 });
    expect(text).toMatch(/^wasm over ts +0\.885× +±\S+ +1\.2× +held$/m);
    expect(text).toMatch(/^too much +0\.885× +±\S+ +0\.5× +missed$/m);
    expect(text).toMatch(/^no arm +– +1\.2× +unmeasured$/m);
    expect(text).toMatch(/\n1 held, 1 missed, 1 unmeasured\n$/);
  });
});

describe('bench/bounds.json', () => {
  const path = `${benchFolder()}bounds.json`;
  const bounds = parseBounds(readFileSync(path, 'utf8'), path);
  const suite = loadSuites().find(({ name }) => name === 'default')!;
  const measured = suiteWorkloads(loadWorkloads(), suite).map(({ name, params }) => key(name, params));

  function key(name: string, params: object): string {
    return JSON.stringify([name, Object.entries(params).sort()]);
  }

  test('names workloads of the default suite only', () => {
    const sides = bounds.flatMap(({ candidate, baseline, when }) => [
      candidate,
      baseline,
      ...(when ? [when.candidate, when.baseline] : []),
    ]);
    const missing = sides
      .map(({ workload, params }) => key(workload, params))
      .filter((one) => !measured.includes(one));
    expect(missing).toEqual([]);
  });

  test('claims each thing once', () => {
    const claims = bounds.map(({ claim }) => claim);
    expect(new Set(claims).size).toBe(claims.length);
  });

  test.each([
    ['{', 'not JSON'],
    ['{}', 'description'],
    ['{"description":"","bounds":[]}', 'bounds'],
    ['{"description":"","bounds":[{"claim":"x"}]}', 'bounds[0].candidate'],
  ])('%s is refused with its place', (text, place) => {
    expect(() => parseBounds(text, 'b.json')).toThrow(place);
  });
});
