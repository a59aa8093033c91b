import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { parseSamples } from '../../src/results/parse-samples.ts';
import { armKey, samplesJsonSchema } from '../../src/results/samples.ts';
import { arm, samplesDocument, series } from './document.ts';

const parse = (value: unknown) => parseSamples(value, 'a.json');

describe('parseSamples', () => {
  test('accepts a document as it is saved', () => {
    expect(parse(samplesDocument())).toEqual(samplesDocument());
  });

  test('keeps fields that it does not know, at every level', () => {
    const extended = {
      ...samplesDocument({
        settings: { ...samplesDocument().settings, forks: 8 },
        series: [{ ...series(), histogram: 'HISTFAAA' } as never],
      }),
      note: 'measured on a train',
    };
    expect(parse(extended)).toEqual(extended);
  });

  test('accepts implementations that this version does not have', () => {
    const document = samplesDocument({ series: [series({ implementation: 'remote' })] });
    expect(parse(document)).toEqual(document);
  });

  test.each([
    [{}, 'a.json: no "schema" of barometer\'s in it; expected a file of samples (barometer/samples/1)'],
    [[1, 2], 'no "schema"'],
    [null, 'no "schema"'],
    ['text', 'no "schema"'],
    [{ schema: 3 }, 'no "schema"'],
    [{ schema: 'barometer/samples/2' }, 'is "barometer/samples/2"; written by another version of barometer'],
    [{ schema: 'barometer/summary/1' }, 'is "barometer/summary/1"; expected a file of samples'],
    [{ schema: 'barometer/samples/1' }, 'a.json: not a valid barometer/samples/1 document: '],
  ])('tells %j apart', (value, message) => {
    expect(() => parse(value)).toThrow(UsageError);
    expect(() => parse(value)).toThrow(message);
  });

  test.each([
    ['a checksum that is not 8 hex digits', { checksum: '12' }, 'series[0].checksum: expected 8 hex digits'],
    ['a round that took no time', { durationNs: [0, 1] }, 'series[0].durationNs[0]'],
    ['a round without operations', { operations: [1, 0] }, 'series[0].operations[1]'],
    ['columns of unequal length', { durationNs: [1] }, 'differ in length'],
    ['no rounds', { round: [], durationNs: [], operations: [] }, 'series[0].round'],
    ['an unknown tier', { tier: 'warp' as never }, 'series[0].tier'],
    ['a fork below 0', { fork: -1 }, 'series[0].fork'],
    [
      'the same round twice',
      { round: [4, 4] },
      'round 4 of fork 0, block 0 of config-read/batch (wasm) is there twice',
    ],
  ])('refuses %s', (_, changes, message) => {
    const document = samplesDocument({ series: [series(changes)] });
    expect(() => parse(document)).toThrow(UsageError);
    expect(() => parse(document)).toThrow(message);
  });

  test.each([
    ['a record of no run', undefined, 'series[0] names no run; expected one of "runs": "r1", "r2"'],
    [
      'a record of a run that is not there',
      'r3',
      'series[0] names run "r3"; expected one of "runs": "r1", "r2"',
    ],
  ])('refuses %s in a document of several', (_, run, message) => {
    const { createdAt, settings, fingerprint } = samplesDocument();
    const runs = ['r1', 'r2'].map((id) => ({ id, createdAt, settings, fingerprint }));
    const document = samplesDocument({ runs, series: [series({ run })], unavailable: [] });
    expect(() => parse(document)).toThrow(UsageError);
    expect(() => parse(document)).toThrow(message);
    expect(() => parse({ ...document, runs: [runs[0], runs[0]] })).toThrow('run "r1" is there twice');
    const known = { ...document, series: [series({ run: 'r1' }), series({ run: 'r2' })] };
    expect(parse(known)).toEqual(known);
  });

  test('refuses times and counts that no figure could be made of', () => {
    for (const changes of [
      { durationNs: [5e-324, 1] },
      { durationNs: [1e300, 1] },
      { operations: [1e300, 1] },
    ]) {
      expect(() => parse(samplesDocument({ series: [series(changes)] }))).toThrow(UsageError);
    }
  });

  test('refuses the same round in two series of an arm, and accepts it in two blocks or forks', () => {
    expect(() => parse(samplesDocument({ series: [series(), series()] }))).toThrow('is there twice');
    const apart = samplesDocument({ series: [series(), series({ block: 1 }), series({ fork: 1 })] });
    expect(parse(apart)).toEqual(apart);
  });
});

test('armKey ignores the order of parameters and tells every part apart', () => {
  const reordered = { ...arm, params: Object.fromEntries(Object.entries(arm.params).reverse()) };
  expect(armKey(reordered)).toBe(armKey(arm));
  const others = [
    { ...arm, workload: 'w' },
    { ...arm, params: { ...arm.params, widthBytes: 2 } },
    { ...arm, params: { ...arm.params, widthBytes: '4' } },
    { ...arm, implementation: 'ts' },
    { ...arm, runtime: 'node 24' },
    { ...arm, build: 'b2' },
  ];
  expect(new Set([arm, ...others].map(armKey)).size).toBe(others.length + 1);
});

test('the JSON Schema names the document, describes its fields and leaves room for more', () => {
  expect(samplesJsonSchema()).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'barometer/samples/1',
    type: 'object',
    additionalProperties: {},
    required: ['schema', 'createdAt', 'settings', 'fingerprint', 'series', 'unavailable'],
    properties: {
      schema: { const: 'barometer/samples/1' },
      series: { items: { properties: { durationNs: { items: { type: 'number', minimum: 1e-9 } } } } },
    },
  });
});
