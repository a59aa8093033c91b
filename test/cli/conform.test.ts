import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ConformOptions, conform } from '../../src/cli/conform.ts';

function run(options: ConformOptions) {
  let [stdout, stderr] = ['', ''];
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  const exitCode = conform(options, io);
  return { exitCode, stdout, stderr };
}

function file(ops: readonly object[], policy = 'strict', id = 'X1'): string {
  const path = join(mkdtempSync(join(tmpdir(), 'barometer-')), 'v.json');
  writeFileSync(path, JSON.stringify([{ id, policy, device: { vendor: '0x10de' }, ops }]));
  return path;
}

const RIGHT = { op: 'cfg-read', offset: 0, width: 2, expect: '0x10de' };
const WRONG = { op: 'cfg-read', offset: 0, width: 2, expect: '0x8086' };

describe('conform', () => {
  test('runs the built-in suite and exits 0', () => {
    const { exitCode, stdout, stderr } = run({ impl: ['ts'] });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^ts {6}\d+ passed {2}0 failed {2}0 skipped\nshared {2}\d+ passed {2}0 failed {2}0 skipped\n$/,
    );
  });

  test('runs the vectors of a file', () => {
    expect(run({ impl: ['wasm', 'ts'], vectors: file([RIGHT]) })).toEqual({
      exitCode: 0,
      stdout:
        'wasm    1 passed  0 failed  0 skipped\n' +
        'ts      1 passed  0 failed  0 skipped\n' +
        'shared  0 passed  0 failed  0 skipped\n',
      stderr: '',
    });
  });

  test('exits 5 where an answer is wrong, and lists it', () => {
    const { exitCode, stdout } = run({ impl: ['wasm'], vectors: file([WRONG]) });
    expect(exitCode).toBe(5);
    expect(stdout).toContain(
      'FAILED X1 on wasm\n  expected cfg-read @0x0 width 2 gives 0x8086\n  actual   0x10de (op 0, through register calls)\n',
    );
  });

  test('shows what a terminal would obey, and leaves blanks as they are', () => {
    const failing = run({ impl: ['ts'], vectors: file([WRONG], 'strict', 'two  blanks \u001b[31m') });
    expect(failing.stdout).toContain('FAILED two  blanks \\u{1b}[31m on ts\n');
    const skipped = run({ impl: ['ts'], vectors: file([RIGHT], '\u001b[2J\n') });
    expect(skipped.stdout).toContain('policy \\u{1b}[2J\\u{a} is not known\n');
  });

  test('counts skipped vectors by reason', () => {
    const { exitCode, stdout } = run({ impl: ['wasm', 'ts'], vectors: file([RIGHT], 'v14') });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('\nskipped:\n     1  policy v14 is not known\n');
  });

  test('prints one JSON document', () => {
    const { exitCode, stdout } = run({ impl: ['ts'], vectors: file([WRONG]), json: true });
    expect(exitCode).toBe(5);
    expect(JSON.parse(stdout)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
      implementations: {
        ts: { passed: 0, failed: 1, skipped: 0 },
        shared: { passed: 0, failed: 0, skipped: 0 },
      },
      failures: [
        {
          id: 'X1',
          implementation: 'ts',
          expected: 'cfg-read @0x0 width 2 gives 0x8086',
          actual: '0x10de (op 0, through register calls)',
        },
      ],
      skips: [],
    });
  });

  test.each([
    ['noop', '--impl "noop": expected wasm, ts, native; noop answers nothing, so there is nothing to check'],
    ['rust', '--impl "rust": expected wasm, ts, native'],
  ])('refuses --impl %s', (name, message) => {
    expect(() => run({ impl: [name] })).toThrow(message);
  });

  test('refuses a file that is missing', () => {
    expect(() => run({ impl: ['ts'], vectors: '/nowhere' })).toThrow('/nowhere: cannot be read (ENOENT)');
  });
});
