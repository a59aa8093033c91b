import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PARAMETERS, parameterLines } from '../../../src/coherence/profiles/parameters.ts';
import { MAX_PROFILE_BYTES, parseCoherenceProfile } from '../../../src/coherence/profiles/parse.ts';
import { formatCoherenceProfile, VALUE_CLASSES } from '../../../src/coherence/profiles/profile.ts';
import { coherenceProfileText } from '../../../src/coherence/profiles/profiles.ts';
import { fromBaseUnits } from '../../../src/coherence/profiles/unit-kinds.ts';
import { SPLIT_SHA256 } from '../../../src/coherence/validate/split-hash.ts';
import { UsageError } from '../../../src/errors.ts';

const FIRST = 'barometer/coherence-profile/1 mine';
const TEXT = coherenceProfileText('gh200-120gb')!;
const NEVER_FITTED = coherenceProfileText('pcie-gen5-io-coherent')!;

/** The built-in text with the line of one parameter replaced. */
function withLine(name: string, line: string): string {
  const lines = TEXT.split('\n').map((old) => (old.startsWith(`${name} `) ? line : old));
  return lines.join('\n');
}

function fault(text: string): string {
  try {
    parseCoherenceProfile(text, 'my.profile');
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('was parsed');
}

/** Line of the built-in text that a parameter is on. */
function lineOf(name: string): number {
  return TEXT.split('\n').findIndex((line) => line.startsWith(`${name} `)) + 1;
}

describe('a value', () => {
  const l1 = (line: string) => fault(withLine('cpu-l1-hit', line));
  const at = `my.profile:${lineOf('cpu-l1-hit')}: cpu-l1-hit`;

  test.each([
    ['1.2 ns', 1_200],
    ['1200 ps', 1_200],
    ['0.0012 µs', 1_200],
    ['0.0012 us', 1_200],
    ['+72.5 ns', 72_500],
    ['0.001 ns', 1],
  ])('of %s is %i ps', (value, ps) => {
    const text = withLine('cpu-l1-hit', `cpu-l1-hit\t${value} assumed somewhere`);
    expect(parseCoherenceProfile(text, 'x').values['cpu-l1-hit']).toBe(ps);
  });

  test.each([
    ['119537664 B', 119_537_664],
    ['114 MiB', 119_537_664],
    ['0.5 GiB', 2 ** 29],
    ['1.5 KiB', 1536],
  ])('of %s is %i bytes', (value, bytes) => {
    const text = withLine('l3-size', `l3-size ${value} assumed somewhere`);
    expect(parseCoherenceProfile(text, 'x').values['l3-size']).toBe(bytes);
  });

  test.each([
    ['450 GB/s', 450e9],
    ['0.45 TB/s', 450e9],
    ['450000 MB/s', 450e9],
  ])('of %s is %i bytes a second', (value, rate) => {
    const text = withLine('link-rate', `link-rate ${value} assumed somewhere`);
    expect(parseCoherenceProfile(text, 'x').values['link-rate']).toBe(rate);
  });

  test('that is no decimal number is refused', () => {
    for (const value of [
      'fast',
      '1e3',
      '0x10',
      'NaN',
      'Infinity',
      '1,2',
      '--1',
      '1.',
      '.5',
      '9'.repeat(31),
    ]) {
      expect(l1(`cpu-l1-hit ${value} ns assumed x`)).toBe(
        `${at} "${value}" is not a decimal number; expected 0.001 ns to 1000000 ns`,
      );
    }
  });

  test('out of range is refused, with the range', () => {
    expect(l1('cpu-l1-hit -1 ns assumed x')).toBe(`${at} -1 ns is negative; expected 0.001 ns to 1000000 ns`);
    expect(l1('cpu-l1-hit 0 ns assumed x')).toContain('0 ns is zero; expected');
    expect(l1('cpu-l1-hit 2000 us assumed x')).toContain('2000 us is too large; expected');
    expect(l1(`cpu-l1-hit ${'9'.repeat(30)} ns assumed x`)).toContain('is too large');
    expect(l1('cpu-l1-hit 0.0001 ns assumed x')).toContain('is no whole number of ps');
    expect(fault(withLine('l3-size', 'l3-size 63 B assumed x'))).toContain(
      '63 B is too small; expected 64 B to 4 GiB',
    );
    expect(fault(withLine('cpu-cores', 'cpu-cores 1.5 count assumed x'))).toContain(
      'is no whole number of count',
    );
    expect(fault(withLine('cpu-atomics-far', 'cpu-atomics-far 2 flag assumed x'))).toContain(
      'is too large; expected 0 flag to 1 flag',
    );
  });

  test('may be zero where zero means something', () => {
    expect(parseCoherenceProfile(TEXT, 'x').values['far-lpddr-extra']).toBe(0);
  });

  test('needs a unit of its kind, a class and a source', () => {
    expect(l1('cpu-l1-hit')).toBe(`${at} has no value; expected 0.001 ns to 1000000 ns`);
    expect(l1('cpu-l1-hit 1.2')).toBe(`${at} 1.2 has no unit; expected one of ps, ns, µs, us`);
    expect(l1('cpu-l1-hit 1.2 assumed x')).toBe(`${at} 1.2 has no unit; expected one of ps, ns, µs, us`);
    expect(l1('cpu-l1-hit 1.2 KiB assumed x')).toBe(`${at} 1.2 "KiB": expected a unit of ps, ns, µs, us`);
    expect(l1('cpu-l1-hit 1.2 toString assumed x')).toContain('"toString": expected a unit');
    expect(l1('cpu-l1-hit 1.2 ns')).toBe(
      `${at} has no class; expected published, calibrated, assumed behind the unit`,
    );
    expect(l1('cpu-l1-hit 1.2 ns guessed x')).toContain('has class "guessed"; expected published');
    expect(l1('cpu-l1-hit 1.2 ns assumed')).toContain('has no source; expected behind its class');
  });
});

describe('a line', () => {
  test('of an unknown parameter offers the nearest', () => {
    expect(fault(`${TEXT}cpu-l1-hits 1 ns assumed x\n`)).toMatch(
      /^my\.profile:\d+: unknown parameter "cpu-l1-hits"; did you mean cpu-l1-hit\?$/,
    );
    expect(fault(`${TEXT}temperature 1 ns assumed x\n`)).toContain(
      'unknown parameter "temperature"; expected NAME VALUE UNIT CLASS SOURCE',
    );
    expect(fault(`${TEXT}constructor 1 ns assumed x\n`)).toContain('unknown parameter');
  });

  test('that is given twice names the first', () => {
    expect(fault(`${TEXT}cpu-l1-hit 1 ns assumed x\n`)).toMatch(
      new RegExp(
        `^my\\.profile:\\d+: cpu-l1-hit is given twice, first at my\\.profile:${lineOf('cpu-l1-hit')};`,
      ),
    );
  });

  test('that is missing is named, with its form', () => {
    expect(fault(withLine('link-rate', ''))).toBe(
      'my.profile: link-rate is missing; expected a line link-rate VALUE B/s CLASS SOURCE: link between the two ' +
        'homes, each direction, overhead included',
    );
    expect(fault(FIRST)).toContain(`cpu-cores is missing (and ${PARAMETERS.length - 1} more)`);
  });

  test('of the wrong first kind is refused', () => {
    expect(fault('')).toBe(
      'my.profile: is empty; expected barometer/coherence-profile/1 NAME on the first line',
    );
    expect(fault('# nothing\n\n')).toContain('is empty');
    expect(fault('cpu-cores 1 count assumed x')).toContain(
      'my.profile:1: "cpu-cores 1 count assumed x"; expected',
    );
    expect(fault('barometer/coherence-profile/2 x')).toContain('expected barometer/coherence-profile/1 NAME');
    for (const name of ['', 'two words', 'Upper', '../x', 'x'.repeat(65)]) {
      expect(fault(`barometer/coherence-profile/1 ${name}`)).toContain(
        'as the name of a profile; expected one word',
      );
    }
  });

  test('may have any line ending, blanks around it and a mark of byte order', () => {
    const text = `\uFEFF# mine\r\n${TEXT.replaceAll('\n', ' \r\n\t')}`;
    expect(parseCoherenceProfile(text, 'x')).toEqual(parseCoherenceProfile(TEXT, 'x'));
  });

  test('that is no text, or too long, is refused', () => {
    expect(fault('\u0000\u0001\u0002')).toContain('my.profile:1: is not text');
    expect(fault(`${TEXT}# \u001b[31m`)).toContain('is not text');
    expect(fault(`${TEXT}# \u202e`)).toContain('is not text');
    expect(fault(`${TEXT}# \uFFFD`)).toContain('is not text');
    expect(fault(`${TEXT}# ${'x'.repeat(1000)}`)).toContain(
      '1002 characters; expected a line of 1000 at most',
    );
    expect(fault(`${TEXT}${'#\n'.repeat(MAX_PROFILE_BYTES / 2)}`)).toBe(
      'my.profile: is too long for a profile; expected 65536 bytes at most',
    );
    expect(fault('µ'.repeat(MAX_PROFILE_BYTES - 10))).toContain('is too long');
  });
});

describe('a fitted profile', () => {
  test('carries the split, which must be the one of today', () => {
    expect(parseCoherenceProfile(TEXT, 'x').split).toBe(SPLIT_SHA256);
    expect(parseCoherenceProfile(NEVER_FITTED, 'x').split).toBeNull();
    expect(fault(`${NEVER_FITTED}split ${'0'.repeat(64)}`)).toContain(
      'was fitted to another split, 000000000000…; expected',
    );
    const fitted = NEVER_FITTED.replace(
      /^cpu-l1-hit .*$/m,
      'cpu-l1-hit 1 ns calibrated fitted to chase.grace.l1; seed 1',
    );
    expect(fault(fitted)).toContain(
      'cpu-l1-hit was fitted, and no line says by which split; expected a line split',
    );
    expect(parseCoherenceProfile(`${fitted}split ${SPLIT_SHA256}\n`, 'x').values['cpu-l1-hit']).toBe(1000);
    expect(fault(`${NEVER_FITTED}split`)).toContain('split ""; expected the 64 hexadecimal digits');
    expect(fault(`${NEVER_FITTED}split ${SPLIT_SHA256} x`)).toContain('expected the 64 hexadecimal digits');
    expect(fault(`${TEXT}split ${SPLIT_SHA256}`)).toContain('split is given twice');
  });
});

describe('a profile as a whole', () => {
  test('has no cache with more ways than lines', () => {
    expect(
      fault(
        withLine('l2-ways', 'l2-ways 17 count assumed x').replace(/^l2-size .*$/m, 'l2-size 1 KiB assumed x'),
      ),
    ).toBe(`my.profile:${lineOf('l2-ways')}: l2-ways 17 is more than l2-size has lines; expected 16 or less`);
  });
});

describe('a printed profile', () => {
  const values = fc.tuple(
    ...PARAMETERS.map(({ min, max }) => fc.integer({ min, max: Math.min(max, 2 ** 31) })),
  );
  const source = fc.stringMatching(/^[a-z0-9]{1,8}( [a-z0-9]{1,8}){0,3}$/);

  test('is read back as it was', () => {
    fc.assert(
      fc.property(
        values,
        source,
        fc.constantFrom(...VALUE_CLASSES),
        fc.boolean(),
        (given, text, valueClass, fitted) => {
          const names = PARAMETERS.map(({ name }) => name);
          const profile = {
            name: 'mine',
            values: Object.fromEntries(
              names.map((name, i) => [
                name,
                name.endsWith('-ways') ? 1 : Math.max(given[i]!, PARAMETERS[i]!.min),
              ]),
            ),
            provenance: Object.fromEntries(names.map((name) => [name, { class: valueClass, source: text }])),
            split: fitted ? SPLIT_SHA256 : null,
          } as unknown as ReturnType<typeof parseCoherenceProfile>;
          expect(parseCoherenceProfile(formatCoherenceProfile(profile), 'x')).toEqual(profile);
        },
      ),
      { seed: 1, numRuns: 50 },
    );
  });

  test('uses units that people use', () => {
    expect(fromBaseUnits(1_200, 'time')).toBe('1.2 ns');
    expect(fromBaseUnits(0, 'time')).toBe('0 ns');
    expect(fromBaseUnits(119_537_664, 'size')).toBe('114 MiB');
    expect(fromBaseUnits(4, 'size')).toBe('4 B');
    expect(fromBaseUnits(450e9, 'rate')).toBe('450 GB/s');
    expect(fromBaseUnits(3, 'lines')).toBe('3 lines');
  });
});

test('any text is parsed or refused, never more', () => {
  const mutated = fc
    .tuple(fc.nat(TEXT.length), fc.nat(40), fc.string({ unit: 'binary', maxLength: 20 }))
    .map(([at, drop, put]) => TEXT.slice(0, at) + put + TEXT.slice(at + drop));
  fc.assert(
    fc.property(mutated, (text) => {
      try {
        parseCoherenceProfile(text, 'x');
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('parameters are printed with range and meaning', () => {
  expect(parameterLines()).toHaveLength(PARAMETERS.length);
  expect(parameterLines()[0]).toMatch(/^cpu-cores +1 count to 96 count +CPU cores$/);
  expect(new Set(PARAMETERS.map(({ name }) => name)).size).toBe(PARAMETERS.length);
});
