import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factsCheck } from '../../src/results/facts-check.ts';
import { seriesFactsSchema } from '../../src/results/samples.ts';
import { series } from './document.ts';

const FACTS: Record<string, unknown> = { ...series({ layer: 'copy' }), note: 'foreign' };
/** What a field may be changed to; `undefined` takes it away. */
const VALUES = [
  undefined,
  null,
  '',
  'x',
  'wasm',
  'steady',
  'first',
  '0a1b2c3d',
  -1,
  0,
  1,
  0.5,
  2 ** 53,
  Number.POSITIVE_INFINITY,
];
const OBJECTS: unknown[] = [
  [],
  {},
  { sizeBytes: 8 },
  { sizeBytes: null },
  { sizeBytes: '8' },
  { toString: 1 },
  [8],
];

const value = fc.oneof(
  fc
    .tuple(fc.constantFrom(...Object.keys(FACTS), 'other'), fc.constantFrom<unknown>(...VALUES, ...OBJECTS))
    .map(([name, changed]) => {
      const { [name]: _, ...others } = FACTS;
      return changed === undefined ? others : { ...others, [name]: changed };
    }),
  fc.constantFrom<unknown>(...VALUES, ...OBJECTS),
);

test('says what the schema says, whatever has passed before', () => {
  const hasFacts = factsCheck();
  expect(hasFacts(FACTS)).toBe(true);
  fc.assert(
    fc.property(value, (one) => {
      expect(hasFacts(one)).toBe(seriesFactsSchema.safeParse(one).success);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test('of a series that differs from another in fork and block alone, checks those', () => {
  const hasFacts = factsCheck();
  expect(hasFacts(FACTS)).toBe(true);
  for (const name of ['fork', 'block']) {
    expect(hasFacts({ ...FACTS, [name]: 3 })).toBe(true);
    for (const wrong of [-1, 0.5, '1', null, undefined, 2 ** 53]) {
      expect(hasFacts({ ...FACTS, [name]: wrong })).toBe(false);
    }
  }
});
