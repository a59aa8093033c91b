import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/report/json-text.ts';

const hostile = {
  'a\u202e##[error]': ['\u009b31m', '::error::\n##[group]x', '\u{e0001}', '\\##[', 1.5, null],
};

test('a document is the same data, and harmless as text', () => {
  expect(JSON.parse(jsonText(hostile))).toEqual(hostile);
  expect(jsonText(hostile)).not.toMatch(/##\w*\[|(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(jsonText({ a: 1 })).toBe('{\n  "a": 1\n}\n');
});

test('of any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('#', '[', '\\', '\u00ad') }),
  );
  fc.assert(
    fc.property(fc.dictionary(text, text, { noNullPrototype: true }), (data) => {
      expect(JSON.parse(jsonText(data))).toEqual(data);
      expect(jsonText(data)).not.toMatch(/##\w*\[|(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    }),
    { seed: 1 },
  );
});
