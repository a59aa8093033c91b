import { describe, expect, test } from 'vitest';
import {
  PUBLISHED_CELLS,
  publishedCell,
  publishedRange,
  quantityOf,
} from '../../../src/coherence/published/cells.ts';
import { SOURCES } from '../../../src/coherence/published/sources.ts';

describe('published cells', () => {
  test('have an id each, a range above zero and a known source', () => {
    const ids = PUBLISHED_CELLS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { low, high, source, readings } of PUBLISHED_CELLS) {
      expect(low).toBeGreaterThan(0);
      expect(high).toBeGreaterThanOrEqual(low);
      expect([source, ...readings.map((one) => one.source)].every((key) => Object.hasOwn(SOURCES, key))).toBe(
        true,
      );
    }
  });

  test('of other labs name theirs behind the quantity, and no other does', () => {
    const wrong = PUBLISHED_CELLS.filter(({ id, scope, source }) =>
      scope === 'other lab' ? id !== `${quantityOf(id)}@${source}` : id.includes('@'),
    );
    expect(wrong).toEqual([]);
  });

  test('keep both figures of the ping-pong that was published twice', () => {
    const cell = publishedCell('pingpong.hbm.hopper-hopper');
    expect(cell).toMatchObject({ low: 315.5, high: 340.3, source: 'F', kind: 'label' });
    expect(cell.readings.map(({ low, source }) => [source, low])).toEqual([
      ['F', 340.3],
      ['F-7fa7e21', 315.5],
    ]);
  });

  test('of one quantity span the range of all labs', () => {
    expect(publishedRange('chase.grace.hbm')).toEqual({ low: 798.8, high: 1000 });
    expect(publishedRange('stream-triad.grace.lpddr')).toEqual({ low: 348, high: 486 });
    expect(publishedRange('nothing')).toBeNull();
  });

  test('are asked for by ids that there are', () => {
    expect(() => publishedCell('chase.grace')).toThrow(RangeError);
    expect(() => publishedCell('__proto__')).toThrow(RangeError);
  });
});
