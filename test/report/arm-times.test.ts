import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Room, TimesCollector } from '../../src/report/arm-times.ts';
import { series } from '../results/document.ts';

test('a room hands out parts that do not overlap, and after clear the same memory again', () => {
  const room = new Room();
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat(100), fc.integer({ min: 60_000, max: 140_000 })), { maxLength: 12 }),
      (lengths) => {
        room.clear();
        const parts = lengths.map((length, i) => room.take(length).fill(i));
        expect(parts.map(({ length }) => length)).toEqual(lengths);
        expect(parts.every((part, i) => part.every((value) => value === i))).toBe(true);
      },
    ),
    { seed: 1, numRuns: 50 },
  );
  room.clear();
  const { buffer } = room.take(1);
  room.clear();
  expect(room.take(1).buffer).toBe(buffer);
});

test('forks hold all steady rounds of a process, in however many series and blocks they were saved', () => {
  const times = new TimesCollector();
  times.add(series({ tier: 'liftoff' }));
  times.add(series({ round: [2], durationNs: [2000], operations: [1000] }));
  times.add(series({ block: 1, round: [0], durationNs: [4000], operations: [1000] }));
  times.add(series({ fork: 1 }));
  times.add(series({ fork: 2, phase: 'first' }));
  const [arm, ...others] = times.arms(new Set([undefined]));
  expect(others).toEqual([]);
  expect(arm!.forks.map((fork) => Array.from(fork, Math.exp).map((ns) => Number(ns.toFixed(6))))).toEqual([
    [1.5, 1.6, 2, 4],
    [1.5, 1.6],
  ]);
  expect(arm!.tiers).toEqual(new Set(['liftoff', 'turbofan']));
  expect(times.arms(new Set(['other']))).toEqual([]);
});
