import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StateSet } from '../../../src/coherence/explore/state-set.ts';

test('keeps each state once, in the order in which they came', () => {
  const state = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(state), (all) => {
      const set = new StateSet(3);
      const seen = new Set<string>();
      for (const one of all) {
        expect(set.add(Uint16Array.from(one), 0)).toBe(!seen.has(one.join()));
        seen.add(one.join());
      }
      expect(Array.from({ length: set.size }, (_, i) => set.at(i).join())).toEqual([...seen]);
    }),
  );
});

test('goes on when it has to grow', () => {
  const set = new StateSet(2);
  const many = 200_000;
  for (let i = 0; i < many; i++) set.add(Uint16Array.of(i & 0xffff, i >> 16), i - 1);
  expect(set.size).toBe(many);
  expect([...set.at(150_000)]).toEqual([150_000 & 0xffff, 2]);
  expect(set.parentOf(150_000)).toBe(149_999);
  expect(set.add(Uint16Array.of(7, 1), 0)).toBe(false);
});
