import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html } from '../../../src/report/html/escape.ts';
import { plainText } from '../../../src/report/plain-text.ts';
import { HOSTILE } from '../export/results.ts';
import { elements, readPage, textOf } from './read-page.ts';

test('what templates make is markup, and a text in it is a text', () => {
  const names = ['<b>', 'a & b'].map((name) => html`<i>${name}</i>`);
  expect(`${html`<p title="${'"x"'}">${names} ${1.5}${null}</p>`}`).toBe(
    '<p title="&quot;x&quot;"><i>&lt;b&gt;</i><i>a &amp; b</i> 1.5</p>',
  );
});

test('any text reads as it is without its controls, in content and in attributes', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE));
  fc.assert(
    fc.property(text, (name) => {
      const page = readPage(`<!doctype html>\n${html`<p title="${name}">${name}</p>`}`);
      const [element, ...others] = elements(page);
      const expected = plainText(name).replace(/\p{Noncharacter_Code_Point}/gu, '');
      expect(others).toEqual([]);
      expect(textOf(element!)).toBe(expected);
      expect(element!.attributes.get('title')).toBe(expected);
    }),
  );
});
