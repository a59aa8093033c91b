import { expect, test } from 'vitest';
import { CELLS } from '../../../src/coherence/predict/cells.ts';
import { USUAL_FIGURES } from '../../../src/coherence/sweep/figures.ts';

test('usual figures are some that the model has, each once', () => {
  expect(USUAL_FIGURES.length).toBeGreaterThan(20);
  expect(new Set(USUAL_FIGURES).size).toBe(USUAL_FIGURES.length);
  const known = CELLS.map(({ id }) => id);
  expect(USUAL_FIGURES.filter((id) => !known.includes(id))).toEqual([]);
});
