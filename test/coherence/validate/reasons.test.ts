import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { figuresOf, predictor } from '../../../src/coherence/predict/predict.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { wasmCoreInTurn } from '../../../src/coherence/simulate/wasm-core.ts';
import { knownReasons, missesOf, REASONS } from '../../../src/coherence/validate/reasons.ts';
import { validate } from '../../../src/coherence/validate/table.ts';

const REFERENCE = openCoherenceProfile('gh200-120gb');
const TABLE = validate(REFERENCE.name, figuresOf(predictor(REFERENCE.values, wasmCoreInTurn())));

test('everything that the reference profile misses has its reason, and nothing else has one', () => {
  const explained = REASONS.flatMap(({ misses }) => misses);
  expect(new Set(explained).size).toBe(explained.length);
  expect(missesOf(TABLE).toSorted()).toEqual(explained.toSorted());
  expect(knownReasons(TABLE)).toEqual(REASONS);
});

test('what was fitted came out, every cell of it', () => {
  const fitted = TABLE.rows.filter(({ set }) => set === 'calibration');
  expect(fitted.filter(({ verdict }) => verdict !== 'fitted')).toEqual([]);
});

test('reasons are given for what a table misses alone', () => {
  expect(knownReasons({ ...TABLE, rows: [], orders: [], directions: [] })).toEqual([]);
});

test('what README says of cells that were held out is so', () => {
  const within = (set: string) =>
    TABLE.rows.filter((row) => row.set === set && row.verdict === 'within').length;
  expect([within('held out bandwidth'), within('held out latency')]).toEqual([8, 0]);
  const readme = readFileSync('README.md', 'utf8').replace(/\s+/g, ' ');
  expect(readme).toContain('8 of 16 bandwidths come within 25 % and neither of two latencies within 15 %');
});
