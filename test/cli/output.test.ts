import { expect, test } from 'vitest';
import { isUtf8 } from '../../src/cli/output.ts';

test.each([
  [{ LANG: 'en_US.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LC_CTYPE: 'de_DE.UTF-8', LANG: 'C' }, true],
  [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
  [{ LC_ALL: '', LANG: 'en_US.UTF-8' }, true],
  [{ LANG: 'de_DE.ISO-8859-1' }, false],
  [{}, false],
])('the locale of %j: UTF-8 is %s', (env, expected) => {
  expect(isUtf8(env)).toBe(expected);
});
