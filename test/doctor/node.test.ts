import { describe, expect, test } from 'vitest';
import { compiler, compilerStatus } from '../../src/doctor/compiler.ts';
import { inspector, nodeFlags, nodeVersion } from '../../src/doctor/node.ts';
import { fakeMachine } from './fake-machine.ts';

describe('node', () => {
  test('is fine where it is the pinned one', () => {
    expect(nodeVersion(fakeMachine())).toEqual({
      status: 'ok',
      value: '26.10.0, as pinned',
      effect: null,
      fix: null,
    });
  });

  test('is told where it is another one, with the one to take', () => {
    const { status, value, fix } = nodeVersion(fakeMachine({ nodeVersion: '22.13.0' }));
    expect([status, value]).toEqual(['warn', '22.13.0, not 26.10.0 (/usr/bin/node)']);
    expect(fix).toContain('node@26.10.0');
  });

  test('is not judged where nothing is pinned', () => {
    expect(nodeVersion(fakeMachine({ pinnedNodeVersion: null })).status).toBe('unknown');
  });
});

describe('flags', () => {
  test.each([
    [[], 'ok'],
    [['--max-old-space-size=4096', '--trace-warnings', '--no-warnings'], 'ok'],
    [['--jitless'], 'bad'],
    [['--no-opt'], 'bad'],
    [['--noopt'], 'bad'],
    [['--no_opt'], 'bad'],
    [['--liftoff-only'], 'bad'],
    [['--max-lazy'], 'warn'],
    [['--no-maglev'], 'warn'],
    [['--stress-gc'], 'warn'],
    [['--cpu-prof'], 'warn'],
    [['--trace-deopt'], 'warn'],
    // The worst of several is what is told.
    [['--cpu-prof', '--no-opt'], 'bad'],
  ] as const)('%j: %s', (execArgv, status) => {
    const value = execArgv.join(' ') || 'none';
    expect(nodeFlags(fakeMachine({ execArgv }))).toMatchObject({ status, value });
    const inEnvironment = nodeFlags(fakeMachine({ env: { NODE_OPTIONS: execArgv.join('  ') } }));
    expect(inEnvironment).toMatchObject({ status, value });
  });

  test('are mended where they come from', () => {
    expect(nodeFlags(fakeMachine({ execArgv: ['--no-opt'] })).fix).toBe('start Node without --no-opt');
    expect(nodeFlags(fakeMachine({ env: { NODE_OPTIONS: '"--no-opt"' } })).fix).toBe('unset NODE_OPTIONS');
  });

  test('include the coverage of V8', () => {
    expect(nodeFlags(fakeMachine({ env: { NODE_V8_COVERAGE: 'cov' } }))).toMatchObject({
      status: 'warn',
      fix: 'unset NODE_V8_COVERAGE',
    });
  });
});

test('an inspector that listens is told', () => {
  expect(inspector(fakeMachine()).status).toBe('ok');
  expect(inspector(fakeMachine({ inspectorUrl: 'ws://127.0.0.1:9229/x' }))).toMatchObject({
    status: 'warn',
    value: 'listens at ws://127.0.0.1:9229/x',
  });
});

describe('compiler', () => {
  const works = (args: readonly string[]) => ({
    exitCode: 0,
    stdout: args.includes('--version') ? 'cc (Debian) 12.2.0\nCopyright\n' : '.text\none:\n',
  });

  test('is the first usual one that starts, and it has to compile', () => {
    const inputs: string[] = [];
    const gcc = (args: readonly string[], input: string) => {
      inputs.push(input);
      return works(args);
    };
    expect(compiler(fakeMachine({ programs: { gcc, clang: works } }))).toMatchObject({
      status: 'ok',
      value: 'gcc: cc (Debian) 12.2.0',
    });
    expect(inputs[1]).toContain('#include <stdint.h>');
  });

  test('is that of CC where it is set, arguments included', () => {
    const ccache = (args: readonly string[]) => {
      expect(args[0]).toBe('gcc');
      return works(args);
    };
    const machine = fakeMachine({ env: { CC: ' ccache  gcc ' }, programs: { ccache, cc: works } });
    expect(compilerStatus(machine)).toMatchObject({ kind: 'works', command: 'ccache  gcc' });
    expect(compiler(fakeMachine({ env: { CC: 'nocc' }, programs: { cc: works } }))).toMatchObject({
      status: 'warn',
      value: 'none (nocc)',
    });
  });

  test.each([
    [
      'has no headers',
      (args: readonly string[]) => ({ exitCode: args.includes('-S') ? 1 : 0, stdout: 'cc\n' }),
    ],
    ['is no compiler', () => ({ exitCode: 0, stdout: 'true 9.1\n' })],
    ['is ended by a signal', () => ({ exitCode: null, stdout: '' })],
  ])('that %s is told apart from one that is missing', (_, cc) => {
    expect(compiler(fakeMachine({ programs: { cc } }))).toMatchObject({
      status: 'warn',
      value: 'cc starts, and cannot compile',
    });
  });

  test('that is missing is told with what to install', () => {
    const finding = compiler(fakeMachine());
    expect(finding).toMatchObject({ status: 'warn', value: 'none (cc, gcc, clang)' });
    expect(finding.fix).toMatch(/install gcc .*, or set CC/);
  });
});
