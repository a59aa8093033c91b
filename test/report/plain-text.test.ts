import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainLines, plainText, plainTexts, textWidth, truncate, wrap } from '../../src/report/plain-text.ts';

test('plainText leaves letters of all scripts and removes what steers a terminal', () => {
  expect(plainText('µs × ± – naïve 設備')).toBe('µs × ± – naïve 設備');
  expect(plainText('a\tb\r\nc')).toBe('a b c');
  expect(plainText('\x1b[31mred\x1b[0m\x00\u202Eabc\u200B')).toBe('redabc');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(plainText(text))),
    { seed: 1 },
  );
});

test('plainText splits what the log of a CI job takes for a command', () => {
  expect(plainText('::error::x ::y a::b ##[group]z')).toBe(': :error::x : :y a::b # #[group]z');
  expect(plainText(':::error::x')).toBe(': : :error::x');
  expect(plainText('##vso[task]a ##teamcity[b] ## c')).toBe('# #vso[task]a # #teamcity[b] ## c');
});

test('plainLines does so in each line, and leaves indentation', () => {
  expect(plainLines('a\n::error::b\r\n    at c:1:2\u001b[31m\n  ##[d]')).toBe(
    'a\n: :error::b\n    at c:1:2\n  # #[d]',
  );
});

test('plainTexts goes through lists and fields, and leaves figures alone', () => {
  expect(plainTexts({ 'a\x00': ['b\x07', 1, null, true, { c: 'd\n' }] })).toEqual({
    a: ['b', 1, null, true, { c: 'd' }],
  });
});

test('truncate keeps what fits and marks what it cut', () => {
  expect(truncate('abc', 3)).toBe('abc');
  expect(truncate('abcd', 3)).toBe('ab…');
  expect(textWidth(truncate('設備設備', 2))).toBe(2);
});

test('wrap breaks between words and loses none', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', '  three']);
  expect(wrap('', 7)).toEqual(['']);
  const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 12, max: 40 }), (list, width) => {
      const lines = wrap(list.join(' '), width);
      expect(lines.every((line) => line.length <= width)).toBe(true);
      expect(lines.map((line) => line.trim()).join(' ')).toBe(list.join(' '));
    }),
    { seed: 1 },
  );
});
