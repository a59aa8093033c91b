/** The JSON Schema that is shipped, as its readers have it: the file, without the code that it was made of. */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { samplesJsonSchema } from '../../src/results/samples.ts';
import { arbitraryOldSamples, arbitrarySamples } from './arbitrary-samples.ts';
import { arm, samplesDocument, series } from './document.ts';

const url = new URL('../../dist/samples-1.schema.json', import.meta.url);
if (!existsSync(url)) throw new Error(`${url} is missing; build it with: npm run build`);
const shipped = JSON.parse(readFileSync(url, 'utf8'));
const { exports, files } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const schema = z.fromJSONSchema(shipped);
const accepts = (document: unknown) => schema.safeParse(JSON.parse(JSON.stringify(document))).success;

test('is the one of this version, and the package has it', () => {
  expect(shipped).toEqual(JSON.parse(JSON.stringify(samplesJsonSchema())));
  expect(exports['./samples-1.schema.json']).toBe('./dist/samples-1.schema.json');
  expect(files).toContain('dist');
});

test('accepts what is saved', () => {
  const work = [{ ...arm, operations: 8, counts: { wasmLoads: 9 } }];
  const latencies = [{ ...arm, fork: 0, count: 1, histogram: 'HISTFAAA' }];
  expect(accepts(samplesDocument({ work, latencies }))).toBe(true);
  fc.assert(
    fc.property(fc.oneof(arbitrarySamples, arbitraryOldSamples), (document) => {
      expect(accepts(document)).toBe(true);
    }),
    { seed: 1 },
  );
});

test.each([
  ['another schema', { schema: 'barometer/samples/2' as never }],
  ['no fingerprint', { fingerprint: undefined as never }],
  ['a time that is none', { createdAt: 'yesterday' }],
  ['a round of no time', { series: [series({ durationNs: [0, 1] })] }],
  ['half an operation', { series: [series({ operations: [0.5, 1] })] }],
  ['a checksum of other digits', { series: [series({ checksum: 'BADCAFE!' })] }],
  ['an unknown tier', { series: [series({ tier: 'warp' as never })] }],
  ['an exclusion without its reason', { excluded: [{ ...arm, fork: 0, block: 0, rounds: 1 } as never] }],
])('refuses %s', (_, changes) => {
  expect(accepts({ ...samplesDocument(), ...changes })).toBe(false);
});
