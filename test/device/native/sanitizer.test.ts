import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findCompiler } from '../../../src/device/native/compiler.ts';
import { NATIVE_REASON } from '../../implementations.ts';

const SCRIPT = fileURLToPath(new URL('./sanitized.ts', import.meta.url));

/** Path of AddressSanitizer's library, or why there is none. */
function findAsan(): { path: string } | { reason: string } {
  if (NATIVE_REASON !== null) return { reason: NATIVE_REASON };
  const compiler = findCompiler(process.env);
  if ('reason' in compiler) return compiler;
  const [program, ...first] = compiler.command;
  const { stdout } = spawnSync(program, [...first, '-print-file-name=libasan.so'], { encoding: 'utf8' });
  const path = stdout.trim();
  // gcc repeats the bare name of a library that it does not have.
  return path.startsWith('/') ? { path } : { reason: `${program} has no libasan.so` };
}

const asan = findAsan();
const note = 'reason' in asan ? ` (skipped: ${asan.reason})` : '';

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      LD_PRELOAD: 'path' in asan ? asan.path : '',
      // Node itself keeps what it has until it ends.
      ASAN_OPTIONS: 'detect_leaks=0',
    },
  });
  return { status, stdout, stderr };
}

describe.skipIf('reason' in asan)(`the native core under AddressSanitizer and UBSan${note}`, () => {
  test('does nothing that they object to, on the suite and on random devices', { timeout: 180_000 }, () => {
    const { status, stdout, stderr } = run();
    expect([status, stderr]).toEqual([0, '']);
    const { native, failures, accessCount } = JSON.parse(stdout);
    expect(failures).toEqual([]);
    expect(native.passed).toBeGreaterThan(250);
    expect(accessCount).toBeGreaterThan(100_000);
  });

  test.each([
    ['a table that is left', 0, /use-after-poison/],
    ['the heap that is left', 1, /heap-buffer-overflow/],
    ['a shift that is too far', 2, /runtime error: shift exponent/],
  ])('ends the process at %s', (_, fault, report) => {
    const { status, stdout, stderr } = run(`${fault}`);
    expect(stdout).toBe('alive ');
    expect(stderr).toMatch(report);
    expect(status).not.toBe(0);
  });
});
