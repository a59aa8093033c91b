import { describe, expect, test } from 'vitest';
import { doctor } from '../../src/cli/doctor.ts';
import type { Machine } from '../../src/doctor/machine.ts';
import { fakeMachine } from '../doctor/fake-machine.ts';

interface Setting {
  readonly machine?: Machine;
  readonly json?: boolean;
  readonly isTTY?: boolean;
  readonly color?: boolean;
}

async function run({ machine = fakeMachine(), json = false, isTTY = false, color = false }: Setting) {
  let [stdout, stderr] = ['', ''];
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text), isTTY },
    machine,
    color,
  };
  return { exitCode: await doctor({ json }, io), stdout, stderr };
}

describe('doctor', () => {
  test('prints a line for each check; under trouble, what it does and the fix', async () => {
    const { exitCode, stdout, stderr } = await run({ machine: fakeMachine({ execArgv: ['--no-opt'] }) });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('\nok       clock        50.0 ns a reading, steps of 50.0 ns\n');
    expect(stdout).toContain(
      '\nbad      flags        --no-opt\n' +
        '                      code does not reach the optimising tier, or not the one that is measured elsewhere\n' +
        '                      fix: start Node without --no-opt\n',
    );
    expect(stdout).toMatch(
      /\n\n1 bad, which spoil results, and 1 to know of when reading them; \d+ that this machine does not tell\n$/,
    );
  });

  test('--json prints one document', async () => {
    const { exitCode, stdout, stderr } = await run({ json: true });
    expect([exitCode, stderr]).toEqual([0, '']);
    const { schema, checks } = JSON.parse(stdout);
    expect(schema).toBe('barometer/doctor/1');
    expect(checks[0]).toEqual({
      name: 'node',
      status: 'ok',
      value: '26.10.0, as pinned',
      effect: null,
      fix: null,
    });
  });

  test('says on a terminal what it is at, and wipes it off', async () => {
    const { stderr } = await run({ isTTY: true, json: true });
    expect(stderr).toContain('checking steal …');
    expect(stderr.endsWith('\r\x1b[2K')).toBe(true);
    expect((await run({ isTTY: true, machine: fakeMachine({ env: { CI: '1' } }) })).stderr).toBe('');
  });

  test('no terminal obeys what environment and files hold', async () => {
    const env = { NODE_OPTIONS: '--x=\x1b[31m', CC: '\x1b]0;title\x07' };
    const machine = fakeMachine({ env, readFile: () => '\x1b[31m' });
    expect((await run({ machine })).stdout).not.toContain('\x1b');
    expect((await run({ machine, color: true })).stdout).toContain('\x1b[33mwarn');
  });
});
