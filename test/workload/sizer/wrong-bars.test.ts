import { describe, expect, test } from 'vitest';
import type { PresentedBar } from '../../../src/workload/sizer/presented-bars.ts';
import type { SizedBar } from '../../../src/workload/sizer/sizing.ts';
import { wrongBars } from '../../../src/workload/sizer/wrong-bars.ts';

const GPU: PresentedBar = {
  barIdx: 2,
  kind: 'mem64',
  prefetchable: true,
  sizeBytes: 128n << 30n,
  behind: 'gpu-memory',
};
const PORTS: PresentedBar = {
  ...GPU,
  kind: 'io',
  prefetchable: false,
  sizeBytes: 32n,
  behind: 'virtio-legacy',
};
const ROM: PresentedBar = {
  barIdx: 6,
  kind: 'rom',
  prefetchable: false,
  sizeBytes: 65536n,
  behind: 'rom',
};

describe('a wrong conclusion, in few characters and by its consequence', () => {
  test.each<[string, PresentedBar, Partial<SizedBar> | null, string, string]>([
    ['gone', GPU, null, 'gone', 'the guest never maps the GPU memory behind it, a BAR of 128 GiB'],
    [
      'ports',
      PORTS,
      null,
      'gone',
      'no driver finds the 32 B of I/O ports that hold the legacy virtio registers',
    ],
    ['ROM', ROM, null, 'gone', 'the 64 KiB of option ROM are never read: nothing boots from the device'],
    [
      '32-bit',
      GPU,
      { kind: 'mem32' },
      'mem32',
      '32-bit: needs 128 GiB below 4 GiB, where there is little room or none',
    ],
    [
      'another space',
      GPU,
      { kind: 'io', prefetchable: false },
      'io',
      'taken for io, is mem64: its addresses are never decoded',
    ],
    [
      'memory for ports',
      PORTS,
      { kind: 'mem32' },
      'mem32',
      'taken for mem32, is io: its addresses are never decoded',
    ],
    [
      'too small',
      GPU,
      { sizeBytes: 64n << 30n },
      '64 GiB',
      'only 64 GiB of 128 GiB are mapped: nothing reaches the GPU memory behind the rest',
    ],
    [
      'too large',
      GPU,
      { sizeBytes: 2n ** 63n },
      '8192 PiB',
      'asks for 8192 PiB of addresses, of which 128 GiB answer',
    ],
    [
      'odd',
      GPU,
      { sizeBytes: 2n ** 64n - 2n ** 40n + 16n },
      '0xffffff0000000010 B',
      'asks for 0xffffff0000000010 B of addresses, of which 128 GiB answer',
    ],
    [
      'not prefetchable',
      GPU,
      { prefetchable: false },
      'not pref',
      'not prefetchable: cannot go into the prefetchable window of a bridge, and the other one ends below 4 GiB',
    ],
    [
      'prefetchable',
      { ...GPU, prefetchable: false },
      { prefetchable: true },
      'pref',
      'prefetchable: reads may be merged or repeated',
    ],
  ])('%s', (_, expected, found, what, consequence) => {
    const concluded = found === null ? [] : [{ ...expected, ...found }];
    expect(wrongBars([expected], concluded)).toEqual([{ barIdx: expected.barIdx, what, consequence }]);
  });

  test('several of one BAR are one entry, the gravest first', () => {
    const small: SizedBar = { ...GPU, kind: 'mem32', prefetchable: false, sizeBytes: 2n ** 30n };
    expect(wrongBars([GPU], [small])).toMatchObject([{ barIdx: 2, what: 'mem32 1 GiB not pref' }]);
  });

  test('a BAR too many, in its place among the others', () => {
    const extra: SizedBar = { barIdx: 1, kind: 'mem32', prefetchable: false, sizeBytes: 16n };
    expect(wrongBars([GPU], [extra])).toEqual([
      {
        barIdx: 1,
        what: 'extra',
        consequence: 'the device presents no such BAR: address space is spent on nothing',
      },
      expect.objectContaining({ barIdx: 2, what: 'gone' }),
    ]);
  });

  test('whether a ROM is prefetchable is no question', () => {
    expect(wrongBars([ROM], [{ ...ROM, prefetchable: true }])).toEqual([]);
  });
});
