import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineQueue, NotYet } from '../../../src/replay/model/line-queue.ts';

test('gives what was pushed, in order, however much is pushed and asked for at a time', () => {
  const pushes = fc.array(fc.oneof(fc.nat(40), fc.constantFrom(3000, 9000)), { maxLength: 12 });
  fc.assert(
    fc.property(pushes, fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 }), (counts, rooms) => {
      const queue = new LineQueue();
      let [pushed, next] = [0, 0];
      const take = (room: number) => {
        const pairs = new Uint32Array(2 * room);
        const count = queue.fill(pairs);
        for (let i = 0; i < count; i++, next++) {
          if (pairs[2 * i] !== next || pairs[2 * i + 1] !== next % 7) throw new Error(`access ${next}`);
        }
        return count;
      };
      for (const [i, count] of counts.entries()) {
        for (let k = 0; k < count; k++, pushed++) queue.push(pushed, pushed % 7);
        expect(queue.length).toBe(pushed - next);
        if (queue.length > 0) take(rooms[i % rooms.length]!);
      }
      queue.end();
      while (take(4000) > 0);
      expect(next).toBe(pushed);
    }),
    { numRuns: 50 },
  );
});

test('says that there is nothing yet until there will be nothing more', () => {
  const queue = new LineQueue();
  expect(() => queue.fill(new Uint32Array(2))).toThrow(NotYet);
  queue.end();
  expect(queue.fill(new Uint32Array(2))).toBe(0);
});
