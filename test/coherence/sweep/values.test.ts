import { describe, expect, test } from 'vitest';
import { type ParameterName, parameterNamed } from '../../../src/coherence/profiles/parameters.ts';
import { halfToTwice, parseSweptValue, spaced, withOwn } from '../../../src/coherence/sweep/values.ts';
import { UsageError } from '../../../src/errors.ts';

const spec = (name: ParameterName) => parameterNamed(name)!;

describe('a value of a sweep', () => {
  test.each([
    ['link-propagation', '100ns', 100_000],
    ['link-propagation', ' 0.5 us ', 500_000],
    ['link-rate', '1.5TB/s', 1.5e12],
    ['cpu-l1-size', '64KiB', 65_536],
    ['cpu-cores', '72', 72],
    ['cpu-outstanding-reads', '63 lines', 63],
    ['cpu-atomics-far', '0', 0],
  ] as const)('of %s is read from %j', (name, text, value) => {
    expect(parseSweptValue('--from', spec(name), text)).toBe(value);
  });

  test.each([
    ['link-propagation', '100', '--from: link-propagation 100 has no unit; expected one of ps, ns, µs, us'],
    ['link-propagation', 'fast', '--from: link-propagation "fast" is not a decimal number; expected 0 ns to'],
    ['link-propagation', '', '--from: link-propagation has no value; expected 0 ns to 1000000 ns'],
    ['link-propagation', '1.2.3ns', '"1.2.3" is not a decimal number'],
    ['link-propagation', '1e3ns', '--from: link-propagation 1 "e3ns": expected a unit of ps, ns'],
    ['link-propagation', '-5ns', 'link-propagation -5 ns is negative'],
    ['link-propagation', '5 GB', 'link-propagation 5 "GB": expected a unit of ps, ns, µs, us'],
    ['cpu-cores', '97', 'cpu-cores 97 count is too large; expected 1 count to 96 count'],
    ['cpu-cores', '0', 'cpu-cores 0 count is zero'],
    ['cpu-atomics-far', '2', 'cpu-atomics-far 2 flag is too large'],
  ] as const)('of %s is refused where it is %j', (name, text, message) => {
    const parse = () => parseSweptValue('--from', spec(name), text);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });
});

describe('values of a sweep', () => {
  test('go from half to twice, as far as the parameter goes', () => {
    expect(halfToTwice(spec('link-propagation'), 270_400)).toEqual({ from: 135_200, to: 540_800 });
    expect(halfToTwice(spec('cpu-cores'), 72)).toEqual({ from: 36, to: 96 });
    expect(halfToTwice(spec('cpu-l1-ways'), 1)).toEqual({ from: 1, to: 2 });
    expect(() => halfToTwice(spec('far-lpddr-extra'), 0)).toThrow(
      'far-lpddr-extra is 0 ns in the profile, of which there is no half and no double; expected --from and --to, or --values',
    );
  });

  test('are the same factor apart, rounded but for ends and what the profile has', () => {
    const range = { from: 100_001, to: 400_004, points: 5 };
    expect(spaced(spec('link-propagation'), range, 200_002)).toEqual([
      100_001, 141_400, 200_002, 282_800, 400_004,
    ]);
  });

  test('are the same step apart from zero on', () => {
    expect(spaced(spec('far-lpddr-extra'), { from: 0, to: 300, points: 4 }, 0)).toEqual([0, 100, 200, 300]);
  });

  test('are each there once, with that of the profile', () => {
    expect(withOwn([4, 1, 4], 2)).toEqual([1, 2, 4]);
    expect(withOwn([1, 2], 2)).toEqual([1, 2]);
  });
});
