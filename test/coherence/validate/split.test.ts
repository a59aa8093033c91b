import { describe, expect, test } from 'vitest';
import { PUBLISHED_CELLS, publishedCell } from '../../../src/coherence/published/cells.ts';
import { DIRECTIONS } from '../../../src/coherence/validate/directions.ts';
import { ORDER_GROUPS, SET_NAMES, SPLIT, setOf } from '../../../src/coherence/validate/split.ts';
import { canonicalSplitText, SPLIT_SHA256 } from '../../../src/coherence/validate/split-hash.ts';

const ASSIGNED = SET_NAMES.flatMap((set) => SPLIT[set]);

describe('the split', () => {
  test('has each published cell in exactly one set, and nothing else', () => {
    expect([...ASSIGNED].sort()).toEqual(PUBLISHED_CELLS.map(({ id }) => id as string).sort());
  });

  test('keeps peers and other labs apart from local cells', () => {
    const setsOf = (scope: string) =>
      new Set(PUBLISHED_CELLS.filter((cell) => cell.scope === scope).map(({ id }) => setOf(id)));
    expect(setsOf('peer')).toEqual(new Set(['peer (not modelled)']));
    expect(setsOf('other lab')).toEqual(new Set(['other labs']));
    const local = setsOf('local');
    expect(local.has('other labs') || local.has('peer (not modelled)')).toBe(false);
  });

  test('has each local cell in exactly one order group', () => {
    const local = PUBLISHED_CELLS.filter(({ scope }) => scope === 'local').map(({ id }) => id as string);
    expect(Object.values(ORDER_GROUPS).flat().sort()).toEqual(local.sort());
  });

  test('orders only cells of one unit', () => {
    for (const ids of Object.values(ORDER_GROUPS)) {
      expect(new Set(ids.map((id) => publishedCell(id).unit)).size).toBe(1);
    }
  });

  test('has a direction for each cell of which only that is asked', () => {
    const published = DIRECTIONS.filter(({ basis }) => basis === 'published');
    expect(published.map(({ id }) => id).sort()).toEqual([...SPLIT['direction only']].sort());
    for (const { id, against, is } of published) {
      const isLess = publishedCell(id).high < publishedCell(against).low;
      expect(is).toBe(isLess ? 'less' : 'more');
    }
  });

  test('does not know other cells', () => {
    expect(() => setOf('chase.grace')).toThrow(RangeError);
  });

  // Another hash makes every profile fitted so far void. It changes when the split is meant to change, never otherwise.
  test('is frozen', () => {
    expect(canonicalSplitText().split('\n')).toContain('cell\tchase.grace.hbm\tmodel selection');
    expect(SPLIT_SHA256).toBe('1cc43c5f0deea4c850310008bd7c68ce54f72efdbc21fa0399f393bb9e2e10e7');
  });
});
