import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Store, ThreadStates } from '../../../src/coherence/litmus/thread-state.ts';

const AGENTS = 2;
const statesOf = () => new ThreadStates(new Uint16Array(ThreadStates.lengthOf(AGENTS)));
const storesOf = (states: ThreadStates, agent: number) =>
  Array.from({ length: states.storeCount(agent) }, (_, i) => states.storeAt(agent, i));

test('keeps what was read in order, for each agent', () => {
  const values = fc.array(fc.nat(3), { maxLength: 6 });
  fc.assert(
    fc.property(values, values, (first, second) => {
      const states = statesOf();
      for (const value of first) states.keepRead(0, value);
      for (const value of second) states.keepRead(1, value);
      expect([states.reads(0), states.reads(1)]).toEqual([first, second]);
    }),
  );
});

test('a buffer gives stores back first in, first out', () => {
  const store: fc.Arbitrary<Store> = fc.record({ line: fc.nat(2), value: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(fc.option(store)), (steps) => {
      const states = statesOf();
      const buffer: Store[] = [];
      for (const step of steps) {
        if (step === null && buffer.length > 0) {
          states.drained(1);
          buffer.shift();
        } else if (step !== null && buffer.length < 3) {
          states.buffer(1, step);
          buffer.push(step);
        }
        expect(storesOf(states, 1)).toEqual(buffer);
        for (const line of [0, 1, 2]) {
          const newest = buffer.findLast((one) => one.line === line)?.value ?? null;
          expect(states.newestStore(1, line)).toBe(newest);
        }
      }
    }),
  );
});

test('refuses what does not fit', () => {
  const states = statesOf();
  for (let i = 0; i < 3; i++) states.buffer(0, { line: 2, value: 3 });
  expect(() => states.buffer(0, { line: 0, value: 0 })).toThrow(RangeError);
  expect(storesOf(states, 0)).toHaveLength(3);
});
