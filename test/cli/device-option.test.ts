import { describe, expect, test } from 'vitest';
import { parseImplementations } from '../../src/cli/device-option.ts';
import { UsageError } from '../../src/errors.ts';

describe('parseImplementations', () => {
  test.each([
    ['wasm,ts,native,noop', ['wasm', 'ts', 'native', 'noop']],
    [' ts , wasm ', ['ts', 'wasm']],
    ['ts,ts', ['ts']],
  ])('%j is %j', (list, expected) => {
    expect(parseImplementations(list)).toEqual(expected);
  });

  test.each(['', ',', 'wasm,', 'WASM', 'rust', 'toString', 'wasm ts'])(
    '%j is refused with what there is',
    (list) => {
      expect(() => parseImplementations(list)).toThrow(UsageError);
      expect(() => parseImplementations(list)).toThrow('expected wasm, ts, native, noop');
    },
  );
});
