import { expect, test } from 'vitest';
import { sharingOf, sharingText } from '../../src/report/sharing.ts';
import { series } from '../results/document.ts';

const fork = (overlap: number, startSkewNs: number, windowsApart: number) =>
  series({
    overlap,
    startSkewNs,
    windowsApart,
    fairness: 0.9,
    leastShare: 0.5,
    pinning: 'one processor each',
  });

test('of several forks: medians, and all windows that were left out', () => {
  const row = sharingOf([fork(0.99, 400, 1), fork(0.95, 900, 0), fork(0.97, 500, 2)]);
  expect(row).toEqual({
    sharing: {
      overlap: 0.97,
      startSkewNs: 500,
      fairness: 0.9,
      leastShare: 0.5,
      windowsApart: 3,
      pinning: ['one processor each'],
    },
  });
  expect(sharingText([row, sharingOf([fork(1, 100, 0)])])).toBe(
    'together for 97% to 100% of the time, starts within 500 ns, fairness 0.90 (Jain), the slowest 0.50 of the fastest, ' +
      'one processor each, 3 windows left out in which they were not together for long enough',
  );
});

test('rows that no agents measured have none, and say nothing', () => {
  expect(sharingOf([series({})])).toEqual({});
  expect(sharingText([{}])).toBe('');
});

test('of a file that tells of it in part, nothing', () => {
  expect(sharingOf([series({ overlap: 0.9 })])).toEqual({});
  expect(sharingOf([series({ overlap: 0.9, startSkewNs: 5, fairness: 1 })])).toEqual({});
});
